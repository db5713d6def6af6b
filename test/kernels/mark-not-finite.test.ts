import { expect, test } from "vitest";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

/** All of some bands, as a stretch. */
function whole(room: Kernels, bands: number) {
  const stretch = room.int32(2);
  stretch.set([0, bands]);
  return stretch;
}

/** The codes that a kernel gives to rows with one bad value at each place, and to one without. */
function codesOf(make: typeof twinKernels, bands: number, bad: number) {
  const room = make();
  const values = room.float32((bands + 1) * bands).fill(0.5);
  for (let row = 0; row < bands; row++) values[row * bands + row] = bad;
  const codes = room.uint8(bands + 1);
  room.markNotFinite(values, bands + 1, bands, whole(room, bands), 1, codes, 7);
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
    room.markNotFinite(values, 3, 4, whole(room, 4), 1, codes, 7);
    expect([...codes]).toEqual([0, 2, 0]);
  }
});

test("only the bands of the stretches are looked at, at any place and length", () => {
  const bands = 23;
  let looked = 0;
  for (const make of [twinKernels, simdKernels]) {
    for (const stretches of [
      [0, 1],
      [3, 17],
      [0, 5, 6, 4, 19, 4],
      [1, 1, 3, 1, 22, 1],
    ]) {
      const room = make();
      const inside = (band: number) =>
        stretches.some((first, i) => i % 2 === 0 && band >= first && band < first + stretches[i + 1]);
      const values = room.float32(bands * bands).fill(0.5);
      for (let row = 0; row < bands; row++) values[row * bands + row] = Number.NaN;
      const list = room.int32(stretches.length);
      list.set(stretches);
      const codes = room.uint8(bands);
      room.markNotFinite(values, bands, bands, list, stretches.length / 2, codes, 7);
      expect([...codes]).toEqual(Array.from({ length: bands }, (_, band) => (inside(band) ? 7 : 0)));
      looked++;
    }
  }
  expect(looked).toBe(8);
});
