// Peak memory of whole runs, each a process of its own, threads included: large cubes with and without labels, smoothing, pictures, and
// small files that claim to be large. Prints the table of docs/reliability.md. Linux only (/proc).
// Run: npm run build && node bench/memory.js FOLDER [--size 5] [--markdown] [words that must be in a run's name …]
// FOLDER takes twice the size in GB and some more; delete it when you need the room.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createHdf5 } from "../dist/hdf5/create.js";
import { openHdf5 } from "../dist/hdf5/open.js";
import { simulateCohort } from "../dist/index.js";
import { readModel, writeModel } from "../dist/pipeline/model-file.js";
import { printTable, say, title } from "./table.js";

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = words.indexOf(name);
  return at < 0 ? otherwise : words.splice(at, 2)[1];
};
const gigabytes = Number(option("--size", "5"));
const [folder, ...wanted] = words.filter((word) => !word.startsWith("--"));
if (!folder || !(gigabytes > 0)) throw new Error("name a folder with room for twice the size of the cube");
mkdirSync(folder, { recursive: true });
const inFolder = (name) => resolve(folder, name);

const BANDS = 117;
const PROMISE = 700;
const edge = Math.round(Math.sqrt((gigabytes * 1e9) / (4 * BANDS)));
const { bavail, bsize } = statfsSync(folder);
const needed = 2 * gigabytes * 1e9 + 2e9;
if (!existsSync(inFolder(`labelled-${gigabytes}.h5`)) && bavail * bsize < needed) {
  throw new Error(`${folder} has ${(bavail * bsize) / 1e9} GB left; ${needed / 1e9} are needed`);
}

const axis = { modes: ["HD"], start: 900, stop: 900 + 7.5 * (BANDS - 0.5), step: 7.5 };

async function once(name, make) {
  const path = inFolder(name);
  if (!existsSync(path)) {
    await make(`${path}.tmp`);
    renameSync(`${path}.tmp`, path);
  }
  return path;
}

/** A large cube: a simulated core, side by side and one below the other. Every pixel has a label, or none has. */
const cube = (name, labelled) =>
  once(`${name}-${gigabytes}.h5`, async (out) => {
    const { cubes } = await simulateCohort(inFolder("core"), { ...axis, patients: 1, size: 200, seed: 1 });
    const core = await openHdf5(cubes[0]);
    const wavenumbers = core.read("/wavenumbers");
    const spectra = core.read("/cube");
    const truth = core.read("/truth");
    const names = core.attributes("/labels").class_names;
    core.close();
    const size = Math.sqrt(truth.length);
    await createHdf5(out, (file) => {
      file.attributes("/", { patient: "large", pixel_size_um: 5.5, origin: "simulated", source: "a core, repeated" });
      const attributes = { quantity: "absorbance" };
      const chunks = [16, 16, BANDS];
      const cube = file.dataset("/cube", { shape: [edge, edge, BANDS], type: "float32", chunks, attributes });
      file.put("/wavenumbers", wavenumbers, { attributes: { units: "cm-1" } });
      const tile = (values, width, from, height) => {
        const rows = new values.constructor(height * edge * width);
        for (let y = 0; y < height; y++) {
          const start = ((from + y) % size) * size * width;
          for (let x = 0; x < edge; x += size) {
            const part = values.subarray(start, start + Math.min(size, edge - x) * width);
            rows.set(part, (y * edge + x) * width);
          }
        }
        return rows;
      };
      const labels =
        labelled && file.dataset("/labels", { shape: [edge, edge], type: "uint8", attributes: { class_names: names } });
      for (let row = 0; row < edge; row += 16) {
        const height = Math.min(16, edge - row);
        cube.write([row, 0, 0], [height, edge, BANDS], tile(spectra, BANDS, row, height));
        if (labels)
          labels.write(
            [row, 0],
            [height, edge],
            tile(truth, 1, row, height).map((label) => label || 1),
          );
      }
    });
  });

const model = (smoothing) =>
  once(`model-${smoothing}.h5`, async (out) => {
    if (smoothing === "none") {
      const known = { ...axis, patients: 6, size: 120, labelled: 0.5, difficulty: 1, seed: 2 };
      const { cohort } = await simulateCohort(inFolder("known"), known);
      await run(["fit", cohort, "--out", out]);
      return;
    }
    const plain = await readModel(await model("none"));
    const { pipeline } = plain;
    await writeModel(out, { ...plain, pipeline: { ...pipeline, stain: { ...pipeline.stain, smoothing } } });
  });

