// Time and peak memory of a stain through the command line as cubes grow in height, ×1, ×4 and ×16, with one worker and with two;
// and what follows for 700 million spectra of 450 bands. Memory is the proportional set size of all processes, sampled.
// Run: npm run build && node bench/growth.js [--quick] [--markdown]. Needs 10 GB in the temporary directory, 3 GB with --quick.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createHdf5 } from "../dist/hdf5/create.js";
import { openCube, readTiles, simulateCohort } from "../dist/index.js";
import { inFolder, once } from "./cubes.js";
import { printTable, say, title } from "./table.js";

const BANDS = 450;
const [COLS, ROWS] = [1000, 250];
const factors = process.argv.includes("--quick") ? [1, 4] : [1, 4, 16];
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const step = 900 / (BANDS - 1);
const axis = { modes: ["HD"], start: 900, stop: 900 + step * (BANDS - 0.5), step };

/** A model fitted by the command line with the default pipeline. */
const makeModel = () =>
  once("growth-model.h5", async (out) => {
    const known = await simulateCohort(inFolder("growth-known"), { ...axis, patients: 8, size: 120, labelled: 0.5 });
    const { status } = spawnSync(process.execPath, [cli, "fit", known.cohort, "--out", out, "--quiet"], {
      stdio: "inherit",
    });
    if (status !== 0) throw new Error("the model could not be fitted");
  });

/** A simulated cube whose rows are repeated `factor` times. */
const makeCube = (factor) =>
  once(`growth-${factor}.h5`, async (out) => {
    const { cubes } = await simulateCohort(inFolder("growth-source"), {
      ...axis,
      patients: 1,
      size: COLS,
      height: ROWS,
    });
    const source = await openCube(cubes[0], {});
    await createHdf5(out, async (file) => {
      const cube = file.dataset("/cube", {
        shape: [ROWS * factor, COLS, BANDS],
        type: "float32",
        chunks: [1, COLS, BANDS],
        attributes: { quantity: "absorbance" },
      });
      file.put("/wavenumbers", source.cube.axis.wavenumbers, { attributes: { units: "cm-1" } });
      for (let copy = 0; copy < factor; copy++) {
        for await (const { row, rows, spectra } of readTiles(source)) {
          cube.write([copy * ROWS + row, 0, 0], [rows, COLS, BANDS], spectra.values);
        }
      }
    });
    source.close();
  });

/** A process and all that descend from it. */
function familyOf(pid) {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return [pid, ...children.flatMap(familyOf)];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function proportionalBytes(pid) {
  try {
    return 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Seconds and peak memory of a command. */
function measure(args) {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(
      peak,
      familyOf(child.pid).reduce((sum, pid) => sum + proportionalBytes(pid), 0),
    );
  }, 100);
  return new Promise((done, failed) => {
    child.once("exit", (status) => {
      clearInterval(sampler);
      if (status === 0) done({ seconds: (performance.now() - start) / 1000, peak });
      else failed(new Error(`spectrastain ${args.join(" ")} ended with ${status}`));
    });
  });
}

title();
const model = await makeModel();
const found = [];
for (const factor of factors) {
  const cube = await makeCube(factor);
  for (const workers of [1, 2]) {
    const how = ["--out", inFolder("growth-maps"), "--again", "--no-hash", "--pictures", "none", "--quiet"];
    // Once to bring the file into the page cache, if it fits.
    if (workers === 1) await measure(["stain", model, cube, ...how, "--workers", "2"]);
    const { seconds, peak } = await measure(["stain", model, cube, ...how, "--workers", `${workers}`]);
    found.push({ factor, workers, spectra: ROWS * factor * COLS, seconds, peak });
  }
}
say(
  `${ROWS} × ${COLS} × ${BANDS} float32 (0.45 GB) and its multiples in height, default pipeline, maps only; one run each`,
);
printTable(
  ["height", "workers", "spectra", "s", "k spectra/s", "peak MB"],
  found.map(({ factor, workers, spectra, seconds, peak }) => [
    `×${factor}`,
    workers,
    spectra,
    seconds.toFixed(1),
    (spectra / seconds / 1000).toFixed(0),
    (peak / 1e6).toFixed(0),
  ]),
);

/** Seconds for each further spectrum, from the smallest cube to the largest: start and end are left out. */
function slope(workers) {
  const of = found.filter((one) => one.workers === workers);
  const [first, last] = [of[0], of[of.length - 1]];
  return (last.seconds - first.seconds) / (last.spectra - first.spectra);
}

/** 700 million spectra, with t(n) = serial + parallel / n (Amdahl) from what one worker and two have taken. */
function project(one, two) {
  const parallel = 2 * (one - two);
  const serial = one - parallel;
  const spectra = 700e6;
  const bytes = spectra * BANDS * 4;
  printTable(
    ["700 million spectra × 450 bands", "hours", "k spectra/s", "GB/s to be read"],
    [2, 16, 64].map((cores) => {
      const each = Math.max(0, serial) + (one - Math.max(0, serial)) / cores;
      const total = spectra * each;
      const rate = (1 / each / 1000).toFixed(0);
      return [
        `${cores} cores${cores > 2 ? ", projected" : ""}`,
        (total / 3600).toFixed(2),
        rate,
        (bytes / total / 1e9).toFixed(1),
      ];
    }),
  );
  say(
    `assumed: ${(bytes / 1e12).toFixed(2)} TB of float32 stored as here; of ${(one * 1e6).toFixed(2)} µs a spectrum ` +
      `${(Math.max(0, serial) * 1e6).toFixed(2)} do not shrink with the workers; cores like these, each with as much cache and memory ` +
      "bandwidth; a disk that gives the last column (here the files came from the page cache); one process, one cube at a time",
  );
}

const [one, two] = [slope(1), slope(2)];
if (two < one) project(one, two);
else say("two workers were no faster than one, so nothing is projected: something else was running");
