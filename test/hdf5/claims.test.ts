import { expect, test } from "vitest";
import { checkChunks } from "#hdf5/claims";

test.each([
  ["an edge of 0", [35, 5, 0]],
  ["fewer dimensions", [35, 5]],
  ["more dimensions", [35, 5, 6, 1]],
])("chunks of %s are damage, and told with the file", (_what, chunks) => {
  const cube = { path: "/C", shape: [35, 5, 6], type: "float64" as const, filters: ["gzip"], attributes: {} };
  expect(() => checkChunks("core.mat", { ...cube, chunks })).toThrow(
    `/C of core.mat is [35,5,6] and claims chunks of [${chunks}]; the file is damaged`,
  );
  expect(() => checkChunks("core.mat", { ...cube, chunks: [35, 5, 1] })).not.toThrow();
});
