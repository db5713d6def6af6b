import { describe, expect, test } from "vitest";
import { fitForest } from "#classify/fit-forest";
import { predictForest } from "#classify/predict-forest";
import { baselineTwoPoint } from "#correct/baseline-two-point";
import { derivative } from "#correct/derivative";
import { lineResidual } from "#correct/line-residual";
import type { Spectra } from "#cube/spectra";
import { simdKernels } from "#kernels/simd-kernels";
import { vectorNorm } from "#normalise/vector-norm";
import { fitPca } from "#reduce/fit-pca";
import { momentAdder } from "#reduce/moments";
import { project } from "#reduce/project";
import { reconstruct } from "#reduce/reconstruct";
import { annotate, annotationOfBlocks } from "#simulate/annotate";
import { readBandTables } from "#simulate/band-tables";
import { gaussians } from "#simulate/component-spectra";
import { prepareDetector } from "#simulate/detect";
import { type CohortPlan, type CorePlan, type Mode, planCohort } from "#simulate/plan-cohort";
import { prepareOptics, renderRows } from "#simulate/render-rows";

const kernels = simdKernels();

interface Core {
  readonly spectra: Spectra<"absorbance">;
  readonly truth: Uint8Array;
  readonly labels: Uint8Array;
  readonly width: number;
}

