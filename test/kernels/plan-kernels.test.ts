import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { scalings } from "#kernels/twin/tidy";
import { twinKernels } from "#kernels/twin-kernels";

const rooms = [twinKernels, simdKernels] as const;
const put = <A extends { set(numbers: ArrayLike<number>): void }>(array: A, numbers: ArrayLike<number>): A => {
  array.set(numbers);
  return array;
};
const sameBytes = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const absorbance = fc.float({ min: -3, max: 3, noNaN: true, noDefaultInfinity: true });

describe("checkSpectra", () => {
  const marks = [11, 12, 13, 14];
  /** The codes of rows of equal length: limit 2.5, and a mean of the bands [1, bands) of at least 0.05. */
  const codesOf = (
    kernels: Kernels,
    rows: readonly ArrayLike<number>[],
    before: readonly number[] = [],
    looked: readonly number[] = [0, rows[0].length],
  ) => {
    const stretches = put(kernels.int32(looked.length), looked);
    const bands = rows[0].length;
    const values = put(
      kernels.float32(rows.length * bands),
      rows.flatMap((row) => Array.from(row)),
    );
    const weights = kernels.float64(bands - 1).fill(1 / (bands - 1));
    const codes = put(kernels.uint8(rows.length), before);
    // biome-ignore format: one call, in the kernel's order
    kernels.checkSpectra(values, rows.length, bands, stretches, looked.length / 2, 2.5, weights, 1, bands - 1, 0.05, put(kernels.uint8(4), marks), codes);
    return [...codes];
  };

  test.each(rooms)("%o: the first check that fails gives the code, wherever in the row it fails", (make) => {
    for (const bands of [2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 67]) {
      const good = Array.from({ length: bands }, (_, band) => 0.1 + band / 100);
      for (let band = 0; band < bands; band++) {
        const rows = [
          good,
          good.with(band, Number.NaN),
          good.with(band, Number.POSITIVE_INFINITY),
          good.with(band, Number.NEGATIVE_INFINITY),
          good.map(() => 3),
          good.with(band, 2.6),
          good.map((value) => value - 2),
        ];
        expect(codesOf(make(), rows), `${bands} bands, band ${band}`).toEqual([0, 11, 11, 11, 12, 13, 14]);
      }
    }
  });

  test.each(rooms)("%o: NaN, sameness and saturation are looked for inside the stretches only", (make) => {
    const bands = 31;
    const good = Array.from({ length: bands }, (_, band) => 0.1 + band / 100);
    let outside = 0;
    for (const looked of [
      [2, 1, 7, 2],
      [0, 9, 12, 16],
      [5, 17],
    ]) {
      const inside = good.map((_, band) =>
        looked.some((first, i) => i % 2 === 0 && band >= first && band < first + looked[i + 1]),
      );
      for (let band = 0; band < bands; band++) {
        // The mean of the bands from 1 on looks where it is told to, whatever the stretches.
        const rows = [good.with(band, Number.NaN), good.with(band, Number.POSITIVE_INFINITY), good.with(band, 2.6)];
        expect(codesOf(make(), rows, [], looked)).toEqual(inside[band] ? [11, 11, 13] : [0, 0, 0]);
        if (!inside[band]) outside++;
      }
      const flat = good.map((value, band) => (inside[band] ? 0.3 : value));
      expect(codesOf(make(), [flat], [], looked)).toEqual([12]);
    }
    expect(outside).toBeGreaterThan(30);
  });

  test.each(rooms)("%o: a spectrum that has a code keeps it, and one on a limit passes", (make) => {
    const nan = [Number.NaN, 1, 1];
    expect(codesOf(make(), [nan, [2.5, 0.05, 0.05], [2.5, 0.05, Math.fround(0.0499999)]], [7])).toEqual([7, 0, 14]);
  });

  test("SIMD gives the codes of the twin, sums that end beside the limit included", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 70 }).chain((bands) =>
          fc.array(
            fc.array(fc.oneof(absorbance, fc.constant(0.05), fc.constant(Number.NaN)), {
              minLength: bands,
              maxLength: bands,
            }),
            {
              minLength: 1,
              maxLength: 5,
            },
          ),
        ),
        (rows) => {
          expect(codesOf(simdKernels(), rows)).toEqual(codesOf(twinKernels(), rows));
        },
      ),
    );
  });
});

