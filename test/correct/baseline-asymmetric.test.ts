import { describe, expect, test } from "vitest";
import { baselineAsymmetric } from "#correct/baseline-asymmetric";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { golden } from "./golden.js";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test("very stiff and even-handed it is the least-squares line", () => {
    const spectra = spectraOf([
      [1, 2, 10, 5],
      [3, 5, 9, 4],
    ]);
    const result = rowsOf(baselineAsymmetric(spectra, { lambda: 1e8, asymmetry: 0.5 }, make()));
    const line = [
      [-0.5, -1.5, 4.5, -2.5],
      [-1.2, 0.1, 3.4, -2.3],
    ];
    // λ is finite: the curve bends by about 1/λ; the system's condition, 1e9, costs nine digits of Float64.
    expect(difference(result, line)).toBeLessThan(1e-6);
  });

  test("it agrees with scipy's sparse solver, and takes as many solves", () => {
    const spectra = spectraOf(golden.y, golden.x);
    const result = baselineAsymmetric(spectra, { lambda: 1e4, asymmetry: 0.02 }, make());
    // One rounding to float32, and the condition of the system, about 1e7, on 1e-16.
    expect(difference(rowsOf(result), golden.asymmetric)).toBeLessThan(5e-8);
    expect([...result.iterations]).toEqual(golden.asymmetricSolves);
  });

  test("it stops at the cap and says so", () => {
    const spectra = spectraOf([...golden.y, ...golden.y], golden.x);
    const result = baselineAsymmetric(spectra, { lambda: 1e4, asymmetry: 0.02, cap: 3 }, make());
    expect([...result.iterations]).toEqual([3, 3, 3, 3, 3, 3]);
  });

  test("solves are counted for every spectrum of many blocks", () => {
    const rows = Array.from({ length: 300 }, (_, i) => golden.y[i % 3]);
    const result = baselineAsymmetric(spectraOf(rows, golden.x), { lambda: 1e4, asymmetry: 0.02 }, make());
    expect([...result.iterations]).toEqual(rows.map((_, i) => golden.asymmetricSolves[i % 3]));
  });

  test("a straight line leaves nothing, a cut gap in the axis or not", () => {
    for (const x of [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4, 14, 15, 16, 17],
    ]) {
      const line = x.map((at) => 0.25 * at + 1);
      const result = rowsOf(baselineAsymmetric(spectraOf([line], x), { lambda: 1e5 }, make()));
      expect(difference(result, [line.map(() => 0)])).toBeLessThan(1e-6);
    }
  });
});
