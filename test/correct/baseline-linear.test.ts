import { describe, expect, test } from "vitest";
import { baselineLinear } from "#correct/baseline-linear";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  const corrected = (row: number[], points?: number[]) =>
    rowsOf(baselineLinear(spectraOf([row]), { points }, make()))[0];

  test("without zero points the ends become zero: 1-5-1 gives 0-4-0", () => {
    expect(corrected([1, 5, 1])).toEqual([0, 4, 0]);
  });

  test("the last piece goes on beyond its zero points: 1-5-1 gives 0-0-−8", () => {
    expect(corrected([1, 5, 1], [1, 2])).toEqual([0, 0, -8]);
  });

  test("between zero points the line is straight: 1-5-1-5 gives 0-0-−4-0", () => {
    expect(corrected([1, 5, 1, 5], [1, 2, 4])).toEqual([0, 0, -4, 0]);
  });

  test("the order of the zero points does not matter", () => {
    expect(corrected([1, 5, 1, 5], [4, 1, 2])).toEqual([0, 0, -4, 0]);
  });

  test("a roof over five zero points leaves the piecewise line of numpy.interp", () => {
    const row = Array.from({ length: 41 }, (_, i) => Math.sin(i / 3));
    const points = [1, 9, 20, 33, 41];
    const expected = row.map((value, i) => {
      const right = Math.max(
        1,
        points.findIndex((point) => point >= i + 1),
      );
      const [a, b] = [points[right - 1], points[right]];
      return value - (row[a - 1] + ((i + 1 - a) / (b - a)) * (row[b - 1] - row[a - 1]));
    });
    // Values below 1, at most four roundings to float32.
    expect(difference([corrected(row, points)], [expected])).toBeLessThan(4 * 2 ** -24);
  });
});