describe.each(rooms)("tidy in %o", (make) => {
  test("selecting, subtracting a line and scaling at once are the three kernels one by one, to the bit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(absorbance, { minLength: 23, maxLength: 23 }), { minLength: 3, maxLength: 6 }),
        fc.constantFrom<number[]>([0, 23], [3, 17], [2, 5, 9, 11], [0, 1, 4, 1, 10, 9]),
        fc.constantFrom<number[]>([], [0, 1], [0, 3, 4], [1, 4]),
        fc.integer({ min: 0, max: scalings.length - 1 }),
        (spectra, stretchList, nodeList, scaling) => {
          const kernels = make();
          const values = put(kernels.float32(23 * spectra.length), spectra.flat());
          // The last row, the first, and not the second.
          const listed = [spectra.length - 1, 0];
          const stretches = put(kernels.int32(stretchList.length), stretchList);
          const bands = stretchList.reduce((sum, length, i) => sum + (i % 2 ? length : 0), 0);
          const nodes = put(kernels.int32(nodeList.length), nodeList);
          const ramp = put(
            kernels.float32(bands),
            Array.from({ length: bands }, (_, band) => band / 4),
          );
          const weights = kernels.float64(2).fill(1.5);
          const [first, end] = scaling === 5 ? [1, 0] : [1, 3];
          const out = kernels.float32(2 * bands);
          // biome-ignore format: one call, in the kernel's order
          kernels.tidy(values, 23, put(kernels.int32(2), listed), 2, stretches, stretches.length / 2, nodes, nodes.length, ramp, scaling, weights, first, end, bands, out);

          const picked = put(
            kernels.float32(46),
            listed.flatMap((row) => spectra[row]),
          );
          let expected = kernels.float32(2 * bands);
          kernels.gather(picked, 2, 23, stretches, stretches.length / 2, bands, expected);
          const next = (step: (from: Float32Array, to: Float32Array) => void) => {
            const to = kernels.float32(2 * bands);
            step(expected, to);
            expected = to as typeof expected;
          };
          if (nodeList.length) next((x, y) => kernels.linearBaseline(x, 2, bands, nodes, nodes.length, ramp, y));
          const scale = {
            none: undefined,
            length: (x: Float32Array, y: Float32Array) => kernels.vectorNorm(x, 2, bands, y),
            area: (x: Float32Array, y: Float32Array) => kernels.areaScale(x, 2, bands, weights, 1, 2, y),
            peak: (x: Float32Array, y: Float32Array) => kernels.peakScale(x, 2, bands, 1, 3, y),
            range: (x: Float32Array, y: Float32Array) => kernels.minMax(x, 2, bands, y),
            deviation: (x: Float32Array, y: Float32Array) => kernels.snv(x, 2, bands, 1, y),
          }[scalings[scaling]];
          if (scale) next(scale);
          expect([...out]).toEqual([...expected]);
        },
      ),
    );
  });
});

describe("sumDifferences", () => {
  const run = (kernels: Kernels, rows: readonly ArrayLike<number>[], weights: readonly number[]) => {
    const bands = rows[0].length;
    const taps = weights.length;
    const values = put(
      kernels.float32(rows.length * bands),
      rows.flatMap((row) => Array.from(row)),
    );
    const inside = bands - 2 * taps;
    const out = kernels.float32(rows.length * inside);
    const half = put(kernels.float32(taps), weights);
    // biome-ignore format: one call, in the kernel's order
    kernels.sumDifferences(values, rows.length, bands, taps, bands - taps, half, taps, kernels.float32(bands), 0, inside, out);
    return Float32Array.from(out);
  };

  test.each(rooms)("%o: the second differences of a parabola are 2, those of a line 0, whatever its height", (make) => {
    const parabola = Array.from({ length: 30 }, (_, i) => i * i);
    const line = Array.from({ length: 30 }, (_, i) => 1000 + 3 * i);
    // Weights that add up to 1: 0.5 + 2 · 0.25.
    const out = run(make(), [parabola, line], [0.5, 0.25]);
    expect([...out]).toEqual([...new Array(26).fill(2), ...new Array(26).fill(0)]);
  });

  test.each(Array.from({ length: 24 }, (_, n) => n + 1))(
    "SIMD sums %i bands as the twin does, to the bit",
    (inside) => {
      for (const taps of [1, 2, 4, 6]) {
        const weights = Array.from({ length: taps }, (_, k) => 1 / (k + 1));
        const rows = [1, 2, 3].map((row) => Array.from({ length: inside + 2 * taps }, (_, i) => Math.sin(row * i * i)));
        expect(sameBytes(run(simdKernels(), rows, weights), run(twinKernels(), rows, weights))).toBe(true);
      }
    },
  );
});

describe("rubberband", () => {
  const run = (kernels: Kernels, rows: readonly ArrayLike<number>[], axis: ArrayLike<number>, side: number) => {
    const bands = axis.length;
    const values = put(
      kernels.float32(rows.length * bands),
      rows.flatMap((row) => Array.from(row)),
    );
    const out = kernels.float32(values.length);
    const wavenumbers = put(kernels.float64(bands), axis);
    kernels.rubberband(values, rows.length, bands, wavenumbers, side, kernels.int32(3 * bands), out);
    return Float32Array.from(out);
  };
  /** Few levels make many points in line, many levels make noise. */
  const levels = fc.constantFrom(2, 3, 5, 40, 1e6);
  const rows = fc
    .tuple(levels, fc.integer({ min: 1, max: 150 }))
    .chain(([most, bands]) =>
      fc.tuple(
        fc.array(fc.integer({ min: 0, max: most }), { minLength: bands, maxLength: bands }),
        fc.constantFrom(0, 1, -3, 100),
        fc.constantFrom(0, 0.25, -7),
      ),
    );

  test("SIMD stretches the band over the same points as the twin, to the bit, on noise, plateaus and slopes", () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(1, -1),
        fc.constantFrom(1, 1.9285, 4),
        ([levels, height, slope], side, spacing) => {
          const row = levels.map((level, i) => Math.fround(height + level / 7 + slope * i));
          const axis = row.map((_, i) => 900 + spacing * i + (i % 3) / 10);
          const [twin, simd] = rooms.map((make) => run(make(), [row], axis, side));
          expect(sameBytes(simd, twin)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
