import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Findings } from "#cube/findings";
import { openHdf5 } from "#hdf5/open";
import { readStain } from "#stain/read-stain";
import { parsed } from "./report/page.js";
import { disagreements, unsourced } from "./report/sourced.js";

const folder = mkdtempSync(join(tmpdir(), "phantom-"));
let findings: Findings;
let printed: string;

beforeAll(() => {
  const main = resolve(import.meta.dirname, "../dist/cli/main.js");
  printed = execFileSync(process.execPath, [main, "demo", "--out", folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  findings = JSON.parse(readFileSync(join(folder, "findings.json"), "utf8"));
}, 300_000);

describe("the phantom through the whole sentence: the demo", () => {
  // Bounds as the phantom has them since its spectra spread as real ones do and HD has its noise as measured (docs/decisions.md, 2026-12-01).
  test("every class has an AUC of at least 0.94 on patients held out in SD, and of 0.87 in HD, which is not denoised", () => {
    const { byMode, classNames } = findings.validation!;
    expect(byMode!.map(({ mode }) => mode)).toEqual(["HD", "SD"]);
    for (const { mode, scores } of byMode!) {
      for (const [k, { value }] of scores.auc.entries()) {
        expect(value, `${classNames[k]} in ${mode}`).toBeGreaterThanOrEqual(mode === "SD" ? 0.94 : 0.87);
      }
    }
  });

  test("a random split looks visibly better: the leak", () => {
    const { byPatient, randomSplit } = findings.validation!;
    expect(randomSplit!.balancedAccuracy.value! - byPatient.balancedAccuracy.value!).toBeGreaterThan(0.01);
    expect(randomSplit!.macroAuc.value!).toBeGreaterThan(byPatient.macroAuc.value!);
  });

  test("shuffled labels know nothing: none of 19 reaches the true ones, and so few say no more than one in 20", () => {
    const { interval, p, floor } = findings.validation!.permutation!;
    expect(interval[0]).toBeLessThan(0.5);
    expect(interval[1]).toBeGreaterThan(0.5);
    expect([p, floor]).toEqual([0.05, 0.05]);
  });

  test("the stain of the patient held out is right where the truth is, which the model never saw", async () => {
    const cores = findings.stains!.filter(({ core }) => core!.startsWith("P"));
    expect(cores.map(({ mode }) => mode)).toEqual(["SD", "HD"]);
    for (const { name, file: cube, scores } of cores) {
      const map = await readStain(join(folder, `${name}.stain.h5`));
      const file = await openHdf5(resolve(folder, cube));
      const truth = file.read("/truth");
      file.close();
      let [classified, right] = [0, 0];
      for (let pixel = 0; pixel < truth.length; pixel++) {
        if (!truth[pixel] || !map.classes[pixel]) continue;
        classified++;
        if (truth[pixel] === map.classes[pixel]) right++;
      }
      // All pixels, mixed ones at borders too; the annotated ones are pure and do better.
      expect(right / classified, name).toBeGreaterThan(0.8);
      expect(scores!.accuracy, name).toBeGreaterThan(name.endsWith("SD") ? 0.95 : 0.86);
    }
  });

  test("a diagnosis is learned from biopsies of other patients, and does better than patches labelled by their biopsy", () => {
    const [best, , baseline] = findings.study!.methods;
    expect(best.pooled.auc.value).toBeGreaterThan(0.9);
    expect(best.pooled.accuracy.value! - baseline.pooled.accuracy.value!).toBeGreaterThan(0.15);
    expect(findings.study!.unitTests.map(({ passed }) => passed)).toEqual([true, false]);
    expect(findings.stamps).toEqual([]);
  });

  test("it ends in a benign, a malignant and a discordant case, whose tumour has died", () => {
    const cases = findings.cases!.map(({ truth, diagnosis, concordance }) => [
      truth,
      diagnosis!.band,
      concordance.verdict,
    ]);
    expect(cases).toHaveLength(3);
    expect(cases).toEqual(
      expect.arrayContaining([
        // Of 17 benign biopsies none is surely negative: a side of the band needs more of them without an error.
        ["benign", "indeterminate", "indeterminate"],
        ["malignant", "positive", "concordant"],
        ["malignant", "positive", "discordant"],
      ]),
    );
    for (const { maps, exports } of findings.cases!) {
      for (const file of [...maps.map(({ picture }) => picture), ...exports.map((of) => of.file)]) {
        expect(existsSync(join(folder, file)), file).toBe(true);
      }
    }
  });

  test("every number of its report is found in its findings", () => {
    const page = readFileSync(join(folder, "report.html"), "utf8");
    expect(parsed(page).all("[data-finding]").length).toBeGreaterThan(1000);
    expect(disagreements(page, findings)).toEqual([]);
    expect(unsourced(page).filter((rest) => !/perfect|percentile|chance|cover|Wilson/.test(rest))).toEqual([]);
  });

  test("it says simulated and research use only, and where everything is", () => {
    expect(findings.origin).toBe("simulated");
    expect(printed).toMatch(/simulated data; research use only/);
    for (const name of ["report.html", "findings.json"]) {
      expect(printed).toContain(join(folder, name));
      expect(existsSync(join(folder, name))).toBe(true);
    }
    expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(/research use only/i);
  });
});
