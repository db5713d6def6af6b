import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bag } from "#cube/bag";
import type { MilModel } from "#cube/mil";
import type { Model } from "#cube/model";
import { openHdf5 } from "#hdf5/open";
import { bagCohort } from "#pipeline/bag-cohort";
import { readPipeline } from "#pipeline/define";
import { diagnoseCohort } from "#pipeline/diagnose-cohort";
import { fit as fitModel } from "#pipeline/fit";
import { readMilModel, writeMilModel } from "#pipeline/mil-file";
import { publish } from "#pipeline/publish";
import { readBags } from "#pipeline/read-bags";
import { simulateCohort } from "#pipeline/simulate-cohort";
import { stainCohort } from "#pipeline/stain-cohort";
import { trainMil } from "#pipeline/train-mil";
import { readCohort } from "#read/cohort";
import { freshFolder } from "./tissue.js";

const folder = freshFolder("diagnosis");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => join(folder, ...parts);

const step = 15.4;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
let model: Model;

/** Simulate a study of biopsies, stain it with the model and cut it into bags. */
async function studyOf(
  name: string,
  { seed = 1, ...study }: { seed?: number } & NonNullable<Parameters<typeof simulateCohort>[1]>["study"],
  patchUm: number,
) {
  const { cohort: file } = await simulateCohort(at(name), { seed, study: { step, patchUm, ...study } });
  const cohort = await readCohort(file);
  const stained = await stainCohort(cohort, model, at(`${name}-maps`), { pictures: "none", hash: false });
  await bagCohort(cohort, model, at(`${name}-maps`), at(`${name}-bags`), { patchUm });
  return { cohort, stained, bags: await readBags([at(`${name}-bags`)]) };
}

/** Annotated cores of other patients than those of the studies: what the stain is learned from. */
beforeAll(async () => {
  const cores = { seed: 7, patients: 14, size: 320, modes: ["SD"], step, labelled: 0.2 };
  const { cohort } = await simulateCohort(at("cores"), cores);
  ({ model } = await fitModel(await readCohort(cohort), readPipeline("digital-stain"), { hash: false }));
}, 300_000);

describe("61 biopsies at the default difficulty, five folds of patients dealt three times", () => {
  // One study of 61 is right to 0.04 only; its settings were chosen on the seeds 1 and 2, so both are tried (docs/decisions.md).
  test("are told apart by the default head, and not by patches labelled by their biopsy", async () => {
    const { bags } = await studyOf("study", {}, 160);
    const { findings } = await trainMil(bags, at("study-out"), { methods: ["top-k", "supervised"], permutations: 0 });
    const [best, baseline] = findings.study!.methods;
    expect(findings.study!.counts).toMatchObject({ patients: 59, bags: 61, positiveBags: 35, positivePatients: 33 });
    expect(best.perFold).toHaveLength(15);
    expect(best.pooled.accuracy.value! - baseline.pooled.accuracy.value!).toBeGreaterThanOrEqual(0.15);
    expect(findings.study!.unitTests).toMatchObject([{ head: "top-k", passed: true }]);
    expect(findings.stamps).toEqual([]);

    const other = await studyOf("other", { seed: 2 }, 160);
    const quick = { methods: ["top-k"], permutations: 0, unitTests: false, nested: false } as const;
    const second = await trainMil(other.bags, at("other-out"), quick);
    const both = [best, second.findings.study!.methods[0]].map(({ pooled }) => pooled);
    expect(mean(both.map(({ accuracy }) => accuracy.value!))).toBeGreaterThanOrEqual(0.83);
    expect(mean(both.map(({ auc }) => auc.value!))).toBeGreaterThanOrEqual(0.9);
    for (const name of ["study", "other"]) rmSync(at(name), { recursive: true });
  }, 600_000);

  test("with a slide effect on the benign ones the default holds where it moves to the malignant ones, and attention does not", async () => {
    const small = { biopsies: 40, patches: [16, 60], tumour: [0.03, 0.6] } as const;
    const { bags } = await studyOf("marked", { ...small, confounder: "benign" }, 80);
    const moved = await studyOf("moved", { ...small, confounder: "malignant" }, 80);
    const { findings } = await trainMil(bags, at("marked-out"), {
      methods: ["top-k", "gated-attention"],
      repeats: 1,
      permutations: 0,
      unitTests: false,
      challenge: { bags: moved.bags, what: "blood in the malignant biopsies" },
    });
    const [best, attention] = findings.study!.methods;
    const fall = (of: typeof best) => of.pooled.auc.value! - of.challenge!.auc.value!;
    expect(best.challenge!.auc.value).toBeGreaterThan(0.9);
    expect(fall(best)).toBeLessThan(0.1);
    expect(attention.pooled.auc.value).toBeGreaterThan(0.95);
    expect(fall(attention)).toBeGreaterThan(0.25);
  }, 600_000);
});

