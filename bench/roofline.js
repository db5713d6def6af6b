// How far each stage of a whole cube is from what the machine can do, measured in the same run on one core: reading, steps,
// projection, forest and writing, microseconds a spectrum; and which of them bounds the whole.
// Run: npm run build && node bench/roofline.js [--markdown] [chunked|contiguous|gzip] [model.h5 cube.h5]
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { prepareForest } from "../dist/classify/predict-forest.js";
import { cohortOf, openCube, readModel, simdKernels, stainCohort } from "../dist/index.js";
import { TOGETHER } from "../dist/pipeline/classify-block.js";
import { BLOCK, preparePath } from "../dist/pipeline/path.js";
import { prepareProjection } from "../dist/reduce/project.js";
import { decide } from "../dist/stain/decide.js";
import { deflateStrips, stripRows, writeStainFile } from "../dist/stain/write-stain.js";
import { alternate, median } from "./alternate.js";
import { inFolder, makeCube, makeModel } from "./cubes.js";
import { copyLimits, deflateLimit, inflateLimit, readLimit, readLimitOf, wasmLimits } from "./machine.js";
import { missing, startPeer } from "./python.js";
import { printTable, say, title } from "./table.js";

const cores = availableParallelism();
const layout = ["contiguous", "gzip"].find((name) => process.argv.includes(name)) ?? "chunked";
const given = process.argv.slice(2).filter((word) => word.endsWith(".h5"));

/** The cube and the model of the whole-cube bench; those that are named where there is no Python to make them. */
async function subject() {
  if (given.length === 2) return { model: given[0], cube: given[1] };
  const install = missing("h5py", "numpy", "scipy", "sklearn");
  if (install) throw new Error(`name a model and a cube, or, to have them made: ${install}`);
  const peer = startPeer("whole-cube.py", []);
  try {
    const cube = await makeCube(peer, 512, 676, layout);
    return { cube, model: (await makeModel(peer, 676, "two-point", 100, null)).model };
  } finally {
    peer.end();
  }
}

/** Seconds of one call, the median of several; the first ones are for the compiler. */
async function time(run, rounds = 7) {
  await run();
  await run();
  const seconds = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run();
    seconds.push((performance.now() - start) / 1000);
  }
  return median(seconds);
}

/** Nodes that a spectrum passes on its way down all trees, on average. */
function nodesPassed({ roots, left, feature, threshold, features }, scores, count) {
  let passed = 0;
  for (let row = 0; row < count; row++) {
    for (const root of roots) {
      let node = root;
      while (left[node] !== node) {
        passed++;
        node = left[node] + (scores[row * features + feature[node]] <= threshold[node] ? 0 : 1);
      }
    }
  }
  return passed / count;
}

title();
const paths = await subject();
const model = await readModel(paths.model);
const reader = await openCube(paths.cube, {});
const { rows, cols, axis } = reader.cube;
const bands = axis.wavenumbers.length;
const { components } = model.pca;
const classes = model.labels.length;

const kernels = simdKernels();
// A strip of the map at the least.
const height = Math.min(rows, Math.max(16, reader.rowsPerBlock));
const tile = kernels.float32(height * cols * bands);
const read = await time(() => {
  for (let row = 0; row < rows; row += height) {
    const now = Math.min(height, rows - row);
    reader.read({ row, rows: now }, tile.subarray(0, now * cols * bands));
  }
}, 3);

// From here on one tile from the middle of the cube, where there is tissue.
reader.read({ row: Math.max(0, Math.floor((rows - height) / 2)), rows: height }, tile);
const count = height * cols;
const path = preparePath(model.pipeline.steps, axis.wavenumbers, kernels);
const project = prepareProjection(model.pca, kernels);
const predict = prepareForest(model.forest, kernels);
const kept = kernels.float32(count * path.wavenumbers.length);
const scores = kernels.float32(count * components);
const squares = kernels.float64(count);
const probabilities = kernels.float32(count * classes);
const rejected = new Uint8Array(count);
const blocks = Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => [
  i * BLOCK,
  Math.min(count, (i + 1) * BLOCK),
]);
/** The whole tile block by block, as it is stained. */
const inBlocks =
  (total, run, block = BLOCK) =>
  () => {
    for (let start = 0; start < total; start += block) run(start, Math.min(total, start + block));
  };
const part = (array, width, start, end) => array.subarray(start * width, end * width);

