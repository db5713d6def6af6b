import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { trainMil } from "#pipeline/train-mil";
import { madeBags, quickStudy } from "./made-bags.js";
import { freshFolder } from "./tissue.js";

const folder = freshFolder("two-witnesses");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a study has the stain's own diagnosis beside it, with the difference, and judges its decision by nested folds", async () => {
  const { findings } = await trainMil(madeBags(24), join(folder, "study"), { ...quickStudy, nested: true });
  const { baselines, differences, decision, patch } = findings.study!;
  // Only malignant bags hold cancer, so that the stain alone is right of all.
  expect(baselines!.map(({ id, pooled }) => [id, pooled.accuracy.value, pooled.auc.value])).toEqual([
    ["stain-share", 1, 1],
    ["patch-share", 1, 1],
  ]);
  const own = findings.study!.methods[0].pooled.auc;
  for (const { scores } of differences!) {
    expect(scores.auc.value).toBeCloseTo(own.value! - 1, 12);
    const [low, high] = scores.auc.interval!;
    expect(low).toBeLessThan(scores.auc.value!);
    expect(high).toBeGreaterThan(scores.auc.value!);
  }
  const scores = readFileSync(join(folder, "study", "bag_scores.csv"), "utf8");
  expect(scores).toContain("\npatch-share,1,");
  expect(patch.ofStain).toBe(3 + 3 + 1 + 1);
  expect(decision!.answers.flat().reduce((sum, bags) => sum + bags, 0)).toBe(24);
}, 120_000);

test("features of the spectra alone leave nothing of the stain in the model", async () => {
  const { findings, model } = await trainMil(madeBags(24), join(folder, "apart"), {
    ...quickStudy,
    features: "spectra",
  });
  expect(model.bag.featureNames.filter((name) => name.startsWith("√"))).toEqual([]);
  expect(model.bag.featureNames).toContain("mean PC1");
  expect(findings.study!.patch.ofStain).toBe(0);
  const refused = trainMil(madeBags(24), join(folder, "x"), { ...quickStudy, features: "spectra", encoder: "cnn" });
  await expect(refused).rejects.toThrow("it looks at pixels");
}, 120_000);
