// Agreement first, then time of every kernel: SIMD against its TypeScript twin and, where python3 is at hand, against numpy and
// scikit-learn on one core. The forest is scikit-learn's own then, carried over by docs/export_sklearn_forest.py.
// Run: npm run build && node bench/kernels.js.
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { binFeatures } from "../dist/classify/bins.js";
import { bootstrapDraw } from "../dist/classify/bootstrap-draw.js";
import { fitForest } from "../dist/classify/fit-forest.js";
import { prepareForest } from "../dist/classify/predict-forest.js";
import { random } from "../dist/cube/random.js";
import { simdKernels } from "../dist/kernels/simd-kernels.js";
import { treeScratch } from "../dist/kernels/twin/grow-tree.js";
import { twinKernels } from "../dist/kernels/twin-kernels.js";
import { momentAdder } from "../dist/reduce/moments.js";
import { prepareProjection } from "../dist/reduce/project.js";
import { python } from "./python.js";

const COUNT = 1024;
const BANDS = 676;
const COMPONENTS = 20;
const CLASSES = 6;
const TREES = 100;
const TRAINING = 6000;
const PIXELS = 4096;
const MILLISECONDS = 300;

const stream = random("bench");

/** Absorbance as of tissue: an amide band on a slope, with noise. */
const spectra = Float32Array.from({ length: COUNT * BANDS }, (_, i) => {
  const band = i % BANDS;
  const height = 0.3 + 0.02 * (Math.floor(i / BANDS) % 31);
  return 0.05 + 2e-4 * band + height * Math.exp(-(((band - 400) / 40) ** 2)) + 2e-3 * stream.normal();
});
const loadings = new Float64Array(COMPONENTS * BANDS);
for (let c = 0; c < COMPONENTS; c++) {
  // Cosines are orthonormal.
  for (let b = 0; b < BANDS; b++) {
    loadings[c * BANDS + b] = Math.sqrt(2 / BANDS) * Math.cos((Math.PI * (c + 1) * (b + 0.5)) / BANDS);
  }
}
const mean = Float64Array.from({ length: BANDS }, (_, band) => Math.fround(spectra[band]));
/** Scores of classes that overlap, so that the trees grow deep. */
const scoresOf = (rows) =>
  Float32Array.from({ length: rows * COMPONENTS }, (_, i) => {
    const [row, feature] = [Math.floor(i / COMPONENTS), i % COMPONENTS];
    return stream.normal() + (feature < 8 ? 0.7 * (((row % CLASSES) * (feature + 3)) % 5) : 0);
  });
const training = {
  values: scoresOf(TRAINING),
  rows: TRAINING,
  features: COMPONENTS,
  labels: Uint8Array.from({ length: TRAINING }, (_, row) => row % CLASSES),
  classes: CLASSES,
};
const pixels = scoresOf(PIXELS);

const peers = askPeers();
const forest = peers?.forest ?? fitForest(training, { seed: 1, trees: TREES, balance: "none" }, simdKernels());

/** An array in the room, with numbers in it. */
const filled = (array, numbers) => {
  array.set(numbers);
  return array;
};

/** A kernel that turns spectra into spectra. */
const spectral = (run) => ({
  rows: COUNT,
  prepare(kernels) {
    const values = filled(kernels.float32(COUNT * BANDS), spectra);
    const out = kernels.float32(COUNT * BANDS);
    return { once: run(kernels, values, out), result: () => out };
  },
});

