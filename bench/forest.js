// Forest prediction on one core and forest fit on two, against scikit-learn and R's ranger, measured in turn; medians.
// Prediction: scikit-learn's own forest carried over by docs/export_sklearn_forest.py, after both have given the same classes.
// Fit: the AUC on patients that were held out stands beside the time.
// Run: npm run build && node bench/forest.js [predict|fit] [training rows] [alternations]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RandomForestClassifier } from "ml-random-forest";
import { macroAuc } from "../dist/classify/auc.js";
import { prepareForest } from "../dist/classify/predict-forest.js";
import { random } from "../dist/cube/random.js";
import { simdKernels } from "../dist/kernels/simd-kernels.js";
import { withCrew } from "../dist/pipeline/crew.js";
import { growForest } from "../dist/pipeline/grow-forest.js";
import { startPeer } from "./peer.js";
import { python } from "./python.js";

const [part = "all", rowsAsked, timesAsked] = process.argv.slice(2);
const TIMES = Number(timesAsked ?? 5);
const FEATURES = 20;
const CLASSES = 6;
const PIXELS = 16384;
const PATIENTS = 24;
const folder = mkdtempSync(join(tmpdir(), "spectrastain-forest-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name) => join(folder, name);
const script = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));
const bytesOf = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const read = (name, Type) => new Type(Uint8Array.from(readFileSync(inFolder(name))).buffer);

const stream = random("forest bench");
const shifts = Float64Array.from({ length: PATIENTS * FEATURES }, () => 0.5 * stream.normal());
/** What feature `f` is in the middle of class `k`: eight features tell the classes apart, and these overlap. */
const centre = (k, f) => (f < 8 ? 0.7 * ((k * (f + 3)) % 5) : 0);

/** Scores of patients `from` to `end − 1`, each shifted as a whole, the classes in turn; written for the peers. */
function scoresOf(name, rows, from, end) {
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % CLASSES);
  const patient = Int32Array.from({ length: rows }, (_, row) => from + (Math.floor(row / CLASSES) % (end - from)));
  const values = Float32Array.from({ length: rows * FEATURES }, (_, i) => {
    const [row, f] = [Math.floor(i / FEATURES), i % FEATURES];
    return centre(labels[row], f) + shifts[patient[row] * FEATURES + f] + stream.normal();
  });
  writeFileSync(inFolder(`${name}.f32`), bytesOf(values));
  writeFileSync(inFolder(`${name}.u8`), labels);
  return { values, rows, features: FEATURES, labels, classes: CLASSES, groups: patient };
}