/** One core in memory, as its cube would have it. */
function coreOf(plan: CohortPlan, entry: CorePlan, mode: Mode): Core {
  const optics = prepareOptics(plan, entry);
  const { wavenumbers } = optics;
  const bands = wavenumbers.length;
  const box = mode === "SD" ? 5 : 1;
  const [rows, width] = [plan.rows / box, plan.cols / box];
  const fine = annotate(plan, entry, optics.scene);
  const values = new Float32Array(rows * width * bands);
  renderRows(optics, mode, 0, rows, values);
  prepareDetector(plan, entry, mode, optics.effects, wavenumbers)(values, 0, rows);
  const spectra = { quantity: "absorbance" as const, wavenumbers, bands, count: rows * width, values };
  return { spectra, width, ...(mode === "SD" ? annotationOfBlocks(fine, plan.rows, plan.cols) : fine) };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** The spectra of some pixels. */
function pick<Q extends "absorbance" | "first-derivative" | "normalised">(
  spectra: Spectra<Q>,
  pixels: number[],
): Spectra<Q> {
  const { bands } = spectra;
  const values = new Float32Array(pixels.length * bands);
  for (const [i, pixel] of pixels.entries())
    values.set(spectra.values.subarray(pixel * bands, (pixel + 1) * bands), i * bands);
  return { ...spectra, count: pixels.length, values };
}

const pixelsWhere = (plane: Uint8Array, wanted: (label: number) => boolean) =>
  [...plane.keys()].filter((pixel) => wanted(plane[pixel]));

describe("the quality tests of an OPUS instrument", () => {
  // The slope of a spectrum per cm-1 by Savitzky and Golay, 9 points; a test is how far it swings in a range.
  const swings = ({ spectra }: Core, pixels: number[]) => {
    const slope = derivative(pick(spectra, pixels), { derivative: 1, window: 9, order: 2 });
    return (low: number, high: number) =>
      pixels.map((_, row) => {
        const values = slope.values.subarray(row * slope.bands, (row + 1) * slope.bands);
        const within = values.filter((_, band) => slope.wavenumbers[band] >= low && slope.wavenumbers[band] <= high);
        return Math.max(...within) - Math.min(...within);
      });
  };
  const over = (above: number[], below: number[]) => above.map((value, i) => value / below[i]);
  const share = (values: number[], passes: (value: number) => boolean) => values.filter(passes).length / values.length;
  const plan = planCohort({ seed: 3, patients: 3, size: 120, start: 1580, stop: 2120 });
  const quieter = { ...plan, noise: "denoised" as const };

  test.each(plan.entries)("of $core: tissue passes in SD, less clearly in HD, and bare slide fails", (entry) => {
    const [sd, hd, raw] = [coreOf(plan, entry, "SD"), coreOf(quieter, entry, "HD"), coreOf(plan, entry, "HD")];
    const tissue = swings(sd, pixelsWhere(sd.labels, Boolean));
    const [amideI, noise, water] = [tissue(1600, 1700), tissue(2000, 2100), tissue(1837, 1847)];
    // The limits of Bruker's rules, but for amide I over noise: 200 is for dried films, many times as thick as a section.
    expect(share(noise, (value) => value <= 1.5e-4)).toBeGreaterThan(0.95);
    expect(share(water, (value) => value <= 3e-4)).toBeGreaterThan(0.95);
    expect(share(over(amideI, water), (value) => value >= 100)).toBeGreaterThan(0.95);
    expect(share(over(amideI, noise), (value) => value >= 50)).toBeGreaterThan(0.95);

    const fine = swings(hd, pixelsWhere(hd.labels, Boolean));
    const ratio = median(over(fine(1600, 1700), fine(2000, 2100)));
    expect(ratio).toBeLessThan(median(over(amideI, noise)) / 2);
    expect(ratio).toBeGreaterThan(20);
    // As measured, HD has 2.5 to 5 times the noise that denoising leaves.
    const asMeasured = swings(raw, pixelsWhere(raw.labels, Boolean));
    const rawRatio = median(over(asMeasured(1600, 1700), asMeasured(2000, 2100)));
    expect(rawRatio).toBeLessThan(ratio / 2);
    expect(rawRatio).toBeGreaterThan(ratio / 6);

    const bare = swings(
      sd,
      pixelsWhere(sd.truth, (label) => label === 0),
    );
    expect(median(over(bare(1600, 1700), bare(2000, 2100)))).toBeLessThan(10);
  });

  test("vapour is in the bare slide: below 0.03 of absorbance at its highest line, with the spread over cores that was meant", () => {
    const of = planCohort({ seed: 3, patients: 8, size: 60, start: 1400, stop: 1800 });
    const found = of.entries.map((entry) => {
      const { spectra, width } = coreOf(of, entry, "HD");
      const { bands, wavenumbers } = spectra;
      const mean = new Float64Array(bands);
      // The corner of a core of 60 pixels is bare, and far enough from the tissue.
      for (let i = 0; i < 64; i++) {
        const pixel = Math.floor(i / 8) * width + (i % 8);
        for (let band = 0; band < bands; band++) mean[band] += spectra.values[pixel * bands + band] / 64;
      }
      const vapour = gaussians(readBandTables()["water-vapour"], wavenumbers);
      // Differences of neighbours, which know nothing of the baseline.
      const steps = (values: Float64Array) => values.subarray(1).map((value, i) => value - values[i]);
      const [a, b] = [steps(mean), steps(vapour)];
      return a.reduce((sum, value, i) => sum + value * b[i], 0) / b.reduce((sum, value) => sum + value * value, 0);
    });
    const sizes = found.map(Math.abs);
    expect(Math.max(...sizes)).toBeLessThan(0.03);
    // Drawn with a standard deviation of 0.01.
    expect(Math.hypot(...found) / Math.sqrt(found.length)).toBeGreaterThan(0.004);
    expect(Math.hypot(...found) / Math.sqrt(found.length)).toBeLessThan(0.02);
  });
});

/** Principal components of some spectra. */
function componentsOf<Q extends "absorbance" | "normalised">(
  { values, bands, count, wavenumbers }: Spectra<Q>,
  components: number,
) {
  const adder = momentAdder(values.subarray(0, bands), kernels);
  adder.add(values, count);
  return fitPca(adder.finish(), components, wavenumbers);
}

test("HD is noisier than SD; denoised by 16 components it is nearly as quiet as SD, and the heights of its bands are what they were", () => {
  const plan = planCohort({ seed: 4, patients: 2, size: 160, step: 7.714, stop: 1905 });
  for (const entry of plan.entries) {
    const [sd, hd] = (["SD", "HD"] as const).map((mode) => {
      const { spectra, truth, labels } = coreOf(plan, entry, mode);
      const pca = componentsOf(pick(spectra, pixelsWhere(truth, Boolean)), 16);
      const raw = pick(spectra, pixelsWhere(labels, Boolean));
      return { raw, denoised: { ...raw, values: reconstruct(project(raw, pca, { kernels }), pca) } };
    });
    const quiet = sd.raw.wavenumbers.findIndex((wavenumber) => wavenumber >= 1800);
    const residual = lineResidual(sd.raw.wavenumbers.subarray(quiet));
    const noise = ({ values, bands, count }: Spectra<"absorbance">) =>
      median(Array.from({ length: count }, (_, row) => residual(values, row * bands + quiet).deviation));
    // 0.005 to 0.015 against 0.0005 to 0.0015.
    expect(noise(hd.raw)).toBeGreaterThan(3.3 * noise(sd.raw));
    expect(noise(hd.raw)).toBeGreaterThan(4.5e-3);
    expect(noise(hd.raw)).toBeLessThan(16e-3);
    expect(noise(hd.denoised)).toBeLessThan(0.3 * noise(hd.raw));
    // Sixteen components keep more of a noise that is ten times as large.
    expect(noise(hd.denoised)).toBeLessThan(1.3 * noise(sd.raw));
    const amideI = hd.raw.wavenumbers.findIndex((wavenumber) => wavenumber >= 1650);
    const height = ({ values, bands, count }: Spectra<"absorbance">) =>
      Array.from({ length: count }, (_, row) => values[row * bands + amideI]);
    const [before, after] = [height(hd.raw), height(hd.denoised)];
    // What is gone is the noise of one band, 5 to 15e-3 in HD, not signal: half of a normal distribution lies within 0.67 of that.
    expect(median(before.map((value, i) => Math.abs(value - after[i])))).toBeLessThan(0.7 * noise(hd.raw));
  }
});

/** The connected parts of one label that have at most so many pixels, and more than a dozen. */
function smallParts(truth: Uint8Array, width: number, label: number, most: number): number[][] {
  const seen = new Uint8Array(truth.length);
  const parts: number[][] = [];
  for (const start of pixelsWhere(truth, (value) => value === label)) {
    if (seen[start]) continue;
    seen[start] = 1;
    const part = [start];
    // No structure reaches the edge of a round core, so rows need not be kept apart.
    for (const pixel of part) {
      for (const next of [pixel - 1, pixel + 1, pixel - width, pixel + width]) {
        if (seen[next] || truth[next] !== label) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
    if (part.length > 12 && part.length <= most) parts.push(part);
  }
  return parts;
}

/** The class of every pixel by a forest that was fitted on the annotated pixels of the same core. */
function stainOf({ spectra, labels }: Core): Uint8Array {
  const all = vectorNorm(baselineTwoPoint(spectra));
  const annotated = pixelsWhere(labels, Boolean);
  const taught = pick(all, annotated);
  const pca = componentsOf(taught, 10);
  const training = {
    values: project(taught, pca, { kernels }).values.slice(),
    rows: taught.count,
    features: 10,
    labels: Uint8Array.from(annotated, (pixel) => labels[pixel]),
    classes: 7,
  };
  const forest = fitForest(training, { seed: 1, trees: 40, minLeaf: 2 }, kernels);
  const probabilities = predictForest(forest, project(all, pca, { kernels }).values, all.count, kernels);
  return Uint8Array.from({ length: all.count }, (_, pixel) => {
    const of = probabilities.subarray(7 * pixel, 7 * pixel + 7);
    return of.indexOf(Math.max(...of));
  });
}

test("single cells and groups of them below 10 µm are found better in denoised HD than in SD", () => {
  const inflammation = 4;
  const plan = planCohort({ seed: 8, patients: 3, size: 320, step: 20, labelled: 0.3, noise: "denoised" });
  const overlap = { SD: [0, 0], HD: [0, 0] };
  let parts = 0;
  for (const entry of plan.entries) {
    const { HD, SD } = { HD: coreOf(plan, entry, "HD"), SD: coreOf(plan, entry, "SD") };
    const { truth, labels, width } = HD;
    // A disc of 10 µm has 65 pixels of 1.1 µm.
    const small = smallParts(truth, width, inflammation, 65);
    parts += small.length;
    // Annotation keeps 6 pixels from every border: no model has seen such a cell.
    expect(small.flat().some((pixel) => labels[pixel])).toBe(false);
    // The tissue within 4 pixels counts too, or who calls everything inflammation would win.
    const around = new Set<number>();
    for (const pixel of small.flat()) {
      for (let i = 0; i < 81; i++) around.add(pixel + (Math.floor(i / 9) - 4) * width + (i % 9) - 4);
    }
    const stains = { HD: stainOf(HD), SD: stainOf(SD) };
    const coarse = (pixel: number) => Math.floor(pixel / width / 5) * (width / 5) + Math.floor((pixel % width) / 5);
    for (const pixel of around) {
      if (!truth[pixel]) continue;
      const is = truth[pixel] === inflammation;
      for (const [mode, says] of [
        ["HD", stains.HD[pixel]],
        ["SD", stains.SD[coarse(pixel)]],
      ] as const) {
        if (is && says === inflammation) overlap[mode][0]++;
        if (is || says === inflammation) overlap[mode][1]++;
      }
    }
  }
  const shares = { SD: overlap.SD[0] / overlap.SD[1], HD: overlap.HD[0] / overlap.HD[1] };
  expect(parts).toBeGreaterThan(15);
  expect(shares.HD).toBeGreaterThan(1.2 * shares.SD);
}, 30_000);