/** A file of some kB that claims 60,000 × 60,000 pixels with labels and a mask; of some a chunk is written, of others none. */
const claiming = (name, chunks, fill = () => {}) =>
  once(`${name}.h5`, (out) =>
    createHdf5(out, (file) => {
      const shape = [60_000, 60_000];
      file.attributes("/", { origin: "simulated" });
      file.dataset("/cube", { shape: [...shape, BANDS], type: "float32", chunks: [1, 1000, BANDS], gzip: 4 });
      file.put(
        "/wavenumbers",
        Float64Array.from({ length: BANDS }, (_, i) => 900 + 7.5 * i),
      );
      const plane = { shape, type: "uint8", chunks, gzip: 4 };
      fill(file.dataset("/labels", { ...plane, attributes: { class_names: ["unlabelled", "cancer", "benign"] } }));
      fill(file.dataset("/mask", plane));
    }),
  );

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const peakFile = inFolder("peak.txt");
/** Loaded before the program: what the system says of the process when it ends. VmHWM is the peak, all threads together. */
const hook = `import { readFileSync, writeFileSync } from "node:fs"; import { isMainThread } from "node:worker_threads";
if (isMainThread) process.on("exit", () => writeFileSync(${JSON.stringify(peakFile)}, readFileSync("/proc/self/status")));`;

/** Run the program, and give its exit status, seconds and peak in MB; NaN where it did not live to tell. */
async function run(args) {
  rmSync(peakFile, { force: true });
  const started = performance.now();
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  const child = spawn(process.execPath, ["--import", preload, main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said = `${said}${text}`.slice(-2000);
  });
  const [code, signal] = await new Promise((done) => child.on("exit", (...how) => done(how)));
  const seconds = (performance.now() - started) / 1000;
  const status = existsSync(peakFile) ? readFileSync(peakFile, "utf8") : "";
  const peak = (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6;
  return { code: code ?? signal, seconds, peak, said: said.trim().split("\n").at(-1) ?? "" };
}

const stain =
  (name, smoothing, ...rest) =>
  async () => {
    const out = inFolder("maps");
    rmSync(out, { recursive: true, force: true });
    const labelled = name === "labelled";
    return run(["stain", await model(smoothing), await cube(name, labelled), "--out", out, "--quiet", ...rest]);
  };
const written = (plane) => plane.write([2500, 40], [1, 2], Uint8Array.of(1, 1));
const inspect = (name, chunks, fill) => async () => run(["inspect", await claiming(name, chunks, fill)]);
const size = `${gigabytes} GB`;
const runs = [
  [`stain, maps only, ${size}`, stain("plain", "none", "--pictures", "none")],
  [`stain, unlabelled, ${size}`, stain("plain", "none")],
  [`stain, every pixel labelled, ${size}`, stain("labelled", "none")],
  [`stain, majority, ${size}`, stain("labelled", "majority")],
  [`stain, guided, ${size}`, stain("labelled", "guided")],
  [`stain, all pictures, ${size}`, stain("labelled", "none", "--pictures", "all")],
  [`stain, float32, ${size}`, stain("labelled", "none", "--float32")],
  [
    `fit, every pixel labelled, ${size}`,
    async () => run(["fit", await cube("labelled", true), "--out", inFolder("fitted.h5"), "--quiet"]),
  ],
  [`inspect, every pixel labelled, ${size}`, async () => run(["inspect", await cube("labelled", true)])],
  ["inspect, 60,000² claimed, nothing written", inspect("claims", [1000, 1000])],
  ["inspect, 60,000² claimed, one chunk written", inspect("claims-one", [1000, 1000], written)],
  ["inspect, 3.6·10⁹ chunks claimed", inspect("claims-chunks", [1, 1])],
  ["inspect, a chunk of 3.6 GB claimed", inspect("claims-chunk", [60_000, 60_000])],
];

title();
say(
  `a cube of ${edge} × ${edge} pixels, ${BANDS} bands; peak resident of the process (VmHWM); promised: ${PROMISE} MB`,
);
const rows = [];
for (const [name, measure] of runs.filter(([name]) => wanted.every((word) => name.includes(word)))) {
  const { code, seconds, peak, said } = await measure();
  rows.push([name, peak.toFixed(0), seconds.toFixed(0), `${code}`]);
  console.error(`${name}: ${peak.toFixed(0)} MB, ${seconds.toFixed(0)} s, exit ${code}${code ? ` (${said})` : ""}`);
}
printTable(["run", "peak MB", "s", "exit"], rows);
writeFileSync(join(folder, "memory.json"), JSON.stringify(rows));