const kernelRows = {
  vectorNorm: spectral((k, v, out) => () => k.vectorNorm(v, COUNT, BANDS, out)),
  minMax: spectral((k, v, out) => () => k.minMax(v, COUNT, BANDS, out)),
  snv: spectral((k, v, out) => () => k.snv(v, COUNT, BANDS, 0, out)),
  peakScale: spectral((k, v, out) => () => k.peakScale(v, COUNT, BANDS, 360, 440, out)),
  areaScale: spectral((k, v, out) => {
    const weights = k.float64(80).fill(2);
    return () => k.areaScale(v, COUNT, BANDS, weights, 360, 80, out);
  }),
  gather: spectral((k, v, out) => {
    const stretches = filled(k.int32(4), [300, BANDS - 300, 0, 300]);
    return () => k.gather(v, COUNT, BANDS, stretches, 2, BANDS, out);
  }),
  linearBaseline: spectral((k, v, out) => {
    const nodes = filled(k.int32(2), [0, BANDS - 1]);
    const ramp = k.float32(BANDS).map((_, band) => band / (BANDS - 1));
    const inRoom = filled(k.float32(BANDS), ramp);
    return () => k.linearBaseline(v, COUNT, BANDS, nodes, 2, inRoom, out);
  }),
  rubberband: spectral((k, v, out) => {
    const wavenumbers = filled(
      k.float64(BANDS),
      Array.from({ length: BANDS }, (_, band) => 900 + 2 * band),
    );
    const hull = k.int32(3 * BANDS);
    return () => k.rubberband(v, COUNT, BANDS, wavenumbers, 1, hull, out);
  }),
  asymmetricBaseline: spectral((k, v, out) => {
    // λ·DᵀD of second differences.
    const penalty = k.float64(3 * BANDS);
    for (let band = 1; band < BANDS - 1; band++) {
      for (const [at, value] of [
        [band - 1, 1],
        [band, 4],
        [band + 1, 1],
        [BANDS + band - 1, -2],
        [BANDS + band, -2],
        [2 * BANDS + band - 1, 1],
      ]) {
        penalty[at] += 1e5 * value;
      }
    }
    const scratch = k.float64(12 * BANDS);
    const solves = k.int32(COUNT);
    return () => k.asymmetricBaseline(v, COUNT, BANDS, penalty, 0.01, 1e-3, 20, scratch, solves, out);
  }),
  slidingSum: spectral((k, v, out) => {
    const runs = filled(k.int32(5), [4, BANDS - 4, 0, 9, 0]);
    const weights = filled(k.float64(9), [-21, 14, 39, 54, 59, 54, 39, 14, -21]).map((w) => w / 231);
    const inRoom = filled(k.float64(9), weights);
    const scratch = k.float64(BANDS);
    return () => k.slidingSum(v, COUNT, BANDS, runs, 1, inRoom, scratch, BANDS, out);
  }),
  subtractFit: spectral((k, v, out) => {
    const curves = filled(k.float64(3 * BANDS), loadings.subarray(0, 3 * BANDS));
    const amounts = k.float64(3);
    return () => k.subtractFit(v, COUNT, BANDS, curves, curves, 3, amounts, out);
  }),
  addMoments: {
    rows: COUNT,
    prepare(kernels) {
      const make = () => momentAdder(spectra.subarray(0, BANDS), kernels);
      const adder = make();
      return {
        once: () => adder.add(spectra, COUNT),
        // Once more from nothing: the timed sums have grown with every run.
        result: () => {
          const fresh = make();
          fresh.add(spectra, COUNT);
          return fresh.finish().cross;
        },
      };
    },
  },
  project: {
    rows: COUNT,
    prepare(kernels) {
      const values = filled(kernels.float32(COUNT * BANDS), spectra);
      const scores = kernels.float32(COUNT * COMPONENTS);
      const squares = kernels.float64(COUNT);
      const project = prepareProjection({ bands: BANDS, components: COMPONENTS, mean, loadings }, kernels);
      return { once: () => project(values, COUNT, scores, squares), result: () => scores };
    },
  },
  growTree: {
    rows: TRAINING,
    prepare(kernels) {
      const tree = oneTree(kernels);
      return { once: tree.grow, result: () => tree.nodes };
    },
  },
  voteOutOfBag: {
    rows: TRAINING,
    prepare(kernels) {
      const { grow, bins, nodes, counts } = oneTree(kernels);
      grow();
      const list = filled(
        kernels.int32(TRAINING),
        Int32Array.from({ length: TRAINING }, (_, row) => row),
      );
      const votes = kernels.int32(TRAINING * CLASSES);
      const once = () => {
        votes.fill(0);
        kernels.voteOutOfBag(bins, TRAINING, CLASSES, list, TRAINING, nodes, counts, votes);
      };
      return { once, result: () => votes };
    },
  },
  predictForest: {
    rows: PIXELS,
    prepare(kernels) {
      const scores = filled(kernels.float32(PIXELS * COMPONENTS), pixels);
      const out = kernels.float32(PIXELS * CLASSES);
      const predict = prepareForest(forest, kernels);
      return { once: () => predict(scores, PIXELS, out), result: () => out };
    },
  },
};

/** What one tree is grown with, on the same draw each time. */
function oneTree(kernels) {
  const { bins: binned } = binFeatures(training);
  const bins = filled(kernels.uint8(binned.length), binned);
  const weights = bootstrapDraw(training, "none")(random(1));
  const pairs = [...weights.keys()].filter((row) => weights[row] > 0);
  const draw = Int32Array.from(pairs.flatMap((row) => [row, weights[row] * 256 + training.labels[row]]));
  const drawn = kernels.int32(draw.length);
  const scratch = kernels.int32(treeScratch(COMPONENTS, CLASSES, TRAINING));
  const nodes = kernels.int32(6 * TRAINING);
  const counts = kernels.int32(TRAINING * CLASSES);
  const gains = kernels.float64(COMPONENTS);
  const grow = () => {
    drawn.set(draw);
    // biome-ignore format: one call, in the kernel's order
    kernels.growTree(bins, TRAINING, COMPONENTS, CLASSES, drawn, pairs.length, 4, 1, 2 ** 30, 7, scratch, nodes, counts, gains);
  };
  return { grow, bins, nodes, counts };
}

