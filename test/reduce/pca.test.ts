import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { SpectraError } from "#cube/errors";
import type { Moments, Pca } from "#cube/pca";
import type { Spectra } from "#cube/spectra";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { distances } from "#reduce/distances";
import { fitPca } from "#reduce/fit-pca";
import { emptyMoments, mergeMoments, momentAdder } from "#reduce/moments";
import { project } from "#reduce/project";
import { reconstruct } from "#reduce/reconstruct";
import { type PhantomGolden, phantomSpectra } from "../phantom-spectra.js";
import { smoothSpectra } from "./smooth-spectra.js";

const golden = JSON.parse(readFileSync(new URL("golden/pca.golden.json", import.meta.url), "utf8"));

/** Moments of spectra taken in pieces of the given sizes, about the first spectrum unless said. */
function momentsOf(
  { values, bands, count }: Spectra,
  { sizes = [count], shift = values.subarray(0, bands), kernels = simdKernels() } = {},
): Moments {
  const adder = momentAdder(shift, kernels);
  let row = 0;
  for (const size of sizes) {
    adder.add(values.subarray(row * bands, (row + size) * bands), size);
    row += size;
  }
  return adder.finish();
}

/** Spectra of few bands, written out row by row. */
const spectraOf = (rows: number[][]): Spectra<"absorbance"> => ({
  quantity: "absorbance",
  wavenumbers: Float64Array.from(rows[0], (_, i) => 1000 + 4 * i),
  bands: rows[0].length,
  count: rows.length,
  values: Float32Array.from(rows.flat()),
});

const trained = smoothSpectra(0, 300);
const held = smoothSpectra(300, 320);
const pca = fitPca(momentsOf(trained), 5, trained.wavenumbers);

/** Largest difference, as a share of the largest number expected. */
function apart(found: ArrayLike<number>, expected: number[]): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(found[i] - value))) / largest;
}

describe("against scikit-learn", () => {
  // Products are summed in float32 over 64 rows, where 2⁻²⁴ is rounded off each; found are 7·10⁻⁷ at the most.
  const bound = 2e-6;

  test("the test has the spectra of the golden", () => {
    // One float32 step: the sine and the exponential of two libraries may differ in their last bit.
    expect(Math.abs(trained.values[17 * 60 + 23] - golden.check)).toBeLessThanOrEqual(2 ** -24);
  });

  test("mean, loadings with their signs, variances and explained shares agree to 2e-6", () => {
    expect(apart(pca.mean, golden.mean)).toBeLessThan(1e-12);
    for (let c = 0; c < 5; c++) {
      const [from, to] = [60 * c, 60 * (c + 1)];
      expect(apart(pca.loadings.subarray(from, to), golden.loadings.slice(from, to))).toBeLessThan(bound);
      expect(Math.abs(pca.variance[c] / golden.variance[c] - 1)).toBeLessThan(bound);
      expect(Math.abs(pca.variance[c] / pca.totalVariance - golden.explained[c])).toBeLessThan(bound);
    }
    expect([pca.bands, pca.components, pca.count]).toEqual([60, 5, 300]);
  });

  test("the sums over the eigenvalues left out agree", () => {
    // Each is 4·10⁻⁶ of the largest, so of its own size a rounding is the more.
    for (const [i, sum] of golden.residual.entries()) expect(Math.abs(pca.residual[i] / sum - 1)).toBeLessThan(1e-3);
  });

  test("scores, Q and T² of spectra it has not seen agree, from the twin and from SIMD", () => {
    for (const kernels of [twinKernels(), simdKernels()]) {
      const scores = project(held, pca, { kernels });
      expect(apart(scores.values, golden.scores)).toBeLessThan(bound);
      const { q, t2 } = distances(scores, scores.squares, pca);
      expect(apart(t2, golden.t2)).toBeLessThan(2 * bound);
      // Q is what two sums leave over, each good to 10⁻⁶ of the squared distance from the mean.
      for (const [row, value] of golden.q.entries()) {
        expect(Math.abs(q[row] - value)).toBeLessThan(1e-6 * scores.squares[row]);
      }
    }
  });
});

describe("on the phantom, against scikit-learn", () => {
  interface Golden extends PhantomGolden {
    mean: number[];
    variance: number[];
    explained: number[];
    loadings: number[][];
  }
  const phantom: Golden = JSON.parse(readFileSync(new URL("golden/phantom.golden.json", import.meta.url), "utf8"));
  let found: Pca;
  beforeAll(async () => {
    const { spectra } = await phantomSpectra(phantom);
    found = fitPca(momentsOf(spectra), 20, spectra.wavenumbers);
  });

  test("mean, variances and explained shares of 20 components agree to 1e-5", () => {
    expect(found.count).toBe(phantom.check.count);
    expect(apart(found.mean, phantom.mean)).toBeLessThan(1e-5);
    for (const [c, variance] of phantom.variance.entries()) {
      expect(Math.abs(found.variance[c] / variance - 1)).toBeLessThan(1e-5);
      expect(Math.abs(found.variance[c] / found.totalVariance / phantom.explained[c] - 1)).toBeLessThan(1e-5);
    }
  });

  // The last ones hold 0.02 to 0.05 % of the variance each and lie close together: float32 turns them by up to 6e-6.
  test("the loadings agree as closely as their variances lie apart, their signs too", () => {
    const { variance } = phantom;
    for (let c = 0; c < 19; c++) {
      // What rounding in float32 leaves in the moments, a share of the first variance, turns a component by that over its distance to the next.
      const gap = Math.min(variance[c] - variance[c + 1], c ? variance[c - 1] - variance[c] : Number.POSITIVE_INFINITY);
      const off = apart(found.loadings.subarray(c * found.bands, (c + 1) * found.bands), phantom.loadings[c]);
      expect(off).toBeLessThan(Math.max(1e-6, (2e-9 * variance[0]) / gap));
    }
  });
});

