import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { correctMethods } from "#correct/prepare";
import { gapsIn } from "#cube/axis";
import { random } from "#cube/random";
import { reasonCode } from "#cube/rejected";
import type { Step } from "#cube/step";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { normaliseMethods } from "#normalise/prepare";
import { readPipeline } from "#pipeline/define";
import { BLOCK, preparePath } from "#pipeline/path";
import { planSteps } from "#pipeline/plan";
import { quantityAfter } from "#pipeline/step-order";

const NOT_FINITE = reasonCode("not finite");
const correct = (method: string, params: Step["params"] = {}): Step => ({ step: "correct", method, params });
const normalise = (method: string, params: Step["params"] = {}): Step => ({ step: "normalise", method, params });

/** The steps made ready one after another, each on the axis and with the gaps that the one before leaves. */
function prepareAll(steps: readonly Step[], axis: Float64Array, kernels: Kernels) {
  let [wavenumbers, gaps] = [axis, gapsIn(axis)];
  return steps.map((step) => {
    const { prepare } = { correct: correctMethods, normalise: normaliseMethods }[step.step][step.method];
    const prepared = prepare(wavenumbers, step.params, kernels, gaps);
    const ready = { step, prepared, axis: wavenumbers };
    ({ wavenumbers, gaps = gaps } = prepared);
    return ready;
  });
}
type Ready = ReturnType<typeof prepareAll>;

/** What the steps make of some spectra, nothing checked. */
function unchecked(ready: Ready, spectra: readonly Float32Array[], kernels: Kernels): Float32Array[] {
  let values = kernels.float32(spectra.length * spectra[0].length);
  for (const [row, spectrum] of spectra.entries()) values.set(spectrum, row * spectrum.length);
  let bands = spectra[0].length;
  for (const { prepared } of ready) {
    if (!prepared.apply) continue;
    bands = prepared.wavenumbers.length;
    const out = kernels.float32(spectra.length * bands);
    prepared.apply(values, spectra.length, out);
    values = out;
  }
  return spectra.map((_, row) => values.subarray(row * bands, (row + 1) * bands));
}

/** A spectrum in which nothing is amiss, to be spoilt. */
const cleanOn = (axis: Float64Array) =>
  Float32Array.from(axis, (x) => 0.3 + 0.5 * Math.exp(-(((x - 1652) / 25) ** 2)) + 1e-4 * (x % 7));

/**
 * The bands that some number of the result hangs on, found out by trying: a value spoilt there changes it. What a quality step names
 * by its own ranges counts as well.
 */
function lookedAt(ready: Ready, axis: Float64Array, kernels: Kernels): boolean[] {
  const clean = cleanOn(axis);
  const spoilt = [Number.NaN, 50, -50].flatMap((value) => Array.from(axis, (_, band) => clean.with(band, value)));
  const looked = new Array<boolean>(axis.length).fill(false);
  const compare = (steps: Ready, inside: (place: number) => boolean) => {
    const [before, ...after] = unchecked(steps, [clean, ...spoilt], kernels);
    for (const [i, values] of after.entries()) {
      if (values.some((value, place) => inside(place) && !Object.is(value, before[place])))
        looked[i % axis.length] = true;
    }
  };
  compare(ready, () => true);
  for (const [i, { step, axis: own }] of ready.entries()) {
    const { minimumMean = 0.05, minimumIntegral = null, position = null } = step.params;
    if (step.method !== "quality" || (minimumMean === null && minimumIntegral === null && position === null)) continue;
    compare(ready.slice(0, i), (place) => own[place] >= 1600 && own[place] <= 1700);
  }
  // What a coarse grid steps over belongs to the range that it keeps; here all ranges hang together.
  const coarse = ready.some(({ step }) => step.method === "resample");
  return coarse ? looked.fill(true, looked.indexOf(true), looked.lastIndexOf(true)) : looked;
}

