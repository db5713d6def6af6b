import { expect, test } from "vitest";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

/** The codes that a kernel gives to rows with one bad value at each place, and to one without. */
function codesOf(make: typeof twinKernels, bands: number, bad: number) {
  const room = make();
  const values = room.float32((bands + 1) * bands).fill(0.5);
  for (let row = 0; row < bands; row++) values[row * bands + row] = bad;
  const codes = room.uint8(bands + 1);
  room.markNotFinite(values, bands + 1, bands, codes, 7);
  return [...codes];
}

test.each([...Array(17).keys()].map((i) => i + 1))(
  "one bad value at any place of %i bands marks its row, and no other",
  (bands) => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const expected = [...new Array(bands).fill(7), 0];
      expect(codesOf(twinKernels, bands, bad)).toEqual(expected);
      expect(codesOf(simdKernels, bands, bad)).toEqual(expected);
    }
  },
);

test("the largest numbers are finite, and a code that is there stays", () => {
  for (const make of [twinKernels, simdKernels]) {
    const room = make();
    const values = room.float32(12);
    values.set([3.4e38, 3.4e38, -3.4e38, 3.4e38, 1e-45, 0, Number.NaN, 1, 1, 1, 1, 1]);
    const codes = room.uint8(3);
    codes[1] = 2;
    room.markNotFinite(values, 3, 4, codes, 7);
    expect([...codes]).toEqual([0, 2, 0]);
  }
});
