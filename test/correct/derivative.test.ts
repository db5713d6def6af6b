import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { cut } from "#correct/cut";
import { derivative } from "#correct/derivative";
import type { Spectra } from "#cube/spectra";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { golden, ROUNDING } from "./golden.js";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test.each(["interp", "nearest"] as const)("edges %s agree with scipy, per cm-1 and per cm-2", (edges) => {
    for (const [window, order, d] of [
      [9, 3, 1],
      [9, 3, 2],
      [21, 5, 2],
      [5, 2, 1],
    ] as [number, number, 1 | 2][]) {
      const result = derivative(spectraOf(golden.y, golden.x), { derivative: d, window, order, edges }, make());
      expect(difference(rowsOf(result), golden.savgol[`${edges} ${window} ${order} ${d}`])).toBeLessThan(ROUNDING / 16);
    }
  });

  test("the first derivative of a slope of 2 per cm-1 is 2 at any spacing, the second 0", () => {
    for (const spacing of [0.5, 1, 4]) {
      const x = Array.from({ length: 15 }, (_, i) => 1000 + i * spacing);
      const line = x.map((at) => 2 * (at - 1000));
      const first = derivative(spectraOf([line], x), { derivative: 1 }, make());
      const second = derivative(spectraOf([line], x), { derivative: 2 }, make());
      // The line is exact in float32; the weights sum to what they should to 1e-15, times 112 / 0.25.
      expect(difference(rowsOf(first), [line.map(() => 2)])).toBeLessThan(1e-11);
      expect(difference(rowsOf(second), [line.map(() => 0)])).toBeLessThan(1e-11);
    }
  });

  test("an added constant does not show, nor a straight line in the second", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2048, max: 2048 }), { minLength: 9, maxLength: 40 }),
        fc.integer({ min: -1024, max: 1024 }),
        fc.integer({ min: -64, max: 64 }),
        (row, level, slope) => {
          // In 1024ths all sums are exact in float32.
          const plain = spectraOf([row.map((value) => value / 1024)]);
          const raised = spectraOf([row.map((value) => (value + level) / 1024)]);
          const tilted = spectraOf([row.map((value, i) => (value + level + slope * i) / 1024)]);
          const [a, b] = [plain, raised].map((s) => rowsOf(derivative(s, { derivative: 1 }, make())));
          const [c, d] = [plain, tilted].map((s) => rowsOf(derivative(s, {}, make())));
          // One rounding to float32 of numbers up to 4.
          expect(difference(a, b)).toBeLessThan(4 * 2 ** -24);
          expect(difference(c, d)).toBeLessThan(4 * 2 ** -24);
        },
      ),
    );
  });

  test("a step across a cut gap has no slope beside it", () => {
    const x = Array.from({ length: 40 }, (_, i) => 1000 + 2 * i);
    const spectra = cut(spectraOf([x.map((at) => (at < 1040 ? 0 : 1))], x), { ranges: [[1036, 1044]] });
    const result = derivative(spectra, { derivative: 1 }, make());
    expect(difference(rowsOf(result), [Array.from({ length: result.bands }, () => 0)])).toBeLessThan(1e-12);
  });
});

test("the quantity says which derivative it is", () => {
  const first = derivative(spectraOf(golden.y, golden.x), { derivative: 1 });
  const second = derivative(spectraOf(golden.y, golden.x));
  expect([first.quantity, second.quantity]).toEqual(["first-derivative", "second-derivative"]);
  expectTypeOf(first).toEqualTypeOf<Spectra<"first-derivative">>();
  expectTypeOf(second).toEqualTypeOf<Spectra<"second-derivative">>();
});

test("an order below the derivative is refused", () => {
  expect(() => derivative(spectraOf(golden.y, golden.x), { order: 1 })).toThrow(
    'derivative: parameter "order" is 1; it must be at least the derivative, 2',
  );
});
