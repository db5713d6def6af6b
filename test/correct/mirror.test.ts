import { expect, test } from "vitest";
import { correctMethods } from "#correct/prepare";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { normaliseMethods } from "#normalise/prepare";
import { golden } from "./golden.js";

/** The axis seen in a mirror that brings 1500 … to … 1500: a range [a, b] becomes [c − b, c − a]. */
const sum = golden.x[0] + golden.x[golden.x.length - 1];
const mirror = (x: number) => sum - x;
const turned = ([low, high]: [number, number]): [number, number] => [mirror(high), mirror(low)];

const amideI: [number, number] = [1598, 1702];
const anchors: [number, number] = [1520, 1720];
const ranges: [number, number][] = [
  [1502, 1598],
  [1690, 1760],
];

/** Methods that know no direction: their parameters, those for the mirrored axis, and the sign the result takes. */
const cases: [name: string, params: object, mirrored: object, sign?: number][] = [
  ["cut", { ranges }, { ranges: ranges.map(turned) }],
  ["keep", { ranges }, { ranges: ranges.map(turned) }],
  ["offset", { range: amideI }, { range: turned(amideI) }],
  ["baseline-two-point", {}, {}],
  ["baseline-two-point", { anchors }, { anchors: anchors.map(mirror) }],
  ["baseline-linear", { points: [1510, 1601, 1742] }, { points: [1510, 1601, 1742].map(mirror) }],
  ["baseline-rubberband", {}, {}],
  ["baseline-polynomial", { order: 5, ranges }, { order: 5, ranges: ranges.map(turned) }],
  ["baseline-asymmetric", { lambda: 1e4 }, { lambda: 1e4 }],
  ["smooth", {}, {}],
  ["smooth", { edges: "nearest" }, { edges: "nearest" }],
  ["derivative", { derivative: 2 }, { derivative: 2 }],
  // Along a rising axis what rose now falls.
  ["derivative", { derivative: 1 }, { derivative: 1 }, -1],
  ["resample", { axis: [1510, 1600, 1701] }, { axis: [1510, 1600, 1701].map(mirror) }],
  [
    "resample",
    { axis: [1510, 1600, 1701], interpolation: "cubic" },
    { axis: [1510, 1600, 1701].map(mirror), interpolation: "cubic" },
  ],
  ["vector", {}, {}],
  ["snv", {}, {}],
  ["min-max", {}, {}],
  ["area", {}, {}],
  ["amide-i-area", { range: amideI }, { range: turned(amideI) }],
  ["amide-i-height", { range: amideI }, { range: turned(amideI) }],
];

test.each(cases)(
  "%s %j: a spectrum seen in a mirror gives the result in a mirror",
  (name, params, mirrored, sign = 1) => {
    const method = { ...correctMethods, ...normaliseMethods }[name];
    for (const make of [twinKernels, simdKernels]) {
      const kernels = make();
      const run = (axis: Float64Array, row: number[], given: object) => {
        const step = method.prepare(axis, given, kernels);
        const values = kernels.float32(row.length);
        values.set(row);
        const out = kernels.float32(step.wavenumbers.length);
        step.apply!(values, 1, out);
        return { axis: step.wavenumbers, out };
      };
      for (const row of golden.y) {
        const plain = run(Float64Array.from(golden.x), row, params);
        const seen = run(Float64Array.from(golden.x, mirror).reverse(), row.toReversed(), mirrored);
        const largest = plain.out.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        for (const [i, value] of plain.out.entries()) {
          const j = plain.out.length - 1 - i;
          // Sums run the other way round, and x is mirrored in Float64: a few roundings of float32 at the most.
          expect(Math.abs(value - sign * seen.out[j])).toBeLessThan(Math.max(largest, 1) * 4 * 2 ** -24);
          expect(Math.abs(plain.axis[i] - mirror(seen.axis[j]))).toBeLessThan(1e-9);
        }
      }
    }
  },
);
