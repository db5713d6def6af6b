import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { baselineTwoPoint } from "#correct/baseline-two-point";
import type { Spectra } from "#cube/spectra";
import { openHdf5 } from "#hdf5/open";
import { vectorNorm } from "#normalise/vector-norm";
import { simulateCohort } from "#pipeline/simulate-cohort";

/** What a golden keeps of the phantom it was made on: how to make it, and what tells another from it. */
export interface PhantomGolden {
  options: { seed: number; patients: number; size: number; modes: string; labelled?: number; step: number };
  /** The dataset that says which pixels: "truth", all tissue, or "labels", what is annotated. */
  plane: string;
  check: { count: number; labels: number; sum: number };
}

export interface PhantomSpectra {
  readonly spectra: Spectra<"normalised">;
  /** Label value of each spectrum, and the index of its patient, ascending. */
  readonly labels: Uint8Array;
  readonly patient: Int32Array;
}

/**
 * The spectra of a simulated cohort, of the pixels that a plane of its cubes names, after two-point baseline and vector norm, as test/phantom_spectra.py makes them for
 * scikit-learn. A phantom that is not the golden's is said to be so, by its sums: those do not see the rounding of another Node.
 */
export async function phantomSpectra({ options, plane, check }: PhantomGolden): Promise<PhantomSpectra> {
  const folder = mkdtempSync(join(tmpdir(), "phantom-spectra-"));
  const { cubes } = await simulateCohort(folder, { ...options, modes: [options.modes], workers: 2 });
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  const patient: number[] = [];
  let wavenumbers = new Float64Array();
  for (const [index, path] of cubes.entries()) {
    const file = await openHdf5(path);
    const values = file.read("/cube") as Float32Array;
    wavenumbers = Float64Array.from(file.read("/wavenumbers"));
    const bands = wavenumbers.length;
    for (const [pixel, label] of file.read(`/${plane}`).entries()) {
      if (!label) continue;
      rows.push(values.subarray(pixel * bands, (pixel + 1) * bands));
      labels.push(label);
      patient.push(index);
    }
    file.close();
  }
  rmSync(folder, { recursive: true });
  const bands = wavenumbers.length;
  const values = new Float32Array(rows.length * bands);
  for (const [i, row] of rows.entries()) values.set(row, i * bands);
  const raw = { quantity: "absorbance" as const, wavenumbers, bands, count: rows.length, values };
  const spectra = vectorNorm(baselineTwoPoint(raw));

  const sum = spectra.values.reduce((total, value, i) => total + (1 + (i % 97)) * value, 0);
  const found = { count: labels.length, labels: labels.reduce((a, b) => a + b, 0), sum };
  expect(found, "the phantom is another than the golden's: run the golden's phantom.py again").toEqual({
    ...check,
    sum: expect.closeTo(check.sum, 1),
  });
  return { spectra, labels: Uint8Array.from(labels), patient: Int32Array.from(patient) };
}