/** Scores of an image 256 pixels wide: tissue in patches of 24, everything else slow, and a little noise. */
function imageOf(name) {
  const waves = Array.from({ length: FEATURES }, () => [6 * stream.uniform(), 0.08 * stream.uniform()]);
  const patches = Uint8Array.from({ length: 1024 }, () => stream.integer(CLASSES));
  const values = Float32Array.from({ length: PIXELS * FEATURES }, (_, i) => {
    const [row, f] = [Math.floor(i / FEATURES), i % FEATURES];
    const [x, y] = [row & 255, row >> 8];
    const patch = patches[Math.floor(x / 24) + 32 * Math.floor(y / 24)];
    return centre(patch, f) + Math.sin(waves[f][0] + waves[f][1] * (x + 2 * y)) + 0.03 * stream.normal();
  });
  writeFileSync(inFolder(`${name}.f32`), bytesOf(values));
  return values;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const table = (...cells) =>
  console.log(cells.map((cell, i) => (i ? `${cell}`.padStart(13) : `${cell}`.padEnd(34))).join(""));
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const sklearn = await startPeer(python, ["-B", script("forest.py")], "install python3-sklearn and python3-h5py");
const ranger = await startPeer("Rscript", [script("ranger.R")], "install r-base-core and r-cran-ranger");
const today = new Date().toISOString().slice(0, 10);
console.log(`${today}, ${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.versions.node}`);
console.log(
  `peers: ${[sklearn?.name, ranger?.name].filter(Boolean).join(", ") || "none"}; medians of ${TIMES} in turn`,
);

if (part !== "fit") await benchPrediction(Number((part === "predict" && rowsAsked) || 6000));
if (part !== "predict") await benchFit(Number((part === "fit" && rowsAsked) || 100_000));
sklearn?.stop();
ranger?.stop();

async function benchPrediction(rows) {
  const training = scoresOf("small", rows, 0, 1);
  const inputs = { unlike: scoresOf("unlike", PIXELS, 0, 1).values, image: imageOf("image") };
  console.log(
    `\nprediction, one core: ${PIXELS} rows of ${FEATURES} features, forests fitted on ${rows} rows; µs a row`,
  );
  table("", "ours", "scikit-learn", "ranger", "sklearn/ours", "ranger/ours", "their nodes");
  for (const { trees, depth } of [
    { trees: 100, depth: 0 },
    { trees: 500, depth: 0 },
    { trees: 100, depth: 12 },
  ]) {
    const fit = ["fit", inFolder("small.f32"), inFolder("small.u8"), FEATURES, trees, depth, 2];
    const [, nodes] = sklearn ? await sklearn.ask(...fit) : [];
    const [, rangerNodes] = ranger ? await ranger.ask(...fit) : [];
    const forest = sklearn
      ? await carriedOver(trees)
      : await withCrew({}, (crew) => growForest(training, { seed: 1, trees, maxDepth: depth || undefined }, crew, {}));
    const kernels = simdKernels();
    const predict = prepareForest(forest, kernels);
    const scores = kernels.float32(PIXELS * FEATURES);
    const out = kernels.float32(PIXELS * CLASSES);
    for (const [kind, values] of Object.entries(inputs)) {
      scores.set(values);
      const ask = ["predict", inFolder(`${kind}.f32`), FEATURES, 1];
      // Wasm starts in a quick compiler's code; the better one works on another thread meanwhile.
      predict(scores, PIXELS, out);
      await wait(200);
      const times = { ours: [], sklearn: [], ranger: [] };
      for (let i = 0; i < TIMES; i++) {
        const start = performance.now();
        predict(scores, PIXELS, out);
        times.ours.push((performance.now() - start) / 1000);
        if (sklearn) times.sklearn.push((await sklearn.ask(...ask, inFolder("sklearn.out")))[0]);
        if (i === 0 && sklearn) agree(out, read("sklearn.out", Float32Array));
        if (ranger) times.ranger.push((await ranger.ask(...ask, inFolder("ranger.out")))[0]);
      }
      const [ours, theirs, others] = Object.values(times).map((of) => (median(of) / PIXELS) * 1e6);
      const name = `${trees} trees, ${depth ? `depth ${depth}` : "full"}, rows ${kind === "image" ? "of an image" : "unlike"}`;
      const node = kind === "image" ? "" : `${nodes ?? ""} ${rangerNodes ?? ""}`;
      table(name, ...[ours, theirs, others].map(figure), ratio(theirs, ours), ratio(others, ours), node);
    }
  }
  // Far slower, so far less is asked of it: 20 trees on 600 rows, 1000 rows predicted; time is taken as linear in the trees.
  const [few, fewTrees, fewPixels] = [600, 20, 1000];
  const rowsAt = (values, count) =>
    Array.from({ length: count }, (_, row) => Array.from(values.subarray(row * FEATURES, (row + 1) * FEATURES)));
  const other = new RandomForestClassifier({ seed: 1, nEstimators: fewTrees, maxFeatures: 4 });
  other.train(rowsAt(training.values, few), Array.from(training.labels.subarray(0, few)));
  const asked = rowsAt(inputs.unlike, fewPixels);
  const times = Array.from({ length: TIMES }, () => {
    const start = performance.now();
    other.predict(asked);
    return performance.now() - start;
  });
  const scaled = ((median(times) * 1000) / fewPixels) * (100 / fewTrees);
  console.log(
    `ml-random-forest: ${figure(scaled)} µs a row for 100 trees, scaled from ${fewTrees} trees on ${few} rows and ${fewPixels} rows predicted`,
  );
}

/** The forest that scikit-learn has just fitted, as the arrays of a model. */
async function carriedOver(trees) {
  await sklearn.ask("arrays", folder);
  const types = {
    roots: Int32Array,
    feature: Uint16Array,
    threshold: Float32Array,
    left: Int32Array,
    leaf: Int32Array,
  };
  const arrays = { ...types, distributions: Float32Array, importances: Float64Array };
  const found = Object.entries(arrays).map(([name, Type]) => [name, read(name, Type)]);
  return { trees, features: FEATURES, classes: CLASSES, outOfBagAccuracy: Number.NaN, ...Object.fromEntries(found) };
}

/** Probabilities within the rounding of float32 sums, and the same classes wherever these are not a tie. */
function agree(ours, theirs) {
  for (let i = 0; i < theirs.length; i++) {
    if (!(Math.abs(ours[i] - theirs[i]) < 2e-6)) throw new Error(`probability ${i} is ${ours[i]}, not ${theirs[i]}`);
  }
}

async function benchFit(rows) {
  const trees = 200;
  const training = scoresOf("training", rows, 0, 16);
  const held = scoresOf("held", 24_000, 16, PATIENTS);
  console.log(
    `\nfit, both cores: ${rows} rows × ${FEATURES}, ${CLASSES} classes, ${trees} full trees; AUC on held-out patients`,
  );
  const fit = ["fit", inFolder("training.f32"), inFolder("training.u8"), FEATURES, trees, 0, 2];
  const ask = ["predict", inFolder("held.f32"), FEATURES, 2];
  const times = { ours: [], sklearn: [], ranger: [] };
  const sizes = {};
  let forest;
  for (let i = 0; i < TIMES; i++) {
    const start = performance.now();
    forest = await withCrew({ workers: 2 }, (crew) => growForest(training, { seed: i, trees }, crew, {}));
    times.ours.push((performance.now() - start) / 1000);
    for (const [name, peer] of Object.entries({ sklearn, ranger })) {
      if (!peer) continue;
      const [seconds, nodes] = await peer.ask(...fit);
      times[name].push(seconds);
      sizes[name] = nodes;
    }
  }
  const kernels = simdKernels();
  const scores = kernels.float32(held.rows * FEATURES);
  scores.set(held.values);
  const out = kernels.float32(held.rows * CLASSES);
  prepareForest(forest, kernels)(scores, held.rows, out);
  const classNames = Array.from({ length: CLASSES }, (_, k) => `${k}`);
  const aucOf = (probabilities) => macroAuc({ count: held.rows, classNames, truth: held.labels, probabilities });
  const ours = aucOf(out);
  table("", "s", "ratio", "AUC", "nodes");
  table("spectrastain", figure(median(times.ours)), "1", ours.toFixed(4), forest.left.length);
  for (const [name, peer] of Object.entries({ sklearn, ranger })) {
    if (!peer) continue;
    await peer.ask(...ask, inFolder("held.out"));
    const theirs = aucOf(read("held.out", Float32Array));
    table(
      peer.name,
      figure(median(times[name])),
      ratio(median(times[name]), median(times.ours)),
      theirs.toFixed(4),
      sizes[name],
    );
    if (Math.abs(theirs - ours) > 0.005) throw new Error(`the AUC of ${peer.name} is more than 0.005 away`);
  }
}

function figure(value) {
  return Number.isFinite(value) ? value.toPrecision(3) : "";
}

function ratio(theirs, ours) {
  return Number.isFinite(theirs) ? (theirs / ours).toFixed(2) : "";
}
