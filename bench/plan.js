// The way of a spectrum to its scores: as planned, step by step, and by numpy and scipy where python3 has them, in turn, five times.
// First the sides must agree. Then the projection alone against the peak of f32x4 multiply–add that wasm reaches here.
// Run: npm run build && node bench/plan.js
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { prepareCorrect } from "../dist/correct/prepare.js";
import { random } from "../dist/cube/random.js";
import { simdKernels } from "../dist/kernels/simd-kernels.js";
import { prepareNormalise } from "../dist/normalise/prepare.js";
import { readPipeline } from "../dist/pipeline/define.js";
import { BLOCK, preparePath } from "../dist/pipeline/path.js";
import { fitPca } from "../dist/reduce/fit-pca.js";
import { momentAdder } from "../dist/reduce/moments.js";
import { prepareProjection } from "../dist/reduce/project.js";
import { wasmLimits } from "./machine.js";
import { python } from "./python.js";

const COUNT = 16_384;
const BANDS = 676;
const COMPONENTS = 20;
const TURNS = 5;

const axis = Float64Array.from({ length: BANDS }, (_, i) => 900 + (900 * i) / (BANDS - 1));
const [shipped, derivative] = [readPipeline("digital-stain").steps, readPipeline("derivative").steps];
const pipelines = {
  "digital-stain": shipped,
  derivative,
  rubberband: shipped.map((step) =>
    step.method === "baseline-two-point" ? { ...step, method: "baseline-rubberband" } : step,
  ),
};

/** Absorbance as of tissue: six bands whose heights vary by themselves, on a slope, with noise. */
function tissue(kernels) {
  const stream = random("plan");
  const shapes = [1654, 1545, 1450, 1396, 1236, 1080].map((at) => axis.map((x) => Math.exp(-(((x - at) / 25) ** 2))));
  const values = kernels.float32(COUNT * BANDS);
  for (let row = 0; row < COUNT; row++) {
    const heights = shapes.map((_, i) => [0.5, 0.35, 0.15, 0.12, 0.12, 0.15][i] * (0.5 + stream.uniform()));
    const [level, slope] = [0.05 * stream.uniform(), 0.1 * stream.uniform()];
    for (let band = 0; band < BANDS; band++) {
      let value = level + (slope * band) / BANDS + 2e-3 * stream.normal();
      for (let i = 0; i < 6; i++) value += heights[i] * shapes[i][band];
      values[row * BANDS + band] = value;
    }
  }
  return values;
}

/** The ways to the scores, each a function of a block of rows. */
function waysOf(steps, pca, kernels) {
  const scores = kernels.float32(COUNT * COMPONENTS);
  const squares = kernels.float64(BLOCK);
  const rejected = new Uint8Array(BLOCK);
  const path = preparePath(steps, axis, kernels);
  const project = prepareProjection(pca, kernels);
  const to = (row, count) => scores.subarray(row * COMPONENTS, (row + count) * COMPONENTS);
  const planned = (values, row, count) => {
    const through = path.runUnchecked(values.subarray(row * BANDS, (row + count) * BANDS), count, rejected);
    project(through.values, through.kept, to(row, count), squares);
  };

  const prepared = steps.map((step) =>
    (step.step === "correct" ? prepareCorrect : prepareNormalise)(step, axis, kernels),
  );
  const codes = kernels.uint8(BLOCK);
  const whole = kernels.int32(2);
  whole.set([0, BANDS]);
  const buffers = [kernels.float32(BLOCK * BANDS), kernels.float32(BLOCK * BANDS)];
  const stepByStep = (values, row, count) => {
    let from = values.subarray(row * BANDS, (row + count) * BANDS);
    codes.fill(0);
    kernels.markNotFinite(from, count, BANDS, whole, 1, codes, 1);
    let turn = 0;
    for (const { mark, apply } of prepared) {
      mark?.(from, count, codes);
      if (!apply) continue;
      apply(from, count, buffers[turn]);
      from = buffers[turn];
      turn ^= 1;
    }
    kernels.markNotFinite(from, count, BANDS, whole, 1, codes, 1);
    project(from, count, to(row, count), squares);
  };
  return { scores, planned, stepByStep };
}

