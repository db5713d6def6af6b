import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baselineRubberband } from "#correct/baseline-rubberband";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { golden, ROUNDING } from "./golden.js";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

const rows = fc.array(fc.integer({ min: -2048, max: 2048 }), { minLength: 2, maxLength: 60 });

describe.each([twinKernels, simdKernels])("%o", (make) => {
  const corrected = (row: number[], hull: "lower" | "upper" = "lower", x?: number[]) =>
    rowsOf(baselineRubberband(spectraOf([row], x), { hull }, make()))[0];

  test("stretched under 1-2-1-1 the band leaves 0-1-0-0", () => {
    expect(corrected([1, 2, 1, 1])).toEqual([0, 1, 0, 0]);
  });

  test("stretched over 1-2-1-1 it leaves 0-0-−½-0", () => {
    expect(corrected([1, 2, 1, 1], "upper")).toEqual([0, 0, -0.5, 0]);
  });

  test("the hull is taken over wavenumbers, not over band numbers", () => {
    // On the axis 1, 2, 10 the chord from 0 to 8 passes 8/9 at 2; over band numbers it would pass 4.
    expect(corrected([0, 2, 8], "lower", [1, 2, 10])[1]).toBeCloseTo(2 - 8 / 9, 6);
  });

  test("it agrees with the hull of Qhull to the rounding of float32", () => {
    const result = rowsOf(baselineRubberband(spectraOf(golden.y, golden.x), {}, make()));
    expect(difference(result, golden.rubberband)).toBeLessThan(ROUNDING);
  });

  test("nothing is left below zero, and both ends are zero", () => {
    fc.assert(
      fc.property(rows, (row) => {
        const result = corrected(row.map((value) => value / 1024));
        // The line between two vertices is rounded once in Float64.
        expect(Math.min(...result)).toBeGreaterThan(-1e-12);
        expect([result[0], result[result.length - 1]].map(Math.abs)).toEqual([0, 0]);
      }),
    );
  });

  test("a constant and a straight line do not show", () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: -1024, max: 1024 }),
        fc.integer({ min: -64, max: 64 }),
        (row, level, slope) => {
          const plain = row.map((value) => value / 1024);
          const tilted = row.map((value, i) => (value + level + slope * i) / 1024);
          expect(difference([corrected(plain)], [corrected(tilted)])).toBeLessThan(4 * 2 ** -24);
        },
      ),
    );
  });

  test("a line alone leaves nothing", () => {
    expect(corrected([1, 1.5, 2, 2.5, 3])).toEqual([0, 0, 0, 0, 0]);
  });
});
