// The kinds of files, how each is mutated, and what is done with a mutated one: it is refused by a SpectraError, or what comes out holds.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseFolds } from "#classify/fold-file";
import { SpectraError } from "#cube/errors";
import { readBag } from "#diagnose/bag-file";
import { gatherInstances } from "#diagnose/gather-instances";
import { openBackend } from "#diagnose/open-backend";
import { scoreBags } from "#diagnose/score-bags";
import { twinKernels } from "#kernels/twin-kernels";
import { readPipeline } from "#pipeline/define";
import { readMilModel } from "#pipeline/mil-file";
import { readModel } from "#pipeline/model-file";
import { planSteps } from "#pipeline/plan";
import { readBags } from "#pipeline/read-bags";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf, readCohort } from "#read/cohort";
import { examine } from "#read/examine";
import { openCube } from "#read/open-cube";
import { readFindings } from "#report/read-findings";
import { renderReport } from "#report/render-report";
import { readAssignments, readBandTable, readRecipes } from "#simulate/band-tables";
import { gaussians } from "#simulate/component-spectra";
import { readStain } from "#stain/read-stain";
import { patients, wavenumbers } from "./corpus.js";
import { bytesMutator, jsonMutator, textMutator } from "./mutate.js";

/** Something wrong came out of a file that was accepted. */
export class Silent extends Error {}

const want = (holds, what) => {
  if (!holds) throw new Silent(what);
};
const finite = (values) => values.every(Number.isFinite);
const ascending = (values) => values.every((value, i) => i === 0 || value > values[i - 1]);
const product = (numbers) => numbers.reduce((a, b) => a * b, 1);

/** Values of spectra that are looked at, and pixels of planes. */
const MOST = 1 << 20;

async function cube(path, n) {
  const reader = await openCube(path);
  try {
    const { rows, cols, axis } = reader.cube;
    const axisValues = axis.wavenumbers;
    want(finite(axisValues) && ascending(axisValues) && axisValues[0] > 0, "the axis is none");
    want(Number.isInteger(rows) && rows > 0 && Number.isInteger(cols) && cols > 0, `${rows} rows and ${cols} cols`);
    const some = Math.min(rows, Math.max(1, Math.floor(MOST / cols)));
    for (const plane of [reader.labels({ row: 0, rows: some }), reader.mask({ row: 0, rows: some })]) {
      want(!plane || plane.length === some * cols, "a plane of another length");
    }
    const width = Math.min(cols, Math.max(1, Math.floor(MOST / axisValues.length)));
    const height = Math.min(rows, Math.max(1, Math.floor(MOST / (width * axisValues.length))));
    const { values } = reader.read({ row: 0, rows: height, col: 0, cols: width });
    want(values.length === height * width * axisValues.length, "spectra of another length");
    reader.source?.();
  } finally {
    reader.close();
  }
  if (n % 8 === 0) await examine(path);
}

