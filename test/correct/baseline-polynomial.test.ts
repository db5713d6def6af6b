import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baselinePolynomial } from "#correct/baseline-polynomial";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { golden, ROUNDING } from "./golden.js";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test.each([0, 1, 3, 7])("order %i agrees with numpy's least squares", (order) => {
    const result = rowsOf(baselinePolynomial(spectraOf(golden.y, golden.x), { order }, make()));
    expect(difference(result, golden.polynomial[order])).toBeLessThan(ROUNDING);
  });

  test("fitted to silent ranges only, it agrees with numpy there and everywhere else", () => {
    const ranges: [number, number][] = [
      [1000, 1510],
      [1690, 1720],
      [1755, 1800],
    ];
    const result = rowsOf(baselinePolynomial(spectraOf(golden.y, golden.x), { order: 2, ranges }, make()));
    expect(difference(result, golden.polynomialRanges)).toBeLessThan(ROUNDING);
  });

  test("a polynomial of its own order leaves nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 4 }), (coefficients) => {
        const row = Array.from({ length: 30 }, (_, i) =>
          coefficients.reduce((sum, c, k) => sum + c * (i / 29) ** k, 0),
        );
        const result = baselinePolynomial(spectraOf([row]), { order: coefficients.length - 1 }, make());
        // The row itself was rounded to float32: numbers up to 16.
        expect(difference(rowsOf(result), [row.map(() => 0)])).toBeLessThan(16 * 2 ** -23);
      }),
    );
  });
});

test("more freedom than bands is refused", () => {
  expect(() => baselinePolynomial(spectraOf([[1, 2, 3]]), { order: 3 })).toThrow(
    'baseline-polynomial: parameter "order" is 3, which needs 4 bands or more; there are 3',
  );
});
