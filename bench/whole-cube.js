// A whole cube end to end, against h5py + numpy + scikit-learn on the same cores with the same model. First both must give the same
// classes; only then are they timed, each from the open file to the finished map, the best of three.
// Run: npm run build && node bench/whole-cube.js [edge in pixels] [bands]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cohortOf, definePipeline, readModel, readStain, simulateCohort, stainCohort } from "../dist/index.js";
import { python } from "./python.js";

const edge = Number(process.argv[2] ?? 1000);
const bands = Number(process.argv[3] ?? 676);
const folder = join(tmpdir(), `spectrastain-bench-${edge}-${bands}`);
mkdirSync(folder, { recursive: true });
const inFolder = (name) => join(folder, name);

// The steps of the Python peer; no rejection, so that every pixel is classified on both sides.
const pipeline = {
  name: "bench",
  steps: [
    { correct: "keep", params: { ranges: [[900, 1800]] } },
    { correct: "baseline-two-point" },
    { normalise: "vector" },
  ],
  reduce: { components: 20, outside: 0 },
  classify: { trees: 200 },
  stain: { threshold: 0 },
};
definePipeline(pipeline);
writeFileSync(inFolder("pipeline.json"), JSON.stringify(pipeline));

const step = 900 / (bands - 1);
const axis = { modes: ["HD"], start: 900, stop: 900 + step * (bands - 0.5), step };
const {
  cubes: [cube],
} = await simulateCohort(inFolder("cube"), { ...axis, patients: 1, size: edge, seed: 1 });
// Hard tissue, much annotated: a forest of the size that real tissue asks for.
const known = { ...axis, patients: 12, size: 240, labelled: 0.5, difficulty: 1, seed: 2 };
const { cubes } = await simulateCohort(inFolder("known"), known);

const peerScript = fileURLToPath(new URL("peers/whole-cube.py", import.meta.url));
function peer(...args) {
  const done = spawnSync(python, [peerScript, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (done.status !== 0) throw new Error(`the peer failed; it needs h5py, numpy and scikit-learn`);
  return JSON.parse(done.stdout);
}
const fitted = existsSync(inFolder("fitted.pickle"))
  ? JSON.parse(readFileSync(inFolder("fitted.json"), "utf8"))
  : peer("fit", inFolder("pipeline.json"), inFolder("model.h5"), inFolder("fitted.pickle"), ...cubes);
writeFileSync(inFolder("fitted.json"), JSON.stringify(fitted));
const model = await readModel(inFolder("model.h5"));

const cohort = cohortOf([cube]);
const ours = async (pictures) => {
  const start = performance.now();
  const { stains, failures } = await stainCohort(cohort, model, inFolder("maps"), {
    hash: false,
    again: true,
    pictures,
  });
  if (failures.length) throw new Error(failures[0].error);
  return { seconds: (performance.now() - start) / 1000, stain: stains[0] };
};

const first = await ours("none");
const theirs = peer("stain", cube, inFolder("fitted.pickle"), inFolder("peer.h5"));
const map = await readStain(join(inFolder("maps"), `${cohort.rows[0].name}.stain.h5`));
const peerClasses = readFileSync(inFolder("peer.h5.classes"));
const peerProbabilities = readFileSync(inFolder("peer.h5.probabilities"));
let same = 0;
let apart = 0;
for (let i = 0; i < peerClasses.length; i++) if (map.classes[i] === peerClasses[i]) same++;
for (let i = 0; i < peerProbabilities.length; i++) {
  apart = Math.max(apart, Math.abs(Math.round(map.probabilities[i] * 255) - peerProbabilities[i]));
}
const agreement = same / peerClasses.length;
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.versions.node}`,
);
console.log(`peer: h5py, ${theirs.versions}, ${availableParallelism()} cores`);
console.log(
  `simulated cube ${edge} × ${edge} × ${bands}, ${(statSync(cube).size / 1e9).toFixed(2)} GB; 20 components, forest of 200 trees, ${fitted.nodes} nodes`,
);
console.log(
  `agreement: ${(100 * agreement).toFixed(4)} % of the classes; largest difference of a probability ${apart}/255`,
);
// Scores are float32 on both sides but summed in another order: a score on a threshold may fall to the other side.
if (!(agreement > 0.999)) throw new Error("the two sides do not agree, so no time is worth printing");

const spectra = edge * edge;
const best = { maps: first.seconds, all: Number.POSITIVE_INFINITY, theirs: theirs.seconds };
for (let i = 0; i < 2; i++) {
  best.maps = Math.min(best.maps, (await ours("none")).seconds);
  best.all = Math.min(best.all, (await ours("report")).seconds);
  best.theirs = Math.min(best.theirs, peer("stain", cube, inFolder("fitted.pickle"), inFolder("peer.h5")).seconds);
}
const line = (name, seconds, what) => {
  const rate = `${seconds.toFixed(2)} s ${(spectra / seconds / 1000).toFixed(0).padStart(5)} k spectra/s`;
  console.log(`${name.padEnd(14)} ${rate}  ratio ${(best.theirs / seconds).toFixed(2)}  ${what}`);
};
line("peer", best.theirs, "open file to HDF5 maps");
line("spectrastain", best.maps, "open file to HDF5 maps");
line("spectrastain", best.all, "the same, and polygons, figure and pictures");