describe("by hand", () => {
  test("a cross of points has its long arm first and its short arm second", () => {
    // Along band 1 ±3, along band 0 ±1, about (5, 7, 2): variances 2·9/3 and 2·1/3.
    const cross = spectraOf([
      [5, 10, 2],
      [5, 4, 2],
      [6, 7, 2],
      [4, 7, 2],
    ]);
    const found = fitPca(momentsOf(cross), 2, cross.wavenumbers);
    expect(apart(found.mean, [5, 7, 2])).toBeLessThan(1e-15);
    expect(apart(found.variance, [6, 2 / 3])).toBeLessThan(1e-15);
    expect(apart(found.loadings, [0, 1, 0, 1, 0, 0])).toBeLessThan(1e-15);
    expect(found.totalVariance).toBeCloseTo(20 / 3, 14);
    expect(found.residual.every((sum) => sum < 1e-15)).toBe(true);
    // (5 + 2, 7 + 6, 2 + 3): scores 6 and 2; T² = 36/6 + 4/(2/3); Q = 3².
    const off = project(spectraOf([[7, 13, 5]]), found, { kernels: twinKernels() });
    expect([...off.values]).toEqual([6, 2]);
    const { q, t2 } = distances(off, off.squares, found);
    expect(q[0]).toBeCloseTo(9, 12);
    expect(t2[0]).toBeCloseTo(12, 12);
    expect([...reconstruct(off, found)]).toEqual([7, 13, 2]);
  });

  test("spectra that are all alike have no variance, and T² of what lies off them is 0", () => {
    const same = spectraOf([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const found = fitPca(momentsOf(same), 2, same.wavenumbers);
    expect([...found.variance, found.totalVariance]).toEqual([0, 0, 0]);
    const scores = project(spectraOf([[2, 2, 3]]), found, { kernels: twinKernels() });
    expect([...distances(scores, scores.squares, found).t2]).toEqual([0]);
  });

  test("two spectra have one component, along the line between them", () => {
    const two = spectraOf([
      [0, 0],
      [3, 4],
    ]);
    const found = fitPca(momentsOf(two), 1, two.wavenumbers);
    expect(apart(found.loadings, [0.6, 0.8])).toBeLessThan(1e-15);
    expect(found.variance[0]).toBeCloseTo(12.5, 13);
  });
});

describe("what holds for any spectra", () => {
  test("loadings are orthonormal, and the largest entry of each is positive", () => {
    for (let a = 0; a < 5; a++) {
      const row = pca.loadings.subarray(60 * a, 60 * (a + 1));
      expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)));
      for (let b = 0; b < 5; b++) {
        const dot = row.reduce((sum, value, i) => sum + value * pca.loadings[60 * b + i], 0);
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
  });

  test("the scores of the training spectra have mean 0 and the variances of the model", () => {
    const { values } = project(trained, pca, { kernels: simdKernels() });
    for (let c = 0; c < 5; c++) {
      const of = Array.from({ length: 300 }, (_, row) => values[5 * row + c]);
      const mean = of.reduce((a, b) => a + b, 0) / 300;
      const variance = of.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 299;
      // Scores in float32, of up to 1.
      expect(Math.abs(mean)).toBeLessThan(1e-6);
      expect(variance / pca.variance[c]).toBeCloseTo(1, 4);
    }
  });

  test("however the stream is cut into blocks, the moments are the same bytes", () => {
    const whole = momentsOf(trained);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 6 }), (cuts) => {
        const sizes: number[] = [];
        let left = 300;
        for (const cut of cuts) {
          sizes.push(Math.min(cut, left));
          left -= Math.min(cut, left);
        }
        expect(momentsOf(trained, { sizes: [...sizes, left] })).toEqual(whole);
      }),
      { numRuns: 12 },
    );
    expect(momentsOf(trained, { kernels: twinKernels() })).toEqual(whole);
  });

  test("spectra that are not kept leave no trace, though they be NaN", () => {
    const values = Float32Array.from(trained.values);
    const keep = new Uint8Array(300);
    const kept: number[] = [];
    for (let row = 0; row < 300; row++) {
      if (row % 3 === 1) values.fill(Number.NaN, 60 * row, 60 * (row + 1));
      else {
        keep[row] = 1;
        kept.push(...trained.values.subarray(60 * row, 60 * (row + 1)));
      }
    }
    const shift = trained.values.subarray(0, 60);
    const adder = momentAdder(shift, simdKernels());
    adder.add(values, 300, keep);
    const alone = { ...trained, count: 200, values: Float32Array.from(kept) };
    expect(adder.finish()).toEqual(momentsOf(alone, { shift }));
  });

  test("moments of two parts add up to those of the whole, about whichever point each was taken", () => {
    const [first, second] = [smoothSpectra(0, 128), smoothSpectra(128, 300)];
    const whole = momentsOf(trained);
    const shift = trained.values.subarray(0, 60);
    const merged = mergeMoments(momentsOf(first, { shift }), momentsOf(second, { shift }));
    // Cut at a whole block: only the order of Float64 sums differs.
    expect(apart(merged.cross, [...whole.cross])).toBeLessThan(1e-14);
    expect(merged.count).toBe(300);
    const moved = mergeMoments(momentsOf(first, { shift }), momentsOf(second));
    expect(apart(moved.sum, [...whole.sum])).toBeLessThan(1e-6);
    expect(apart(moved.cross, [...whole.cross])).toBeLessThan(1e-6);
    const refitted = fitPca(moved, 5, trained.wavenumbers);
    expect(apart(refitted.variance, [...pca.variance])).toBeLessThan(1e-6);
  });

  test("no spectra change nothing when merged", () => {
    const whole = momentsOf(trained);
    expect(mergeMoments(whole, emptyMoments(trained.values.subarray(60, 120)))).toEqual(whole);
    expect(mergeMoments(emptyMoments(whole.shift), whole)).toEqual(whole);
  });

  test("a spectrum is projected alike in whatever company, and one with NaN is alone with it", () => {
    const values = Float32Array.from(held.values);
    values[60 * 3 + 7] = Number.NaN;
    const kernels = simdKernels();
    const together = project({ ...held, values }, pca, { kernels });
    const alone = project({ ...held, count: 1, values: values.subarray(60 * 6, 60 * 7) }, pca, { kernels });
    expect([...alone.values]).toEqual([...together.values.subarray(30, 35)]);
    const broken = Array.from(together.values, Number.isNaN);
    expect(broken).toEqual(broken.map((_, i) => i >= 15 && i < 20));
    const { q, t2 } = distances(together, together.squares, pca);
    for (const of of [q, t2]) expect([...of].map(Number.isNaN)).toEqual([...of].map((_, row) => row === 3));
  });

  test("Q is the squared length of what the reconstruction leaves over", () => {
    const scores = project(held, pca, { kernels: simdKernels() });
    const { q } = distances(scores, scores.squares, pca);
    const again = reconstruct(scores, pca);
    expect(again.length).toBe(held.values.length);
    for (let row = 0; row < 20; row++) {
      let square = 0;
      for (let i = 60 * row; i < 60 * (row + 1); i++) square += (held.values[i] - again[i]) ** 2;
      expect(Math.abs(q[row] - square)).toBeLessThan(1e-6 * scores.squares[row]);
    }
  });

  test("with all components a spectrum comes back", () => {
    const full = fitPca(momentsOf(trained), 60, trained.wavenumbers);
    const again = reconstruct(project(held, full, { kernels: simdKernels() }), full);
    // 60 scores of float32 added up to numbers below 1.
    expect(apart(again, [...held.values])).toBeLessThan(1e-6);
  });
});

