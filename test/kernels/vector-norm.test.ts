import { describe, expect, test } from "vitest";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test("a 3-4 spectrum becomes 0.6-0.8", () => {
    const kernels = make();
    const values = kernels.float32(2);
    const out = kernels.float32(2);
    values.set([3, 4]);
    kernels.vectorNorm(values, 1, 2, out);
    expect([...out]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });

  test("a zero spectrum stays zero", () => {
    const kernels = make();
    const out = kernels.float32(5);
    kernels.vectorNorm(kernels.float32(5), 1, 5, out);
    expect([...out]).toEqual([0, 0, 0, 0, 0]);
  });
});

test.each(Array.from({ length: 18 }, (_, bands) => bands))(
  "SIMD equals the twin to one float32 step at %i bands",
  (bands) => {
    const count = 3;
    const results = [twinKernels(), simdKernels()].map((kernels) => {
      const values = kernels.float32(count * bands);
      for (let i = 0; i < values.length; i++) values[i] = Math.sin(i + 1);
      const out = kernels.float32(count * bands);
      kernels.vectorNorm(values, count, bands, out);
      return out;
    });
    expect(results[0].length).toBe(count * bands);
    // The scale is rounded to float32 before the product in SIMD: one step of 2⁻²⁴, twice.
    for (const [i, value] of results[0].entries()) {
      expect(Math.abs(value - results[1][i])).toBeLessThanOrEqual(Math.abs(value) * 2 ** -22);
    }
  },
);
