import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fit as fitModel } from "#pipeline/fit";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf } from "#read/cohort";
import { freshFolder, smallPipeline, wavenumbers, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("domain");
const checked = (outside: number, components = 20) => {
  const pipeline = smallPipeline();
  return { ...pipeline, reduce: { components, outside } };
};
const wax = (values: Float32Array, from: number) => {
  for (let i = from * wavenumbers.length; i < values.length; i++) {
    values[i] += 0.4 * Math.exp(-(((wavenumbers[i % wavenumbers.length] - 1540) / 8) ** 2));
  }
};

describe("the domain of a model", () => {
  test("few training spectra do not shut new patients out, and what is foreign stays out", async () => {
    // 3 patients of 14 annotated pixels, 20 components: the training spectra leave next to nothing over.
    const known = await writeCohort(folder, 3, { rows: 5, every: 5 });
    const { model, table } = await fitModel(known, checked(0.001), { workers: 0 });
    expect(table.count).toBeLessThan(60);
    const spoilt = await writeTissue(join(folder, "new.h5"), {
      patient: "P9",
      seed: 9,
      spoil: (values) => wax(values, 150),
    });
    const { stains } = await stainCohort(cohortOf([spoilt]), model, join(folder, "new"), { workers: 0, hash: false });
    // 20 rows of 14 tissue pixels, the lower half with a band of something else. Of the upper half about 2 in 42 lie beyond the
    // farthest of 42 spectra in Q or in T²: some 7 of 140, and 14 would be far from that.
    const outside = stains![0].rejected["outside domain"];
    expect(outside).toBeGreaterThanOrEqual(140);
    expect(outside).toBeLessThan(154);
  });

  test("of a new patient about the share asked for is outside", async () => {
    const cohort = await writeCohort(folder, 6, { every: 1 });
    const { model } = await fitModel(cohort, checked(0.05, 6), { workers: 0 });
    const path = await writeTissue(join(folder, "next.h5"), { patient: "P9", seed: 9, rows: 100 });
    const { stains } = await stainCohort(cohortOf([path]), model, join(folder, "next"), { workers: 0, hash: false });
    const { kept = 0, unclassified = 0, "outside domain": outside = 0 } = stains![0].rejected;
    // Each of two limits lets 5 % out; patients differ, so a factor of two is close.
    const share = outside / (kept + unclassified + outside);
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.2);
  });

  test("a class that one patient has does not widen the limits, and patients of one class each have limits", async () => {
    const plain = await writeCohort(folder, 4, { labels: [1, 2], every: 1 });
    const odd = await writeTissue(join(folder, "odd.h5"), { patient: "P5", labels: [3], seed: 5, every: 1 });
    const limits = async (paths: readonly string[]) =>
      (await fitModel(cohortOf(paths), checked(0.01, 6), { workers: 0 })).model.limits;
    const paths = plain.rows.map(({ path }) => path);
    const two = await limits(paths);
    const three = await limits([...paths, odd]);
    expect(three.q / two.q).toBeLessThan(1.5);
    const single = [];
    for (const label of [1, 2]) {
      const path = join(folder, `only-${label}.h5`);
      single.push(await writeTissue(path, { patient: `only ${label}`, labels: [label], seed: label, every: 1 }));
    }
    expect((await limits(single)).q).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  test("is not checked when the share is zero", async () => {
    const { model } = await fitModel(await writeCohort(folder, 2), checked(0), { workers: 0 });
    expect(model.limits).toEqual({ q: Number.POSITIVE_INFINITY, t2: Number.POSITIVE_INFINITY });
  });
});
