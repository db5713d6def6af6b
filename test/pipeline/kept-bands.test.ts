import { describe, expect, test } from "vitest";
import { reasonCode } from "#cube/rejected";
import type { Step } from "#cube/step";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { readPipeline, shippedPipelines } from "#pipeline/define";
import { preparePath } from "#pipeline/path";

/** A full-range FPA cube: 800–3900 cm-1 by 4, tissue in every pixel. */
const axis = Float64Array.from({ length: 776 }, (_, i) => 800 + 4 * i);
const tissue = (height: number) =>
  Float32Array.from(
    axis,
    (x) =>
      0.1 +
      0.02 * Math.sin(x / 9) +
      height * (Math.exp(-(((x - 1655) / 25) ** 2)) + 0.6 * Math.exp(-(((x - 1545) / 25) ** 2))),
  );
const at = (x: number) => axis.indexOf(x);
const spoil = (height: number, ...faults: [x: number, value: number][]) => {
  const values = tissue(height);
  for (const [x, value] of faults) values[at(x)] = value;
  return values;
};

/** The reasons that some spectra get, and what comes out of the others. */
function through(steps: readonly Step[], spectra: readonly Float32Array[], make: typeof twinKernels) {
  const kernels = make();
  const path = preparePath(steps, axis, kernels);
  const block = kernels.float32(spectra.length * axis.length);
  for (const [row, values] of spectra.entries()) block.set(values, row * axis.length);
  const rejected = new Uint8Array(spectra.length);
  const { values, kept } = path.run(block, spectra.length, rejected);
  return { rejected: [...rejected], values: values.slice(0, kept * path.wavenumbers.length) };
}

const faults = [
  spoil(0.5, [3900, Number.NaN]),
  spoil(0.5, [800, Number.POSITIVE_INFINITY]),
  spoil(0.5, [2348, Number.NaN]),
  spoil(0.5, [2920, 2.6]),
  spoil(0.5, [3900, Number.NaN], [800, Number.NEGATIVE_INFINITY], [2348, Number.NaN], [2920, 9]),
];

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test.each([...shippedPipelines])("%s: what it does not keep rejects no pixel and changes no number", (name) => {
    const { steps } = readPipeline(name);
    const clean = through(
      steps,
      faults.map(() => tissue(0.5)),
      make,
    );
    expect(clean.rejected).toEqual([0, 0, 0, 0, 0]);
    expect(through(steps, faults, make)).toEqual(clean);
  });

  test("quality gives the same before keep and behind it, inside the kept range too", () => {
    const [quality, keep, ...rest] = readPipeline("digital-stain").steps;
    const inside = [
      ...faults,
      spoil(0.5, [1000, Number.NaN]),
      spoil(0.5, [1800, Number.POSITIVE_INFINITY]),
      spoil(0.5, [1240, 2.6]),
      tissue(0.5).fill(0.3, at(900), at(1804)),
      spoil(-0.3, [2920, 2.6]),
    ];
    const before = through([quality, keep, ...rest], inside, make);
    const reasons = ["not finite", "not finite", "saturated", "constant", "no tissue"] as const;
    expect(before.rejected).toEqual([0, 0, 0, 0, 0, ...reasons.map(reasonCode)]);
    expect(through([keep, quality, ...rest], inside, make)).toEqual(before);
  });

  test("without a quality step, NaN outside the kept range rejects nothing either", () => {
    const steps = readPipeline("digital-stain").steps.slice(1);
    const spectra = [...faults, spoil(0.5, [1000, Number.NaN])];
    expect(through(steps, spectra, make).rejected).toEqual([0, 0, 0, 0, 0, reasonCode("not finite")]);
  });

  test("a check looks where its parameters say, kept or not", () => {
    const [, keep, ...rest] = readPipeline("digital-stain").steps;
    const quality = (params: Step["params"]): Step => ({ step: "correct", method: "quality", params });
    const quiet = [2000, 2200];
    const noisy = tissue(0.5).map((y, i) => (axis[i] >= 2000 && axis[i] <= 2200 ? y + 0.2 * (-1) ** i : y));
    const unknown = spoil(0.5, [2100, Number.NaN]);
    const spectra = [tissue(0.5), noisy, unknown];
    const silent = { signalToNoise: 5 };
    expect(through([quality({ ...silent, quiet }), keep, ...rest], spectra, make).rejected).toEqual([
      0,
      reasonCode("noise"),
      reasonCode("not finite"),
    ]);
    expect(through([quality({ ...silent, quiet: null }), keep, ...rest], spectra, make).rejected).toEqual([0, 0, 0]);
  });

  test("what a coarse grid steps over is looked at, what lies in a gap between its ranges is not", () => {
    const listed = [...Array(46).keys()]
      .map((i) => 900 + 20 * i)
      .concat([...Array(11).keys()].map((i) => 2800 + 20 * i));
    const steps: Step[] = [{ step: "correct", method: "resample", params: { axis: listed } }];
    const bad = [904, 2812, 2348, 804, 3012].map((x) => spoil(0.5, [x, Number.NaN]));
    const code = reasonCode("not finite");
    expect(through(steps, bad, make).rejected).toEqual([code, code, 0, 0, 0]);
  });

  test("a baseline or a window that reaches out of the kept range looks at what it reads", () => {
    const keep: Step = { step: "correct", method: "keep", params: { ranges: [[900, 1800]] } };
    const line: Step = { step: "correct", method: "baseline-linear", params: { points: [850, 2000] } };
    const smooth: Step = { step: "correct", method: "smooth", params: { window: 5, order: 2 } };
    const bad = (x: number) => spoil(0.5, [x, Number.NaN]);
    const spectra = [bad(848), bad(852), bad(2000), bad(896), bad(892), bad(888), bad(1808), bad(1812)];
    // The band nearest to 850 is 848, the lower of two; a window of five reads two bands beyond either end.
    const code = reasonCode("not finite");
    expect(through([line, keep], spectra, make).rejected).toEqual([code, 0, code, 0, 0, 0, 0, 0]);
    expect(through([smooth, keep], spectra, make).rejected).toEqual([0, 0, 0, code, code, 0, code, 0]);
  });
});