/** The result of a kernel and µs a row, the best of the runs in a while. */
async function time(make, { rows, prepare }) {
  const { once, result } = prepare(make());
  const run = (milliseconds) => {
    let best = Number.POSITIVE_INFINITY;
    const end = performance.now() + milliseconds;
    do {
      const start = performance.now();
      once();
      best = Math.min(best, performance.now() - start);
    } while (performance.now() < end);
    return best;
  };
  // Wasm starts in a quick compiler's code, up to five times slower; the better one works on another thread meanwhile.
  run(MILLISECONDS / 2);
  await setTimeout(50);
  const best = run(MILLISECONDS);
  return { result: result(), microseconds: (best * 1000) / rows };
}

/** Largest difference over the largest number. */
function difference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let apart = 0;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(a[i]));
    // Math.max hands NaN on, and NaN fails every bound.
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
  }
  return largest === 0 ? apart : apart / largest;
}

/** What numpy and scikit-learn make of the same numbers; undefined where they are not at hand. */
function askPeers() {
  const arrays = [spectra, Float32Array.from(loadings), training.values, Float32Array.from(training.labels), pixels];
  const answer = spawnSync(python, ["-B", fileURLToPath(new URL("peers/kernels.py", import.meta.url))], {
    input: Buffer.concat([
      Buffer.from(`${JSON.stringify([COUNT, BANDS, COMPONENTS, TRAINING, PIXELS, TREES])}\n`),
      ...arrays.map((array) => Buffer.from(array.buffer)),
    ]),
    maxBuffer: 1 << 28,
  });
  if (answer.status !== 0) return undefined;
  const { versions, kernels, forest: found } = JSON.parse(answer.stdout.toString());
  const types = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint16: Uint16Array };
  const unpack = ({ type, base64 }) => new types[type](Uint8Array.from(Buffer.from(base64, "base64")).buffer);
  for (const kernel of Object.values(kernels)) kernel.result &&= unpack(kernel.result);
  const plain = Object.entries(found).map(([name, array]) => [name, unpack(array)]);
  const sizes = { trees: TREES, features: COMPONENTS, classes: CLASSES, outOfBagAccuracy: Number.NaN };
  return { versions, kernels, forest: { ...sizes, ...Object.fromEntries(plain) } };
}

/** Differences from the twin that are right, as a share of the largest number: sums in another order or in float32. */
const fromTwin = { vectorNorm: 4, snv: 4, areaScale: 4, linearBaseline: 8, subtractFit: 2 };

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model.trim()}, one core, Node ${process.versions.node}`,
);
console.log(
  peers ? `peer: ${peers.versions}, one thread` : "no peer: python3 with numpy and scikit-learn is not at hand",
);
console.log(
  `${COUNT} spectra of ${BANDS} bands; ${COMPONENTS} components; ${TRAINING} training rows of ${CLASSES} classes`,
);
console.log(`forest: ${TREES} trees, ${forest.left.length} nodes; best of the runs in ${MILLISECONDS} ms`);
console.log(["kernel".padEnd(20), "SIMD − twin", "SIMD − peer", "twin/SIMD", "peer/SIMD", "SIMD µs/row"].join("  "));
for (const [name, kernel] of Object.entries(kernelRows)) {
  const twin = await time(twinKernels, kernel);
  const simd = await time(simdKernels, kernel);
  const apart = difference(twin.result, simd.result);
  if (!(apart <= (fromTwin[name] ?? 0) * 2 ** -24)) throw new Error(`${name}: SIMD is ${apart} from the twin`);
  const peer = peers?.kernels[name];
  const off = peer?.result && difference(peer.result, simd.result);
  // Float32 sums over 676 bands, 128 rows or 100 trees against Float64.
  if (off !== undefined && !(off <= 2e-6)) throw new Error(`${name}: SIMD is ${off} from the peer`);
  const bound = (value) => (value === undefined ? "" : value === 0 ? "0" : value.toExponential(0)).padStart(11);
  const ratio = (other) => (other ? (other.microseconds / simd.microseconds).toFixed(2) : "").padStart(9);
  const figure = simd.microseconds.toPrecision(3).padStart(11);
  console.log([name.padEnd(20), bound(apart), bound(off), ratio(twin), ratio(peer), figure].join("  "));
  if (name === "predictForest") console.log(`forest prediction: ${Math.round(1000 / simd.microseconds)} k spectra/s`);
}
