import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");

// The program itself, and one of its commands, of which each is loaded when it is typed.
test.skipIf(process.platform === "win32").each([20, 24, 32])(
  "a start with %i file handles is told in a line, with the way out",
  (handles) => {
    const { status, stdout, stderr } = spawnSync(
      "sh",
      ["-c", `ulimit -n ${handles}; exec "$0" "$1" stain --help`, process.execPath, main],
      { encoding: "utf8" },
    );
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^spectrastain cannot start: .*this process may not open enough files; .*ulimit -n 1024 \(.*\)\n$/,
    );
  },
);

test("a start says nothing on stderr, on whatever Node", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "--version"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
