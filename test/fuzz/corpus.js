// The files that the fuzz begins with, made by our own writers from a few numbers; three cubes of other programs are in golden/.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { foldsCsv } from "#classify/fold-file";
import { random } from "#cube/random";
import { writeBag } from "#diagnose/bag-file";
import { defaultSpec } from "#diagnose/default-spec";
import { networkOf } from "#diagnose/network";
import { createHdf5 } from "#hdf5/create";
import { definePipeline } from "#pipeline/define";
import { writeMilModel } from "#pipeline/mil-file";
import { writeModel } from "#pipeline/model-file";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf } from "#read/cohort";

export const [rows, cols, bands] = [6, 5, 35];
export const wavenumbers = Float64Array.from({ length: bands }, (_, i) => 950 + 25 * i);
const classNames = ["unlabelled", "cancer", "stroma"];
export const patients = ["P1", "P2", "P3", "P4"];

const band = (at, width, x) => Math.exp(-(((x - at) / width) ** 2));
/** Absorbance of a band at amide I and another, a little different at every pixel. */
export const values = Float32Array.from({ length: rows * cols * bands }, (_, i) => {
  const x = wavenumbers[i % bands];
  const pixel = Math.floor(i / bands);
  return 0.5 * band(1655, 30, x) + (0.3 + 0.01 * pixel) * band(1545, 28, x) + 0.002 * (i % 7);
});
const labels = Uint8Array.from({ length: rows * cols }, (_, i) => i % 3);

const ours = (file, storage) => {
  file.attributes("/", { patient: "P1", core: "C1", mode: "SD", pixel_size_um: 5.5, origin: "simulated" });
  file.put("/cube", values, { shape: [rows, cols, bands], ...storage, attributes: { quantity: "absorbance" } });
  file.put("/wavenumbers", wavenumbers, { attributes: { units: "cm-1" } });
  file.put("/labels", labels, { shape: [rows, cols], attributes: { class_names: classNames } });
  file.put("/mask", new Uint8Array(rows * cols).fill(1), { shape: [rows, cols] });
};

const pipeline = definePipeline({
  name: "fuzz",
  steps: [{ correct: "keep", params: { ranges: [[1000, 1750]] } }, { normalise: "vector" }],
  reduce: { components: 4, outside: 0 },
  classify: { trees: 3 },
});

/** A model whose numbers mean nothing, but belong together. */
export function model() {
  const stream = random("model");
  const axis = wavenumbers.filter((x) => x >= 1000 && x <= 1750);
  const [n, components, trees] = [axis.length, 4, 3];
  const tree = {
    feature: [0, 1, 0, 0, 0],
    threshold: [0.1, 0.2, 0, 0, 0],
    left: [1, 3, 2, 3, 4],
    leaf: [0, 0, 0, 1, 2],
  };
  const each = (name, shift) => Array.from({ length: trees }, (_, t) => tree[name].map((v) => v + shift * t)).flat();
  const input = { file: "a.h5", bytes: 1, rows, cols, bands, range: [950, 1800], patient: "P9", origin: "simulated" };
  return {
    pipeline,
    wavenumbers,
    classNames,
    labels: Uint8Array.of(1, 2),
    palette: { cancer: [213, 94, 0], stroma: [86, 180, 233] },
    limits: { q: 3, t2: Number.POSITIVE_INFINITY },
    pca: {
      wavenumbers: axis,
      bands: n,
      components,
      mean: Float64Array.from(axis, () => stream.uniform() / 5),
      loadings: Float64Array.from({ length: n * components }, () => stream.normal() / 4),
      variance: Float64Array.of(4, 3, 2, 1),
      totalVariance: 11,
      residual: [1, 1, 1],
      count: 30,
    },
    forest: {
      trees,
      features: components,
      classes: 2,
      roots: Int32Array.of(0, 5, 10),
      feature: Uint16Array.from(each("feature", 0)),
      threshold: Float32Array.from(each("threshold", 0)),
      left: Int32Array.from(each("left", 5)),
      leaf: Int32Array.from(each("leaf", 0)),
      distributions: Float32Array.of(1, 0, 0.25, 0.75, 0.5, 0.5),
      importances: Float64Array.of(0.5, 0.5, 0, 0),
      outOfBagAccuracy: 0.9,
    },
    provenance: {
      version: "1",
      seed: 1,
      inputs: [input],
      patients: 1,
      pixels: 30,
      pixelsPerClass: [10, 10],
      stamps: [],
    },
  };
}

const features = ["share of cancer", "share of stroma", "texture"];

function milModel() {
  const spec = { ...defaultSpec("top-k"), hidden: 5 };
  // Parameters are made without tensors.
  const { parameters } = networkOf(undefined, spec, [features.length]);
  const member = (seed) => ({
    epoch: 10,
    threshold: 0.5,
    preparation: { mean: Float64Array.of(0.4, 0.4, 0.1), sd: Float64Array.of(0.2, 0.3, 1), loadings: undefined },
    weights: {
      tensors: parameters.map(({ name, shape, start }) => ({ name, shape, values: start(random(`${seed}${name}`)) })),
    },
  });
  return {
    spec,
    classNames: ["benign", "malignant"],
    members: [member(1), member(2)],
    bag: { unit: "biopsy", channels: "fuzz", featureNames: features, geometry: "image", pixelSizeUm: 5.5, edge: 2 },
    decision: { threshold: 0.5, band: [0.4, 0.6], calibration: { slope: 1, intercept: 0 } },
    tumour: "cancer",
    provenance: { version: "1", seed: 1, patients, inputs: [], stamps: [] },
  };
}

