// A picture of the phantom: node notebooks/phantom.mjs [FILE.png], docs/phantom.png if not given.
// One row a core, with cancer and without: truth, annotation, amide I of HD, amide I of SD. Build the package first.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { nearestBand } from "../dist/cube/axis.js";
import { openHdf5 } from "../dist/hdf5/open.js";
import { planCohort } from "../dist/simulate/plan-cohort.js";
import { writeCore } from "../dist/simulate/write-core.js";

// Substrate, cancer, benign, stroma, inflammation, blood, necrosis.
const colours = ["ffffff", "d55e00", "0072b2", "a8d5ba", "9a6fb0", "e69f00", "4d4d4d"].map((hex) =>
  [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)),
);
const size = 320;
const gap = 8;
const plan = planCohort({ seed: 1, patients: 4, size });
const entries = ["cancer", "benign"].map((diagnosis) => plan.entries.find((entry) => entry.diagnosis === diagnosis));
const width = 4 * size + 3 * gap;
const height = entries.length * size + (entries.length - 1) * gap;
const picture = new Uint8Array(width * height * 3).fill(255);

const folder = mkdtempSync(join(tmpdir(), "phantom-"));
for (const [i, entry] of entries.entries()) {
  const hd = await cubeOf(entry, "HD");
  const sd = await cubeOf(entry, "SD");
  // One grey scale for both: black is the thinnest, white the 99.5th percentile of the core in HD.
  const white = Float32Array.from(hd.amideI).sort()[Math.floor(0.995 * hd.amideI.length)];
  // 64 steps of grey are enough for the eye and make a small file.
  const grey = (value) => Array(3).fill(4 * Math.round(63 * Math.min(1, Math.max(0, value / white))));
  paint(i, 0, (row, col) => colours[hd.truth[row * size + col]]);
  paint(i, 1, (row, col) => faint(colours[hd.truth[row * size + col]], hd.labels[row * size + col] > 0));
  paint(i, 2, (row, col) => grey(hd.amideI[row * size + col]));
  paint(i, 3, (row, col) => grey(sd.amideI[Math.floor(row / 5) * (size / 5) + Math.floor(col / 5)]));
}
rmSync(folder, { recursive: true });
writeFileSync(
  process.argv[2] ?? new URL("../docs/phantom.png", import.meta.url),
  encode({ width, height, data: picture, channels: 3 }, { zlib: { level: 9 } }),
);

/** Truth, annotation and absorbance at 1655 cm-1 of a core. */
async function cubeOf(entry, mode) {
  const path = join(folder, `${entry.core}-${mode}.h5`);
  await writeCore(path, plan, entry, mode);
  const file = await openHdf5(path);
  const [rows, cols] = file.info("/cube").shape;
  const band = nearestBand(file.read("/wavenumbers"), 1655);
  const amideI = file.read("/cube", [0, 0, band], [rows, cols, 1]);
  const cube = { truth: file.read("/truth"), labels: file.read("/labels"), amideI };
  file.close();
  return cube;
}

function faint(colour, marked) {
  return marked ? colour : colour.map((value) => Math.round(255 - 0.18 * (255 - value)));
}

function paint(row, panel, colourAt) {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      picture.set(colourAt(i, j), ((row * (size + gap) + i) * width + panel * (size + gap) + j) * 3);
    }
  }
}
