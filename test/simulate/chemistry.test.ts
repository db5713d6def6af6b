import { expect, test } from "vitest";
import { readAssignments, readBandTables, readRecipes, substances } from "#simulate/band-tables";
import { classNames, classWeights } from "#simulate/class-weights";
import { componentSpectra, gaussians } from "#simulate/component-spectra";
import { drawEffects } from "#simulate/draw-effects";
import { planCohort } from "#simulate/plan-cohort";

const axis = Float64Array.from({ length: 251 }, (_, i) => 900 + 4 * i);
const plan = planCohort({ seed: 3, patients: 20 });

/** The chemistry of a class in the middle of its range, for one patient, without scatter, baseline and noise. */
function classSpectrum(entry: (typeof plan.entries)[number], label: number): Float64Array {
  const effects = drawEffects(plan, entry);
  const { low, high } = classWeights(effects, plan.difficulty);
  const spectra = componentSpectra(axis, effects);
  const n = substances.length;
  return axis.map((_, band) =>
    substances.reduce(
      (sum, _name, k) => sum + ((low[label * n + k] + high[label * n + k]) / 2) * spectra[k * axis.length + band],
      0,
    ),
  );
}

const unit = (spectrum: Float64Array) => {
  const length = Math.hypot(...spectrum);
  return spectrum.map((value) => value / length);
};
const meanOf = (list: Float64Array[]) => axis.map((_, i) => list.reduce((sum, one) => sum + one[i], 0) / list.length);
const apart = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, i) => value - b[i]));

test("the classes are those of the default set, unlabelled first", () => {
  expect(classNames()).toEqual(["unlabelled", "cancer", "benign", "stroma", "inflammation", "blood", "necrosis"]);
});

test("every table says where it is from, and recipes use only substances there are", () => {
  for (const [name, table] of Object.entries(readBandTables())) {
    expect(table.source.length).toBeGreaterThan(10);
    // Carbon dioxide has a P and an R branch.
    expect(table.bands.length).toBeGreaterThanOrEqual(name === "carbon-dioxide" ? 2 : 3);
    for (const { fwhm, height } of table.bands) expect(Math.min(fwhm, height)).toBeGreaterThan(0);
  }
  const used = Object.values(readRecipes().classes).flatMap(({ weights }) => Object.keys(weights));
  expect(used.filter((name) => !(substances as readonly string[]).includes(name))).toEqual([]);
});

test("assignments are in order and each names its source", () => {
  const assignments = readAssignments();
  expect(assignments.length).toBeGreaterThan(30);
  assignments.forEach((entry, i) => {
    if (i) expect(entry.wavenumber).toBeGreaterThanOrEqual(assignments[i - 1].wavenumber);
    expect(entry.source.length).toBeGreaterThan(5);
  });
});

test("a Gaussian band is half as high half its width away, and moves with the shift", () => {
  const bands = [{ position: 1650, fwhm: 40, height: 0.8 }];
  const at = gaussians({ bands }, Float64Array.of(1630, 1650, 1670, 1672), 0);
  expect([...at.subarray(0, 3)]).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.8, 12), expect.closeTo(0.4, 12)]);
  expect(gaussians({ bands }, Float64Array.of(1672), 2)[0]).toBeCloseTo(0.4, 12);
});

test("tissue does not absorb between 1800 and 1900 cm-1", () => {
  for (let label = 1; label <= 6; label++) {
    const spectrum = classSpectrum(plan.entries[0], label);
    const top = Math.max(...spectrum);
    // Far from every band; the broadest, the pedestal of amide I at 1625, has 95 cm-1: 2e-5 of it is left at 1800.
    const rest = spectrum.filter((_, i) => axis[i] >= 1820);
    expect(Math.max(...rest) / top).toBeLessThan(0.01);
  }
});

test("what sets patients apart is larger than what sets cancer and benign apart", () => {
  const cancer = plan.entries.map((entry) => unit(classSpectrum(entry, 1)));
  const benign = plan.entries.map((entry) => unit(classSpectrum(entry, 2)));
  const ofPatients = Math.sqrt(
    cancer.reduce((sum, one) => sum + apart(one, meanOf(cancer)) ** 2, 0) / (cancer.length - 1),
  );
  expect(ofPatients).toBeGreaterThan(apart(meanOf(cancer), meanOf(benign)));
});

test("a harder cohort has larger patient effects, and cancer and benign are more alike", () => {
  const at = (difficulty: number) => {
    const other = planCohort({ seed: 3, patients: 1, difficulty });
    const effects = drawEffects(other, other.entries[0]);
    const none = { ...effects, weights: () => 1, thickness: 1 };
    const { low } = classWeights(none, difficulty);
    const n = substances.length;
    const nucleic = substances.indexOf("nucleic-acid");
    return { shift: Math.abs(effects.shift), apart: low[n + nucleic] - low[2 * n + nucleic] };
  };
  // Severity 0.4 and 1.6; distance 1.3 and 0.7 of the recipes'.
  expect(at(1).shift / at(0).shift).toBeCloseTo(4, 9);
  expect(at(1).apart / at(0).apart).toBeCloseTo(0.7 / 1.3, 9);
});

test("the ester, phosphate and sugar bands of a class spread over patients as those of real tissue do, and not a third as far", () => {
  const many = planCohort({ seed: 3, patients: 60 });
  const cancer = many.entries.map((entry) => unit(classSpectrum(entry, 1)));
  const spread = (wavenumber: number) => {
    const values = cancer.map((spectrum) => spectrum[axis.findIndex((value) => value >= wavenumber)]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
  };
  // Whole spectra of real classes, places and noise included: 0.24 to 0.41, 0.13 to 0.17 and 0.13 to 0.25 (docs/validation.md).
  for (const [wavenumber, least, most] of [
    [1740, 0.15, 0.41],
    [1080, 0.05, 0.17],
    [1030, 0.13, 0.25],
  ]) {
    expect(spread(wavenumber), `${wavenumber}`).toBeGreaterThan(least);
    expect(spread(wavenumber), `${wavenumber}`).toBeLessThan(most);
  }
});