let total = 0;
for (const [start, end] of blocks) {
  const through = path.run(part(tile, bands, start, end), end - start, rejected.subarray(start, end));
  kept.set(through.values.subarray(0, through.kept * path.wavenumbers.length), total * path.wavenumbers.length);
  total += through.kept;
}
const outBands = path.wavenumbers.length;
const seconds = {
  steps: await time(
    inBlocks(count, (start, end) => path.run(part(tile, bands, start, end), end - start, new Uint8Array(end - start))),
  ),
  project: await time(
    inBlocks(total, (start, end) =>
      project(part(kept, outBands, start, end), end - start, part(scores, components, start, end), squares),
    ),
  ),
  forest: await time(
    inBlocks(
      total,
      (start, end) =>
        predict(part(scores, components, start, end), end - start, part(probabilities, classes, start, end)),
      TOGETHER,
    ),
  ),
};
const map = { classes: new Uint8Array(count), probabilities: Float32Array.from(probabilities), rejected };
decide(map.probabilities, count, model.labels, 0, map.rejected, map.classes);
const mapFile = inFolder("roofline.stain.h5");
const header = { ...reader.cube, classNames: model.classNames, labels: model.labels, pipeline: model.pipeline };
const about = { ...header, source: paths.cube, model: "", version: "", stamps: [] };
const strip = stripRows(about);
/** The chunks of the whole map, the rows of the tile over and over. */
function* chunks() {
  for (let row = 0; row < rows; row += strip) {
    const now = Math.min(strip, rows - row);
    yield* deflateStrips(about, {
      row,
      rows: now,
      classes: map.classes.subarray(0, now * cols),
      probabilities: map.probabilities.subarray(0, now * cols * classes),
      rejected: map.rejected.subarray(0, now * cols),
    });
  }
}
const write = await time(() => writeStainFile(mapFile, about, chunks), 3);
rmSync(mapFile);

const { flops, looks } = await wasmLimits(model.forest.left.length * 8);
const copy = copyLimits();
const raw = readLimit(paths.cube);
const rawAll = await readLimitOf(paths.cube, cores);
const inflate = inflateLimit(tile);
const stored = Uint8Array.from({ length: count * (classes + 2) }, (_, i) =>
  i < count * classes
    ? Math.round(255 * probabilities[i])
    : i < count * (classes + 1)
      ? map.classes[i % count]
      : map.rejected[i % count],
);
const deflate = deflateLimit(stored);
const passed = nodesPassed(model.forest, scores, Math.min(total, 2048));

const giga = (value) => (value / 1e9).toFixed(1);
printTable(
  ["what the machine can do", ""],
  [
    ["multiply–add, wasm f32x4, a core", `${giga(flops)} GFLOP/s`],
    ["independent 8-byte loads from a table of the forest's size, a core", `${giga(looks)} G/s`],
    ["copying in cache, a core", `${giga(copy.cache)} GB/s`],
    ["copying in memory, a core", `${giga(copy.memory)} GB/s`],
    ["reading the file raw from the page cache, one thread", `${giga(raw)} GB/s`],
    [`reading the file raw from the page cache, ${cores} threads`, `${giga(rawAll)} GB/s`],
    ["inflating shuffled spectra, Node's zlib, a core", `${giga(inflate)} GB/s`],
    ["deflating maps, Node's zlib level 2, a core", `${giga(deflate)} GB/s`],
  ],
);

const cohort = cohortOf([paths.cube]);
const stain = (workers) => () =>
  stainCohort(cohort, model, inFolder("maps"), { hash: false, again: true, pictures: "none", workers });
const whole = await alternate({ one: stain(1), all: stain(cores) });
reader.close();

const micro = (time, spectra) => (time * 1e6) / spectra;
const spectrum = bands * 4;
const limits = [
  [
    "read",
    micro(read, rows * cols),
    (spectrum / (layout === "gzip" ? inflate : raw)) * 1e6,
    layout === "gzip" ? "inflating" : "raw read",
  ],
  [
    "steps",
    micro(seconds.steps, count),
    ((spectrum + outBands * 4) / 2 / copy.cache) * 1e6,
    "one pass through the cache",
  ],
  ["projection", micro(seconds.project, total), ((2 * outBands * components) / flops) * 1e6, "multiply–add"],
  ["forest", micro(seconds.forest, total), (passed / looks) * 1e6, `a load for each of ${passed.toFixed(0)} nodes`],
  ["write", micro(write, rows * cols), ((classes + 2) / deflate) * 1e6, "deflating"],
];
say(
  `${paths.cube.split("/").at(-1)}: ${rows} × ${cols} × ${bands}, ${components} components, ${model.forest.trees} trees of ${model.forest.left.length} nodes`,
);
printTable(
  ["stage, one core", "µs/spectrum", "limit", "of the limit", "the limit is"],
  limits.map(([name, own, limit, what]) => [
    name,
    own.toFixed(2),
    limit.toFixed(2),
    `${((100 * limit) / own).toFixed(0)} %`,
    what,
  ]),
);
const sum = limits.reduce((added, [, own]) => added + own, 0);
const [slowest] = [...limits].sort((a, b) => b[1] - a[1]);
const [one, all] = [whole.one, whole.all].map(({ median: value }) => micro(value, rows * cols));
say(
  `the stages add up to ${sum.toFixed(2)} µs; the whole takes ${one.toFixed(2)} with one worker, ${all.toFixed(2)} with ${cores}, start and end included`,
);
say(`the whole is bound by: ${slowest[0]} (${((100 * slowest[1]) / sum).toFixed(0)} % of the stages)`);