/** The steps one by one, each on its own and on spectra that stand alone: what a plan has to give to the bit. */
function stepByStep(ready: Ready, looked: readonly boolean[][], spectrum: Float32Array, kernels: Kernels) {
  const finite = (values: Float32Array) => values.every(Number.isFinite);
  /** Bands that nobody looks at say nothing: they repeat one that is looked at. */
  const seen = (values: Float32Array, i: number) => {
    const one = values[looked[i].indexOf(true)];
    return values.map((value, band) => (looked[i][band] ? value : one));
  };
  if (!finite(seen(spectrum, 0))) return { code: NOT_FINITE };
  let values = kernels.float32(spectrum.length);
  values.set(spectrum);
  for (const [i, { prepared }] of ready.entries()) {
    const codes = kernels.uint8(1);
    const shown = kernels.float32(values.length);
    shown.set(seen(values, i));
    prepared.mark?.(shown, 1, codes);
    if (codes[0]) return { code: codes[0] };
    const out = kernels.float32(prepared.wavenumbers.length);
    if (prepared.apply) {
      prepared.apply(values, 1, out);
      values = out;
    }
  }
  return finite(values) ? { code: 0, values } : { code: NOT_FINITE };
}

/** Steps in any order; those that want an even axis come where it still is one. */
const pipelines = fc
  .tuple(
    fc.constantFrom<Step[]>(
      [],
      [correct("quality")],
      [correct("quality", { minimumMean: null, minimumIntegral: 3, position: [1640, 1670] })],
    ),
    fc.constantFrom<Step[]>(
      [],
      [correct("keep", { ranges: [[1580, 1720]] })],
      [correct("cut", { ranges: [[1610, 1620]] })],
    ),
    fc.constantFrom<Step[]>([], [normalise("vector")], [correct("resample", { start: 1630, stop: 1690, step: 2 })]),
    fc.constantFrom<Step[]>(
      [],
      [correct("derivative", { window: 5 })],
      [correct("smooth", { window: 5, edges: "trim" })],
      [correct("baseline-rubberband")],
      [correct("baseline-polynomial")],
      [correct("offset", { subtract: "mean" })],
    ),
    fc.array(
      fc.constantFrom<Step>(
        correct("baseline-two-point"),
        correct("baseline-linear", { points: [1632, 1655, 1684] }),
        correct("keep", { ranges: [[1625, 1695]] }),
        normalise("vector"),
        normalise("area"),
        normalise("amide-i-height"),
        normalise("amide-i-area"),
        normalise("min-max"),
        normalise("snv", { ddof: 1 }),
        correct("quality", { minimumMean: null, saturated: 1 }),
      ),
      { maxLength: 4 },
    ),
  )
  .map((parts) => parts.flat())
  .filter(inOrder);

/** Whether each step gets numbers that it takes. */
function inOrder(steps: readonly Step[]): boolean {
  try {
    quantityAfter(steps, "pipeline");
    return true;
  } catch {
    return false;
  }
}

