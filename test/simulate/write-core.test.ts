import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { afterAll, expect, test } from "vitest";
import { openHdf5 } from "#hdf5/open";
import { planCohort } from "#simulate/plan-cohort";
import { writeCore } from "#simulate/write-core";

const folder = mkdtempSync(join(tmpdir(), "phantom-"));
afterAll(() => rmSync(folder, { recursive: true }));

const small = planCohort({ seed: 7, patients: 2, size: 60, step: 10 });

async function readCube(path: string) {
  const file = await openHdf5(path);
  const [rows, cols, bands] = file.info("/cube").shape;
  const read = {
    rows,
    cols,
    bands,
    values: file.read("/cube") as Float32Array,
    axis: file.read("/wavenumbers") as Float64Array,
    labels: file.read("/labels") as Uint8Array,
    truth: file.read("/truth") as Uint8Array,
    chunks: file.info("/cube").chunks,
    cube: file.attributes("/cube"),
    labelled: file.attributes("/labels"),
    whole: file.attributes("/"),
  };
  file.close();
  return read;
}

test("a cube has the layout of the house and says that it is simulated", async () => {
  const path = join(folder, "layout.h5");
  const seen: number[][] = [];
  await writeCore(path, small, small.entries[0], "SD", { onRows: (done, total) => seen.push([done, total]) });
  const read = await readCube(path);
  expect([read.rows, read.cols, read.bands]).toEqual([12, 12, 91]);
  expect(read.chunks).toEqual([12, 12, 91]);
  expect(read.axis[0]).toBe(899);
  expect(read.cube).toMatchObject({ quantity: "absorbance" });
  expect(read.labelled.class_names).toEqual([
    "unlabelled",
    "cancer",
    "benign",
    "stroma",
    "inflammation",
    "blood",
    "necrosis",
  ]);
  expect(read.whole).toMatchObject({
    pixel_size_um: 5.5,
    modality: "FTIR",
    mode: "SD",
    patient: "P01",
    core: "P01-C1",
    slide: "S01",
    geometry: "transmission",
    origin: "simulated",
  });
  expect(read.whole.source).toMatch(/seed 7/);
  expect(seen.at(-1)).toEqual([12, 12]);
  expect(read.values.every(Number.isFinite)).toBe(true);
});

test("the same plan gives the same numbers to the last bit, another seed or core others", async () => {
  const bytes = async (name: string, plan: typeof small, core: number) => {
    const path = join(folder, name);
    await writeCore(path, plan, plan.entries[core], "HD");
    // Datasets, not the file: HDF5 puts the time of writing into it.
    const { values, labels, truth, axis } = await readCube(path);
    return Buffer.concat([values, labels, truth, axis].map(({ buffer }) => Buffer.from(buffer)));
  };
  const first = await bytes("first.h5", small, 0);
  expect(first.equals(await bytes("again.h5", small, 0))).toBe(true);
  expect(first.equals(await bytes("core.h5", small, 1))).toBe(false);
  const other = planCohort({ seed: 8, patients: 2, size: 60, step: 10 });
  expect(first.equals(await bytes("seed.h5", other, 0))).toBe(false);
});

test("a stop leaves no file behind", async () => {
  const stopped = join(folder, "stopped");
  await expect(
    writeCore(`${stopped}.h5`, small, small.entries[0], "HD", { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ name: "SpectraError", kind: "cancelled" });
  expect(readdirSync(folder).filter((name) => name.includes("stopped"))).toEqual([]);
});

test("amide I of tissue has its maximum between 1645 and 1665 cm-1, amide II 0.55 to 0.75 of its height", async () => {
  const plan = planCohort({ seed: 1, patients: 2, step: 7.7 });
  const ratios: number[][] = Array.from({ length: 7 }, () => []);
  let tissue = 0;
  let right = 0;
  for (const entry of plan.entries) {
    const path = join(folder, `${entry.core}.h5`);
    await writeCore(path, plan, entry, "SD");
    const { values, axis, bands, truth, labels } = await readCube(path);
    const highest = (from: number, to: number, spectrum: Float32Array) => {
      let best = -1;
      for (let i = 0; i < bands; i++) {
        if (axis[i] >= from && axis[i] <= to && (best < 0 || spectrum[i] > spectrum[best])) best = i;
      }
      return best;
    };
    truth.forEach((label, pixel) => {
      if (!label) return;
      const spectrum = values.slice(pixel * bands, (pixel + 1) * bands);
      tissue++;
      const amideI = axis[highest(1600, 1720, spectrum)];
      if (amideI >= 1645 && amideI <= 1665) right++;
      if (!labels[pixel]) return;
      // With whatever offset there is, as the real ratios of 0.67 to 0.71 were taken.
      ratios[label].push(spectrum[highest(1520, 1570, spectrum)] / spectrum[highest(1620, 1690, spectrum)]);
    });
  }
  expect(right / tissue).toBeGreaterThan(0.95);
  for (let label = 1; label <= 6; label++) {
    const sorted = ratios[label].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    expect(median, `class ${label}`).toBeGreaterThan(0.55);
    expect(median, `class ${label}`).toBeLessThan(0.75);
  }
});

test("ten to twenty principal components of a core stand above the noise", async () => {
  const plan = planCohort({ seed: 2, patients: 1, step: 9 });
  const path = join(folder, "components.h5");
  await writeCore(path, plan, plan.entries[0], "SD");
  const { values, bands, truth } = await readCube(path);
  const covariance = Matrix.zeros(bands, bands);
  const mean = new Float64Array(bands);
  const pixels = [...truth.keys()].filter((pixel) => truth[pixel]);
  for (const pixel of pixels) for (let i = 0; i < bands; i++) mean[i] += values[pixel * bands + i] / pixels.length;
  for (const pixel of pixels) {
    for (let i = 0; i < bands; i++) {
      const a = values[pixel * bands + i] - mean[i];
      for (let j = 0; j <= i; j++) {
        const sum = covariance.get(i, j) + (a * (values[pixel * bands + j] - mean[j])) / pixels.length;
        covariance.set(i, j, sum);
        covariance.set(j, i, sum);
      }
    }
  }
  const variances = new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).realEigenvalues.sort(
    (a, b) => b - a,
  );
  // The middle one of 101 is noise. Below 1000 cm-1 noise has twice the standard deviation: four times the variance.
  const noise = variances[bands >> 1];
  const above = variances.filter((variance) => variance > 4 * noise).length;
  expect(above).toBeGreaterThanOrEqual(10);
  expect(above).toBeLessThanOrEqual(20);
});