function bag() {
  const count = 4;
  return {
    name: "B1",
    file: "B1.h5",
    cube: { content: "0".repeat(64), place: "B1.h5", changed: 1, bytes: 100 },
    patient: "P1",
    biopsy: "B1",
    label: "benign",
    origin: "simulated",
    geometry: "image",
    rows,
    cols,
    pixelSizeUm: 5.5,
    patchUm: 11,
    tissueFraction: 0.1,
    channels: "fuzz",
    modelPatients: ["P9"],
    patches: {
      count,
      coords: Int32Array.of(0, 0, 2, 0, 0, 2, 2, 2),
      edge: 2,
      stride: 2,
      features: Float32Array.from({ length: count * 3 }, (_, i) => i / 12),
      featureNames: features,
      spectra: Float32Array.from({ length: count * bands }, (_, i) => i / 100),
      wavenumbers,
      tissue: Float32Array.of(1, 0.5, 0.75, 1),
      mix: Float32Array.of(1, 0, 0.5, 0.5, 0, 1, 0.25, 0.75),
      classNames: ["cancer", "stroma"],
    },
  };
}

const table = (separator, decimal) => {
  const number = (x) => x.toFixed(4).replace(".", decimal);
  const line = (p) => [
    "P1 P2 P3".split(" ")[p % 3],
    classNames[1 + (p % 2)],
    ...Array.from(values.subarray(p * bands, (p + 1) * bands), number),
  ];
  return [["patient", "class", ...Array.from(wavenumbers, String)], ...Array.from({ length: 9 }, (_, p) => line(p))]
    .map((cells) => cells.join(separator))
    .join("\n");
};

const yaml = `# A pipeline with everything that a pipeline has.
name: fuzz
description: &text "what is tried"
steps:
  - correct: quality
    params: { saturated: 2.5 }
  - correct: keep
    params:
      ranges: [[1000, 1400], [1500, 1750]]
  - correct: baseline-two-point
  - correct: derivative
    params: { order: 2, window: 7 }
  - normalise: vector
reduce: { components: 4, outside: 0.001 }
classify: { trees: 10, minLeaf: 2, maxDepth: 8, pixelsPerClass: 100 }
stain: { threshold: 0.35, smoothing: majority }
`;

/** Make the seeds in a folder; gives the path of each kind. */
export async function makeCorpus(folder) {
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  const write = (name, text) => writeFileSync(at(name), text);
  await createHdf5(at("chunked.h5"), (file) => ours(file, { chunks: [2, cols, bands] }));
  await createHdf5(at("gzip.h5"), (file) => ours(file, { chunks: [2, cols, bands], gzip: 4 }));
  await createHdf5(at("contiguous.h5"), (file) => ours(file, {}));
  await createHdf5(at("list.h5"), (file) => {
    file.put("/data/intensities", values, { shape: [rows * cols, bands], chunks: [7, bands], gzip: 4 });
    file.put("/data/xvalues", wavenumbers);
    file.put("/data/xpixels", Int32Array.of(cols), { shape: [] });
    file.put("/data/ypixels", Int32Array.of(rows), { shape: [] });
    file.put("/data/tissue_mask", new Uint8Array(rows * cols).fill(1), { shape: [rows, cols] });
  });
  for (const name of ["gzip-shuffle", "latest", "matlab"]) {
    write(`${name}.h5`, readFileSync(fileURLToPath(new URL(`golden/${name}.h5`, import.meta.url))));
  }
  const fitted = model();
  await writeModel(at("model.h5"), fitted);
  await writeMilModel(at("mil.h5"), milModel());
  await writeBag(at("B1.bag.h5"), bag(), "key");
  const quiet = { workers: 0, pictures: "none" };
  const found = await stainCohort(cohortOf([at("chunked.h5")]), fitted, at("stained"), quiet);
  const head = {
    title: "fuzz",
    origin: "simulated",
    notice: "research use only, not for diagnostic use",
    command: "stain",
  };
  const about = {
    schema: "spectrastain/findings/1",
    version: "1",
    created: "2026-01-01T00:00:00Z",
    seed: 1,
    stamps: [],
  };
  write("findings.json", JSON.stringify({ ...about, ...head, ...found }));
  write("bags.csv", "bag,patient,biopsy,core,slide,label,patches\nB1.bag.h5,P1,B1,,,benign,4\n");
  write(
    "folds.csv",
    foldsCsv(
      [
        { seed: 1, fold: Int32Array.of(0, 1, 0, 1) },
        { seed: 2, fold: Int32Array.of(1, 1, 0, 0) },
      ],
      patients,
    ),
  );
  write(
    "cohort.csv",
    'cube,patient,core,mode,label,split,note\nchunked.h5,P1,C1,SD,cancer,train,"a, b"\ngzip.h5,P2,C2,HD,benign,test,\ncontiguous.h5,P3,C3,sd,,,x\n',
  );
  write("spectra.csv", table(",", "."));
  write("comma.csv", table(";", ","));
  write("pipeline.yaml", yaml);
  for (const name of ["class-recipes", "assignments", "protein"]) {
    write(`${name}.json`, readFileSync(fileURLToPath(new URL(`../../spectra/${name}.json`, import.meta.url))));
  }
}