/** What the kinds need of the corpus, read once. */
export async function prepare(corpus, scratch) {
  mkdirSync(scratch, { recursive: true });
  const at = (name) => join(corpus, name);
  const [model, mil, bag, { tf }] = await Promise.all([
    readModel(at("model.h5")),
    readMilModel(at("mil.h5")),
    readBag(at("B1.bag.h5")),
    openBackend("cpu"),
  ]);
  const stainQuietly = (by, folder) =>
    stainCohort(cohortOf([at("chunked.h5")]), by, join(scratch, folder), {
      workers: 0,
      pictures: "none",
      hash: false,
      again: true,
    });
  const kernels = twinKernels();
  const assignments = readAssignments();
  const findings = await readFindings(at("findings.json"));

  async function scored(of, by) {
    const { instances } = gatherInstances([of], { unit: "biopsy" });
    const { bags } = await scoreBags(by.members[0], instances, [0], by.spec, { tf });
    want(
      [...bags].every((score) => Number.isNaN(score) || (score >= 0 && score <= 1)),
      `a score of ${bags}`,
    );
  }

  const tries = {
    cube,
    async model(path, n) {
      const found = await readModel(path);
      const { pca, forest } = found;
      want(
        pca.mean.length === pca.bands && pca.loadings.length === pca.bands * pca.components,
        "lengths of the components",
      );
      const last = forest.feature.length - 1;
      want(
        forest.left.every((child, i) => child === i || (child > i && child < last)),
        "a circle in the forest",
      );
      if (n % 8) return;
      const { failures, stains } = await stainQuietly(found, "by-model");
      want(failures.length + stains.length === 1, "the stain is lost");
    },
    async mil(path, n) {
      const found = await readMilModel(path);
      for (const { weights } of found.members) {
        want(
          weights.tensors.every(({ shape, values }) => values.length === product(shape) && finite(values)),
          "weights",
        );
      }
      if (n % 4 === 0) await scored(bag, found);
    },
    async stain(path) {
      const map = await readStain(path);
      want(
        map.classes.length === map.rows * map.cols && map.rejected.length === map.classes.length,
        "lengths of the map",
      );
      want(
        map.classes.every((value) => value < map.classNames.length),
        "a class without a name",
      );
      want(
        map.probabilities.every((p) => p >= 0 && p <= 1.001),
        "a probability that is none",
      );
    },
    async bag(path, n) {
      const found = await readBag(path);
      const { coords, features, count, featureNames } = found.patches;
      want(features.length === count * featureNames.length && coords.length === 2 * count, "lengths of the bag");
      if (n % 4 === 0 && finite(features)) await scored(found, mil);
    },
    async bags(path) {
      await readBags([path]);
    },
    async marker(path) {
      const folder = join(scratch, "marked");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "chunked.stain.h5"), readFileSync(at("stained/chunked.stain.h5")));
      writeFileSync(join(folder, "chunked.stain.json"), readFileSync(path));
      const { stains } = await stainCohort(cohortOf([at("chunked.h5")]), model, folder, {
        workers: 0,
        pictures: "none",
        hash: false,
      });
      const same = (stain) => JSON.stringify([stain.name, stain.rows, stain.cols, stain.composition]);
      want(stains.length === 1 && same(stains[0]) === same(findings.stains[0]), "other figures than those of the map");
    },
    async findings(path) {
      const page = String(renderReport(await readFindings(path), () => undefined, assignments));
      want(!/>NaN<|>undefined<|\[object Object\]/.test(page), "NaN, undefined or an object in the report");
    },
    async folds(path) {
      for (const { fold } of parseFolds(readFileSync(path, "utf8"), patients, path)) {
        want(
          fold.every((f) => f >= 0 && f < patients.length),
          "a fold that there is not",
        );
      }
    },
    async cohort(path) {
      for (const { name } of (await readCohort(path)).rows) {
        want(name.length > 0 && !/[/\\\0]|^\.\.?$/.test(name), `a cube called ${JSON.stringify(name)}`);
      }
    },
    async pipeline(path) {
      planSteps(readPipeline(path).steps, wavenumbers, kernels);
    },
    async recipes(path) {
      const { classes } = readRecipes(path);
      want(
        Object.values(classes).every(({ density }) => density >= 0),
        "a density below 0",
      );
    },
    async assignments(path) {
      const read = readAssignments(path);
      want(finite(read.map(({ wavenumber }) => wavenumber)), "an assignment to no wavenumber");
    },
    async bands(path) {
      want(finite(gaussians(readBandTable(path), wavenumbers)), "a spectrum that is not all numbers");
    },
  };
  return tries;
}

const kind = (name, seed, mutator, attempt, share) => ({ name, seed, mutator, attempt, share });

/** Name, seed, how it is mutated, what is tried, and how many inputs it gets of a hundred: fewer where one takes milliseconds. */
export const kinds = [
  kind("cube, chunked", "chunked.h5", bytesMutator, "cube", 2),
  kind("cube, gzip", "gzip.h5", bytesMutator, "cube", 2),
  kind("cube, gzip and shuffle", "gzip-shuffle.h5", bytesMutator, "cube", 2),
  kind("cube, contiguous", "contiguous.h5", bytesMutator, "cube", 2),
  kind("cube, latest format", "latest.h5", bytesMutator, "cube", 2),
  kind("cube, MATLAB 7.3", "matlab.h5", bytesMutator, "cube", 2),
  kind("cube, list of pixels", "list.h5", bytesMutator, "cube", 2),
  kind("model", "model.h5", bytesMutator, "model", 2),
  kind("diagnosis model", "mil.h5", bytesMutator, "mil", 2),
  kind("stain", "stained/chunked.stain.h5", bytesMutator, "stain", 2),
  kind("bag", "B1.bag.h5", bytesMutator, "bag", 2),
  kind("bags.csv", "bags.csv", textMutator, "bags", 5),
  kind("marker", "stained/chunked.stain.json", jsonMutator, "marker", 1),
  kind("findings", "findings.json", jsonMutator, "findings", 6),
  kind("folds", "folds.csv", textMutator, "folds", 13),
  kind("cohort", "cohort.csv", textMutator, "cohort", 13),
  kind("spectra, comma", "spectra.csv", textMutator, "cube", 6),
  kind("spectra, semicolon", "comma.csv", textMutator, "cube", 6),
  kind("pipeline", "pipeline.yaml", textMutator, "pipeline", 13),
  kind("class recipes", "class-recipes.json", jsonMutator, "recipes", 5),
  kind("assignments", "assignments.json", jsonMutator, "assignments", 5),
  kind("band table", "protein.json", jsonMutator, "bands", 5),
];

export const isRefusal = (thrown) => thrown instanceof SpectraError;