/** Talk to the peer, a line each way; undefined where it does not answer. */
async function startPeer(values, models) {
  const peer = spawn(python, ["-B", fileURLToPath(new URL("peers/plan.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, OPENBLAS_NUM_THREADS: "1" },
  });
  peer.on("error", () => undefined);
  peer.stdin.on("error", () => undefined);
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  const header = { count: COUNT, bands: BANDS, components: COMPONENTS, pipelines: Object.keys(models) };
  const bytes = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  peer.stdin.write(`${JSON.stringify(header)}\n`);
  for (const array of [axis, values, ...Object.values(models).flatMap(({ mean, loadings }) => [mean, loadings])]) {
    peer.stdin.write(bytes(array));
  }
  const hello = await lines.next();
  if (hello.done) return undefined;
  return {
    versions: JSON.parse(hello.value),
    ask: async (name, rows, wanted) => {
      peer.stdin.write(`${JSON.stringify([name, rows, wanted])}\n`);
      return JSON.parse((await lines.next()).value);
    },
    end: () => peer.stdin.end(),
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

function timed(way, values, rows) {
  const start = performance.now();
  for (let row = 0; row < rows; row += BLOCK) way(values, row, BLOCK);
  return ((performance.now() - start) * 1000) / rows;
}

function largestDifference(a, b) {
  let apart = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return apart / largest;
}

const kernels = simdKernels();
const values = tissue(kernels);
const models = {};
for (const [name, steps] of Object.entries(pipelines)) {
  const path = preparePath(steps, axis, kernels);
  const adder = momentAdder(new Float64Array(BANDS), kernels);
  for (let row = 0; row < 2048; row += BLOCK) {
    const { values: out, kept } = path.run(values.subarray(row * BANDS), BLOCK, new Uint8Array(BLOCK));
    adder.add(out, kept);
  }
  models[name] = fitPca(adder.finish(), COMPONENTS, axis);
}
const peer = await startPeer(values, models);

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model.trim()}, one core, Node ${process.versions.node}`,
);
console.log(peer ? `peer: ${peer.versions}, one thread` : "no peer: python3 with numpy and scipy is not at hand");
console.log(`${COUNT} spectra of ${BANDS} bands to ${COMPONENTS} scores; µs a spectrum, medians of ${TURNS} turns`);
for (const [name, steps] of Object.entries(pipelines)) {
  // A Python loop over hulls takes a while.
  const peerRows = name === "rubberband" ? 1024 : COUNT;
  const { scores, planned, stepByStep } = waysOf(steps, models[name], kernels);
  timed(stepByStep, values, COUNT);
  const expected = scores.slice();
  scores.fill(0);
  timed(planned, values, COUNT);
  if (!Buffer.from(expected.buffer).equals(Buffer.from(scores.slice().buffer))) {
    throw new Error(`${name}: the plan does not give the bytes of its steps`);
  }
  let apart;
  if (peer) {
    const theirs = await peer.ask(name, peerRows, true);
    const numbers = new Float32Array(Uint8Array.from(Buffer.from(theirs.scores, "base64")).buffer);
    apart = largestDifference(numbers, scores.subarray(0, numbers.length));
    // Float32 sums over 676 bands in both; a curvature is a hundred times smaller than the absorbance that was rounded.
    if (!(apart <= (name === "derivative" ? 1e-4 : 3e-6))) throw new Error(`${name}: ${apart} from the peer`);
  }
  await setTimeout(50);
  const times = { planned: [], steps: [], peer: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    times.planned.push(timed(planned, values, COUNT));
    times.steps.push(timed(stepByStep, values, COUNT));
    if (peer) times.peer.push((await peer.ask(name, peerRows, false)).microseconds);
  }
  const [ours, single, theirs] = [median(times.planned), median(times.steps), median(times.peer)];
  console.log(
    `${name.padEnd(14)} planned ${ours.toFixed(2)}, step by step ${single.toFixed(2)} (×${(single / ours).toFixed(2)}), same bytes` +
      (peer ? `; peer ${theirs.toFixed(1)} (×${(theirs / ours).toFixed(1)}), ${apart.toExponential(0)} apart` : ""),
  );
}
peer?.end();

// Of the table only the other limit has need.
const peak = (await wasmLimits(4096)).flops / 1e9;
console.log(`peak of f32x4 multiply–add: ${peak.toFixed(1)} GFLOP/s`);
for (const bands of [676, 450]) {
  const pca = {
    bands,
    components: COMPONENTS,
    mean: new Float64Array(bands),
    loadings: new Float64Array(bands * COMPONENTS).fill(0.1),
  };
  const project = prepareProjection(pca, kernels);
  const [scores, squares] = [kernels.float32(BLOCK * COMPONENTS), kernels.float64(BLOCK)];
  const rates = Array.from({ length: 4 * TURNS }, () => {
    const start = performance.now();
    for (let i = 0; i < 200; i++) project(values, BLOCK, scores, squares);
    return (200 * BLOCK * 2 * bands * COMPONENTS) / (performance.now() - start) / 1e6;
  });
  const rate = median(rates.slice(TURNS));
  console.log(
    `project ${bands} × ${COMPONENTS}: ${rate.toFixed(1)} GFLOP/s, ${((100 * rate) / peak).toFixed(0)} % of the peak`,
  );
}