/** Absorbance of tissue on an offset that may be large against its bands, and spectra that cannot be used between them. */
function spectraOn(axis: Float64Array, seed: number, offset: number): Float32Array[] {
  const stream = random(seed);
  return Array.from({ length: 12 }, (_, row) => {
    const height = 0.2 + 0.6 * stream.uniform();
    const values = Float32Array.from(
      axis,
      (x) => offset + height * Math.exp(-(((x - 1652) / 25) ** 2)) + 1e-3 * (x - 1600) + 5e-3 * stream.normal(),
    );
    const spoilt = Math.floor(axis.length * stream.uniform());
    if (row === 2) values[spoilt] = Number.NaN;
    if (row === 3) values[spoilt] = 2.6;
    if (row === 5) values.fill(0.3);
    if (row === 6) values.fill(0);
    if (row === 7) return values.map((value) => -value);
    if (row === 8) return values.map((value) => value * 1e25);
    if (row === 9) return values.map((value) => value * 1e-30);
    return values;
  });
}

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test("a plan gives the bytes and the reasons of its steps one by one, for any steps, axis and spectra", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        pipelines,
        fc.constantFrom(1, 1.5, 2),
        fc.constantFrom(0, 0.1, 1, 100),
        fc.integer({ min: 1, max: 1e6 }),
        (steps, spacing, offset, seed) => {
          const axis = Float64Array.from({ length: Math.floor(200 / spacing) }, (_, i) => 1560 + spacing * i);
          const bands = axis.length;
          const spectra = spectraOn(axis, seed, offset);
          const kernels = make();
          const path = preparePath(steps, axis, kernels);
          const block = kernels.float32(spectra.length * bands);
          for (const [row, values] of spectra.entries()) block.set(values, row * bands);
          const rejected = new Uint8Array(spectra.length);
          rejected[11] = reasonCode("masked");
          const { values, kept, pixels } = path.run(block, spectra.length, rejected);
          const out = path.wavenumbers.length;

          const ready = prepareAll(steps, axis, kernels);
          // What divides even the clean spectrum by an area of 0 is NaN whatever is spoilt: nothing is found out by trying.
          const clean = ready.map(({ axis }, i) => unchecked(ready.slice(i), [cleanOn(axis)], kernels)[0]);
          fc.pre(clean.every((values) => values.every(Number.isFinite)));
          const looked = [...ready, undefined].map((one, i) =>
            lookedAt(ready.slice(i), one?.axis ?? path.wavenumbers, kernels),
          );
          const alone = spectra.slice(0, 11).map((spectrum) => stepByStep(ready, looked, spectrum, kernels));
          expect([...rejected]).toEqual([...alone.map(({ code }) => code), reasonCode("masked")]);
          expect([...pixels.subarray(0, kept)]).toEqual([...alone.keys()].filter((row) => !alone[row].code));
          for (let i = 0; i < kept; i++) {
            expect(values.subarray(i * out, (i + 1) * out)).toEqual(alone[pixels[i]].values);
            compared++;
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});

const axis = Float64Array.from({ length: 501 }, (_, i) => 850 + 2 * i);
const passesOf = (steps: readonly Step[]) =>
  planSteps(steps, axis, twinKernels()).passes.map(
    ({ kind, steps }) => `${kind}: ${steps.map(({ method }) => method).join(" + ")}`,
  );

test("the shipped pipelines take two, four and three passes before the projection", () => {
  expect(passesOf(readPipeline("digital-stain").steps)).toEqual([
    "check: quality",
    "tidy: keep + baseline-two-point + vector",
  ]);
  expect(passesOf(readPipeline("derivative").steps)).toEqual([
    "check: quality",
    "tidy: keep + vector",
    "kernel: derivative",
    "tidy: vector",
  ]);
  expect(passesOf(readPipeline("quick-bands").steps)).toEqual([
    "check: quality",
    "kernel: resample",
    "tidy: baseline-two-point + amide-i-area",
  ]);
});

test("steps fold only in their order: a line after a scaling is another pass", () => {
  const keep = correct("keep", { ranges: [[1000, 1700]] });
  expect(passesOf([keep, normalise("vector"), correct("baseline-two-point"), normalise("snv")])).toEqual([
    "check: ",
    "tidy: keep + vector",
    "tidy: baseline-two-point + snv",
  ]);
});

test("a quality step further on is a pass of its own, and NaN is looked for first", () => {
  expect(passesOf([correct("baseline-two-point"), correct("quality"), normalise("vector")])).toEqual([
    "check: ",
    "tidy: baseline-two-point",
    "check: quality",
    "tidy: vector",
  ]);
});

test("a path takes as many spectra as it says", () => {
  const path = preparePath(readPipeline("digital-stain").steps, axis, twinKernels());
  const block = Float32Array.from({ length: BLOCK * 501 }, (_, i) => 0.3 + 0.1 * Math.sin(i % 501));
  expect(path.run(block, BLOCK, new Uint8Array(BLOCK)).kept).toBe(BLOCK);
});
