import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baselineTwoPoint } from "#correct/baseline-two-point";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  const corrected = (rows: number[][], anchors?: [number, number]) =>
    rowsOf(baselineTwoPoint(spectraOf(rows), { anchors }, make()));

  test("1-5-1 becomes 0-4-0", () => {
    expect(corrected([[1, 5, 1]])).toEqual([[0, 4, 0]]);
  });

  test("outside its anchors the line goes on: 1-5-1 through its first two bands becomes 0-0-−8", () => {
    expect(corrected([[1, 5, 1]], [1, 2])).toEqual([[0, 0, -8]]);
  });

  test("a straight line does not show, whatever it is added to", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2048, max: 2048 }), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: -1024, max: 1024 }),
        fc.integer({ min: -64, max: 64 }),
        (row, constant, slope) => {
          // In 1024ths all sums are exact in float32.
          const plain = row.map((value) => value / 1024);
          const tilted = row.map((value, i) => (value + constant + slope * i) / 1024);
          // Numbers up to 6, a few roundings of 2⁻²⁴ each.
          expect(difference(corrected([plain]), corrected([tilted]))).toBeLessThan(6 * 4 * 2 ** -24);
        },
      ),
    );
  });

  test("both anchors become exactly zero", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 5, maxLength: 30 }), (row) => {
        const [result] = corrected([row], [2, 4]);
        // Math.abs: the difference of two zeros may be −0.
        expect([result[1], result[3]].map(Math.abs)).toEqual([0, 0]);
      }),
    );
  });
});

test("anchors that meet in one band are refused", () => {
  expect(() => baselineTwoPoint(spectraOf([[1, 2, 3]]), { anchors: [1.9, 2.1] })).toThrow("two of them meet at 2 cm-1");
});

test("an anchor off the axis is refused", () => {
  expect(() => baselineTwoPoint(spectraOf([[1, 2, 3]]), { anchors: [1, 1800] })).toThrow("1800 cm-1, outside the axis");
});
