// Whole cubes end to end, from the file to the finished maps, against h5py + numpy + scikit-learn on the same cores with the same
// forest, which scikit-learn fitted. Both sides must give the same classes first; then they are timed in turn.
// Run: npm run build && node bench/whole-cube.js [--quick] [--markdown] [words that must be in a case's name …]
// Cubes and models, some 10 GB, are made once in a folder of the temporary directory; delete it when you need the room.
import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { openHdf5 } from "../dist/hdf5/open.js";
import { cohortOf, readModel, readStain, stainCohort } from "../dist/index.js";
import { alternate } from "./alternate.js";
import { folder, inFolder, makeCube, makeModel } from "./cubes.js";
import { missing, startPeer } from "./python.js";
import { printTable, say, title } from "./table.js";

const FULL = null;
/** Edge in pixels, bands, storage, trees, depth and baseline; where a peer is too slow for the whole cube, `rows` spread over it. */
const cases = [
  { size: 512, bands: 676, layout: "chunked", trees: 100, depth: FULL, baseline: "two-point", quick: true },
  { size: 512, bands: 676, layout: "contiguous", trees: 100, depth: FULL, baseline: "two-point" },
  { size: 512, bands: 676, layout: "gzip", trees: 100, depth: FULL, baseline: "two-point", quick: true },
  { size: 512, bands: 676, layout: "chunked", trees: 100, depth: 12, baseline: "two-point" },
  { size: 512, bands: 676, layout: "chunked", trees: 500, depth: FULL, baseline: "two-point" },
  { size: 512, bands: 676, layout: "chunked", trees: 500, depth: 12, baseline: "two-point" },
  { size: 512, bands: 676, layout: "chunked", trees: 100, depth: FULL, baseline: "loop", rows: 8, quick: true },
  { size: 512, bands: 676, layout: "chunked", trees: 100, depth: FULL, baseline: "vectorised", rows: 32 },
  { size: 1024, bands: 450, layout: "chunked", trees: 100, depth: FULL, baseline: "two-point" },
  { size: 1024, bands: 450, layout: "contiguous", trees: 100, depth: FULL, baseline: "two-point" },
  { size: 1024, bands: 450, layout: "gzip", trees: 100, depth: FULL, baseline: "two-point" },
];
const nameOf = ({ size, bands, layout, trees, depth, baseline }) =>
  `${size}x${size}x${bands} ${layout} ${trees} trees ${depth ? `depth-${depth}` : "full"} ${
    baseline === "two-point" ? baseline : `rubberband (peer: ${baseline})`
  }`;
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const quick = process.argv.includes("--quick");
const chosen = cases.filter((one) => (!quick || one.quick) && words.every((word) => nameOf(one).includes(word)));
const cores = availableParallelism();

/** Share of equal classes and reasons, and the largest difference of a probability in 255ths, over the peer's rows, every `step`-th. */
async function compare(ours, theirs, step) {
  const map = await readStain(ours);
  const file = await openHdf5(theirs);
  const read = (path) => file.read(path);
  try {
    const [classes, rejected, probabilities] = ["/classes", "/rejected", "/probabilities"].map(read);
    const size = map.labels.length;
    let [same, apart] = [0, 0];
    for (let i = 0; i < classes.length; i++) {
      const pixel = Math.floor(i / map.cols) * step * map.cols + (i % map.cols);
      if (map.classes[pixel] === classes[i] && map.rejected[pixel] === rejected[i]) same++;
      for (let k = 0; k < size; k++) {
        const ours = Math.round(map.probabilities[pixel * size + k] * 255);
        apart = Math.max(apart, Math.abs(ours - probabilities[i * size + k]));
      }
    }
    return { agreement: same / classes.length, apart };
  } finally {
    file.close();
  }
}

async function runCase(peer, { size, bands, layout, trees, depth, baseline, rows = size }) {
  const cube = await makeCube(peer, size, bands, layout);
  const { model: modelFile, fitted, about } = await makeModel(peer, bands, baseline, trees, depth);
  const step = size / rows;
  const model = await readModel(modelFile);
  const cohort = cohortOf([cube]);
  const maps = inFolder("maps");
  const ours = (workers) => async () => {
    const { failures } = await stainCohort(cohort, model, maps, {
      hash: false,
      again: true,
      pictures: "none",
      workers,
    });
    if (failures.length) throw new Error(failures[0].error);
  };
  const out = inFolder("peer.h5");
  const theirs = async () => (await peer.ask({ verb: "stain", cube, fitted, baseline, out, rows, step })).seconds;
  await ours(cores)();
  await theirs();
  const { agreement, apart } = await compare(join(maps, `${cohort.rows[0].name}.stain.h5`), out, step);
  // Scores are float32 on both sides but summed in another order: a score on a threshold may fall to the other side.
  if (!(agreement > 0.999)) throw new Error(`only ${agreement} of the classes agree, so no time is worth printing`);
  const times = await alternate({ one: ours(1), all: ours(cores), peer: theirs });
  const rate = (seconds, height) => (size * height) / seconds / 1000;
  return {
    gigabytes: statSync(cube).size / 1e9,
    nodes: JSON.parse(readFileSync(about, "utf8")).nodes,
    agreement,
    apart,
    one: rate(times.one.median, size),
    all: rate(times.all.median, size),
    peer: rate(times.peer.median, rows),
  };
}

title();
const install = missing("h5py", "numpy", "scipy", "sklearn");
if (install) {
  say(`no peer, and so no ratio; to have it: ${install}`);
} else {
  const peer = startPeer("whole-cube.py", []);
  try {
    say(`peer: ${(await peer.ask({ verb: "versions" })).versions}, ${cores} cores; files in ${folder}`);
    say("20 components; k spectra/s, medians of 5 turns; a peer that is slow had some rows only");
    const found = [];
    for (const one of chosen) {
      const result = await runCase(peer, one);
      const { gigabytes, nodes, agreement, apart } = result;
      const same = `${(100 * agreement).toFixed(4)} % of the classes agree, probabilities within ${apart}/255`;
      say(`${nameOf(one)}: ${gigabytes.toFixed(2)} GB, ${nodes} nodes; ${same}`);
      found.push([
        nameOf(one),
        result.peer.toFixed(1),
        result.all.toFixed(0),
        `${(result.all / result.peer).toFixed(1)}`,
        result.one.toFixed(0),
        (result.all / result.one).toFixed(2),
      ]);
    }
    const head = ["case", "peer", `ours, ${cores} workers`, "ratio", "1 worker", `${cores} over 1`];
    printTable(head, found);
  } finally {
    peer.end();
  }
}