describe("a small study", () => {
  const few = { biopsies: 24, patches: [9, 24], tumour: [0.1, 0.6], necrotic: 1 } as const;
  const quick = {
    methods: ["top-k"],
    repeats: 1,
    permutations: 0,
    workers: 0,
    unitTests: false,
    nested: false,
    change: { epochs: 30 },
  } as const;
  let bags: Bag[];
  let study: Awaited<ReturnType<typeof studyOf>>;
  let mil: MilModel;

  beforeAll(async () => {
    study = await studyOf("small", few, 80);
    bags = study.bags;
    ({ model: mil } = await trainMil(bags, at("small-out"), quick));
  }, 300_000);

  test("has the same bags for any number of workers, and a finished bag is not cut again", async () => {
    const remarks: string[] = [];
    await bagCohort(study.cohort, model, at("small-maps"), at("again"), { patchUm: 80, workers: 0 });
    await bagCohort(study.cohort, model, at("small-maps"), at("again"), {
      patchUm: 80,
      workers: 2,
      onRemark: (text) => remarks.push(text),
    });
    expect(remarks.filter((text) => text.includes("is finished"))).toHaveLength(24);
    expect(await readBags([at("again")])).toEqual(bags);
  });

  test("has patches that cover every pixel, class shares that are those of the map, and no number that is none", async () => {
    for (const { patches, windows, rows, cols, name } of bags.slice(0, 4)) {
      const covered = new Uint8Array(rows * cols);
      const map = await openHdf5(at("small-maps", `${name}.stain.h5`));
      const classes = map.read("/classes") as Uint8Array;
      map.close();
      for (let i = 0; i < patches.count; i++) {
        let [cancer, classified] = [0, 0];
        for (let y = 0; y < patches.edge; y++) {
          for (let x = 0; x < patches.edge; x++) {
            const pixel = (patches.coords[2 * i + 1] + y) * cols + patches.coords[2 * i] + x;
            covered[pixel] = 1;
            if (classes[pixel]) classified++;
            if (classes[pixel] === 1) cancer++;
          }
        }
        expect(patches.mix[i * 6]).toBeCloseTo(cancer / classified, 5);
        expect(patches.features[i * patches.featureNames.length]).toBeCloseTo(Math.sqrt(cancer / classified), 5);
      }
      expect(covered.every((value) => value === 1)).toBe(true);
      expect(patches.features.every(Number.isFinite) && patches.spectra.every(Number.isFinite)).toBe(true);
      expect(windows!.count).toBeGreaterThan(4 * patches.count);
    }
  });

  test("comes to the same model and tables whatever the workers, and when it is stopped and taken up again", async () => {
    const tables = (name: string) =>
      readdirSync(at(name))
        .filter((file) => file.endsWith(".csv"))
        .map((file) => [file, readFileSync(at(name, file), "utf8")]);
    const { model: shared } = await trainMil(bags, at("two"), { ...quick, workers: 2 });
    expect(shared.members).toEqual(mil.members);
    const stop = new AbortController();
    const onProgress = ({ stage, done }: { stage: string; done: number }) => {
      if (stage === "train by patient" && done === 2) stop.abort();
    };
    await expect(trainMil(bags, at("stopped"), { ...quick, signal: stop.signal, onProgress })).rejects.toThrow();
    const finished = readdirSync(at("stopped", "folds")).length;
    expect(finished).toBeGreaterThanOrEqual(2);
    expect(finished).toBeLessThan(5);
    const { model: resumed } = await trainMil(bags, at("stopped"), quick);
    expect(resumed.members).toEqual(mil.members);
    expect(tables("stopped")).toEqual(tables("small-out"));
    expect(tables("small-out").map(([file]) => file)).toEqual([
      "bag_scores.csv",
      "convergence.csv",
      "folds.csv",
      "patch_scores.csv",
      "predictions.csv",
    ]);
  }, 300_000);

  test("takes its folds from a file, and refuses one of other patients", async () => {
    const { findings } = await trainMil(bags, at("by-file"), { ...quick, foldFile: at("small-out", "folds.csv") });
    expect(findings.study!.seeds).toEqual([101]);
    expect(readFileSync(at("by-file", "folds.csv"), "utf8")).toBe(readFileSync(at("small-out", "folds.csv"), "utf8"));
    writeFileSync(at("other.csv"), "repeat,fold,patient\n101,1,Z1\n");
    await expect(trainMil(bags, at("x"), { ...quick, foldFile: at("other.csv") })).rejects.toThrow(
      'patient "Z1" is not among the bags',
    );
    await expect(trainMil(bags, at("x"), { ...quick, foldFile: at("none.csv") })).rejects.toThrow(
      "none.csv cannot be read",
    );
  });

  test("says on every figure when the stain was fitted on its patients", async () => {
    const known = bags.map((bag) => ({ ...bag, modelPatients: [bags[0].patient!] }));
    const { findings } = await trainMil(known, at("known"), { ...quick, change: { epochs: 2 } });
    expect(findings.stamps).toEqual([
      "patients overlap: the stain model behind the features was fitted on 1 of these patients",
    ]);
  });

  test("is refused with a method, a backend or a challenge that there is not", async () => {
    await expect(trainMil(bags, at("x"), { ...quick, methods: ["guess"] })).rejects.toThrow('methods are "guess"');
    await expect(trainMil(bags, at("x"), { ...quick, backend: "node-gpu" })).rejects.toThrow(
      "the backend node-gpu does not load",
    );
    const challenge = { bags: bags.slice(1), what: "moved" };
    await expect(trainMil(bags, at("x"), { ...quick, challenge })).rejects.toThrow("the challenge has no biopsy");
  });

  test("leaves a model that comes back as it was written, and a file that is none is refused", async () => {
    await writeMilModel(at("mil.h5"), mil);
    expect(await readMilModel(at("mil.h5"))).toEqual(JSON.parse(JSON.stringify(mil), revive(mil)));
    await expect(readMilModel(bags[0].file)).rejects.toThrow("is not a diagnosis model");
  });

  test("diagnoses cases with maps, tables and polygons, the same in every run", async () => {
    const cases = bags.slice(0, 3);
    const stain = {
      folder: at("small-maps"),
      findings: { ...study.stained, schema: "spectrastain/findings/1" } as never,
    };
    const once = await diagnoseCohort(cases, mil, at("cases"), { stain });
    const again = await diagnoseCohort(cases, mil, at("cases-2"), { stain });
    expect(again).toEqual(once);
    expect(once.cases).toHaveLength(3);
    expect(once.stamps.join()).toContain("patients overlap: 3 of the cases");
    for (const { exports, maps, gallery, diagnosis, concordance } of once.cases!) {
      expect(exports.map(({ kind }) => kind)).toEqual(["GeoJSON", "CSV", "OME-TIFF", "OME-TIFF"]);
      for (const { file } of exports)
        expect(readFileSync(at("cases", file))).toEqual(readFileSync(at("cases-2", file)));
      for (const { picture } of [...maps, ...gallery]) expect(existsSync(at("cases", picture!))).toBe(true);
      expect(diagnosis!.members).toBe(5);
      expect(concordance.tumourAll).not.toBeNull();
    }
  });

  test("withholds a diagnosis from a case without tissue, and goes on past one of other pixels or channels", async () => {
    const empty = { ...bags[0], biopsy: "empty", patches: { ...bags[0].patches, count: 0, coords: new Int32Array() } };
    for (const name of ["features", "spectra", "tissue", "mix"] as const) {
      Object.assign(empty.patches, { [name]: new Float32Array() });
    }
    const finer = { ...bags[1], biopsy: "finer", pixelSizeUm: 1.1 };
    const other = { ...bags[2], biopsy: "other", channels: "others" };
    const found = await diagnoseCohort([empty, finer, other, bags[3]], mil, at("odd"));
    expect(found.cases!.map(({ id, withheld }) => [id, withheld !== undefined])).toEqual([
      ["empty", true],
      [bags[3].biopsy, false],
    ]);
    expect(found.cases![0]).toMatchObject({ withheld: "the quality gate failed (patches, tissue in patches)" });
    expect(found.cases![0].diagnosis).toBeUndefined();
    expect(found.failures!.map(({ error }) => error)).toEqual([
      expect.stringContaining("pixels of (µm) 1.1, the diagnosis model was made for 5.5"),
      expect.stringContaining('the channels "others"'),
    ]);
  });

  test("has no bag where a cube has no stain map, or the map of another cube or model", async () => {
    const one = { ...study.cohort, rows: study.cohort.rows.slice(0, 2) };
    const [first, second] = one.rows;
    const make = () => bagCohort(one, model, at("odd-maps"), at("odd-bags"), { patchUm: 80 });
    mkdirSync(at("odd-maps"), { recursive: true });
    copyFileSync(at("small-maps", `${first.name}.stain.h5`), at("odd-maps", `${first.name}.stain.h5`));
    const { failures } = await make();
    expect(failures).toEqual([{ file: second.path, error: expect.stringContaining("has no stain map") }]);
    expect(failures[0].error).toContain("spectrastain stain MODEL.h5");
    copyFileSync(at("small-maps", `${first.name}.stain.h5`), at("odd-maps", `${second.name}.stain.h5`));
    const wrong = await make();
    expect(wrong.failures[0].error).toMatch(/is the map of .*, not of .*stain this cube/);
    const fewer = { ...model, labels: model.labels.slice(0, 5) };
    const other = await bagCohort(one, fewer, at("small-maps"), at("odd-bags-2"), { patchUm: 80 });
    expect(other.bags).toEqual([]);
    expect(other.failures.map(({ error }) => error)).toEqual([
      expect.stringContaining("was stained with another model"),
      expect.stringContaining("was stained with another model"),
    ]);
  });

  test("is published as a report that says what is missing from it", async () => {
    const { findings } = await trainMil(bags, at("small-out"), quick);
    await publish(at("small-out"), "Study", findings, { seed: 1, command: ["train-mil"] });
    const page = readFileSync(at("small-out", "report.html"), "utf8");
    expect(page).toContain("because no case was diagnosed in this run");
    expect(page).toContain("There are no stain maps");
    expect(page).toContain("No bags measured otherwise were given");
  });
});

/** JSON has no typed arrays: those of the model are put back where they were. */
function revive(mil: MilModel) {
  return function (this: unknown, key: string, value: unknown) {
    return key === "members" ? mil.members : value;
  };
}
