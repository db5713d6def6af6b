import { expect, test } from "vitest";
import { SpectraError } from "#cube/errors";
import { readBandTables } from "#simulate/band-tables";
import { gaussians } from "#simulate/component-spectra";
import { prepareDetector } from "#simulate/detect";
import { drawEffects } from "#simulate/draw-effects";
import { type CohortOptions, planCohort, wavenumbersOf } from "#simulate/plan-cohort";

/** What the instrument adds to some rows of bare slide of every patient, `[patient][pixel * bands + band]`. */
function added(options: Partial<CohortOptions>, mode: "SD" | "HD" = "SD", rows = 4) {
  const plan = planCohort({ seed: 5, patients: 8, size: 100, ...options });
  const wavenumbers = wavenumbersOf(plan);
  const cols = mode === "SD" ? plan.cols / 5 : plan.cols;
  const cores = plan.entries.map((entry) => {
    const values = new Float32Array(rows * cols * wavenumbers.length);
    prepareDetector(plan, entry, mode, drawEffects(plan, entry), wavenumbers)(values, 0, rows);
    return values;
  });
  return { wavenumbers, cores };
}

test("fringes are one sine over the wavenumbers in all pixels of a core, 0.002 to 0.01 high, of a film of 5 to 20 µm", () => {
  const [plain, fringed] = [added({}), added({ fringes: true })];
  const bands = plain.wavenumbers.length;
  const heights = fringed.cores.map((values, core) => {
    const sine = values.map((value, i) => value - plain.cores[core][i]);
    for (let i = bands; i < sine.length; i++) expect(sine[i]).toBeCloseTo(sine[i % bands], 6);
    const one = Array.from(sine.subarray(0, bands));
    const height = Math.max(...one.map(Math.abs));
    // A sine of so many turns: its second difference is −(2 sin(πf))² of it.
    const turns = one
      .slice(1, -1)
      .map((value, i) => (Math.abs(value) > height / 2 ? (one[i] + one[i + 2]) / (2 * value) : undefined))
      .filter((value) => value !== undefined);
    const step = plain.wavenumbers[1] - plain.wavenumbers[0];
    const thickness = Math.acos(turns.sort((a, b) => a - b)[turns.length >> 1]) / (4 * Math.PI * 1.5 * 1e-4 * step);
    expect(thickness).toBeGreaterThan(4.9);
    expect(thickness).toBeLessThan(20.5);
    return height;
  });
  expect(Math.min(...heights)).toBeGreaterThan(0.0015);
  expect(Math.max(...heights)).toBeLessThan(0.0101);
  expect(new Set(heights).size).toBe(heights.length);
});

test("carbon dioxide is in the air between 2300 and 2400 cm-1, with the spread over cores that was meant", () => {
  const { wavenumbers, cores } = added({ start: 2250, stop: 2450, step: 4 }, "SD", 20);
  const dioxide = gaussians(readBandTables()["carbon-dioxide"], wavenumbers);
  const amounts = cores.map((values) => {
    const bands = wavenumbers.length;
    const mean = wavenumbers.map((_, band) => {
      let sum = 0;
      for (let i = band; i < values.length; i += bands) sum += values[i];
      return sum / (values.length / bands);
    });
    // Differences of neighbours, which know nothing of the baseline.
    const steps = (of: Float64Array) => of.subarray(1).map((value, i) => value - of[i]);
    const [a, b] = [steps(mean), steps(dioxide)];
    return a.reduce((sum, value, i) => sum + value * b[i], 0) / b.reduce((sum, value) => sum + value * value, 0);
  });
  const size = Math.hypot(...amounts) / Math.sqrt(amounts.length);
  // Drawn with a standard deviation of 0.02.
  expect(size).toBeGreaterThan(0.008);
  expect(size).toBeLessThan(0.04);
});

test("HD has the noise of its light, or of what denoising leaves, as asked", () => {
  const noiseOf = ({ cores }: ReturnType<typeof added>) =>
    cores.map((values) => {
      // Every band apart from its neighbours: differences of single bands, √2 of the noise.
      const steps = Array.from(values.subarray(1, 40_000), (value, i) => Math.abs(value - values[i]));
      return steps.sort((a, b) => a - b)[steps.length >> 1] / (0.6745 * Math.SQRT2);
    });
  const quiet = { start: 1810, stop: 1990, step: 1 };
  for (const noise of noiseOf(added(quiet, "HD"))) {
    expect(noise).toBeGreaterThan(4.5e-3);
    expect(noise).toBeLessThan(16e-3);
  }
  for (const noise of noiseOf(added({ ...quiet, noise: "denoised" }, "HD"))) {
    expect(noise).toBeGreaterThan(1.8e-3);
    expect(noise).toBeLessThan(3.3e-3);
  }
  expect(() => planCohort({ seed: 1, noise: "none" })).toThrow(SpectraError);
});