describe("refused", () => {
  const refusal = (run: () => unknown): SpectraError => {
    try {
      run();
    } catch (thrown) {
      return thrown as SpectraError;
    }
    throw new Error("nothing was refused");
  };
  const moments = momentsOf(
    spectraOf([
      [1, 2, 4],
      [2, 1, 3],
      [5, 5, 1],
    ]),
  );

  test.each([0, 1.5, 3, 4])("%d components of 3 spectra of 3 bands", (components) => {
    const error = refusal(() => fitPca(moments, components, Float64Array.of(1000, 1004, 1008)));
    expect([error.kind, error.message]).toEqual(["params", expect.stringMatching(/ask for 1 to 2/)]);
  });

  test("an axis of other length, NaN among the spectra, moments of other bands, spectra of other bands", () => {
    expect(refusal(() => fitPca(moments, 1, Float64Array.of(1000))).message).toBe(
      "the axis has 1 bands, the spectra 3",
    );
    const broken = momentsOf(
      spectraOf([
        [1, 2],
        [2, Number.NaN],
        [3, 3],
      ]),
    );
    expect(refusal(() => fitPca(broken, 1, Float64Array.of(1000, 1004))).message).toMatch(/reject such pixels/);
    expect(refusal(() => mergeMoments(moments, broken)).kind).toBe("shape");
    expect(refusal(() => project(spectraOf([[1, 2]]), pca, { kernels: twinKernels() })).message).toBe(
      "the model has 60 bands, the spectra 2; use the steps of the model's pipeline",
    );
    expect(refusal(() => momentAdder([0, 0], twinKernels()).add(new Float32Array(3), 2)).kind).toBe("shape");
  });
});
