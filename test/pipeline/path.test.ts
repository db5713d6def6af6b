import { expect, test } from "vitest";
import { reasonCode } from "#cube/rejected";
import { twinKernels } from "#kernels/twin-kernels";
import { BLOCK, preparePath } from "#pipeline/path";

const wavenumbers = Float64Array.from({ length: 101 }, (_, i) => 1500 + 3 * i);
const bands = wavenumbers.length;
const room = twinKernels();

/** A band at 1655 cm-1 of some height on a constant. */
const spectrum = (height: number, offset = 0.1) =>
  Float32Array.from(wavenumbers, (x) => offset + height * Math.exp(-(((x - 1655) / 30) ** 2)));
const block = (rows: Float32Array[]) => {
  const values = room.float32(rows.length * bands);
  for (const [i, row] of rows.entries()) values.set(row, i * bands);
  return values;
};
const steps = [
  { step: "correct", method: "quality", params: {} },
  { step: "correct", method: "keep", params: { ranges: [[1600, 1700]] } },
  { step: "correct", method: "offset", params: {} },
  { step: "normalise", method: "vector", params: {} },
] as const;

test("spectra come out of unit length on the axis of the last step, and the input is unchanged", () => {
  const path = preparePath(steps, wavenumbers, room);
  expect([path.wavenumbers[0], path.wavenumbers.at(-1)]).toEqual([1602, 1698]);
  expect(path.quantity).toBe("normalised");
  const values = block([spectrum(0.5), spectrum(1)]);
  const before = values.slice();
  const { values: out, kept } = path.run(values, 2, new Uint8Array(2));
  expect(values).toEqual(before);
  expect(kept).toBe(2);
  const length = path.wavenumbers.length;
  for (const row of [0, 1]) {
    const norm = out.subarray(row * length, (row + 1) * length).reduce((sum, y) => sum + y * y, 0);
    // Float32 rounding of each band.
    expect(norm).toBeCloseTo(1, 6);
  }
});

test("a rejected pixel leaves the block with its reason, the others close up and are the same as without it", () => {
  const path = preparePath(steps, wavenumbers, room);
  const nan = spectrum(0.5);
  nan[37] = Number.NaN;
  const rejected = new Uint8Array(6);
  rejected[5] = reasonCode("masked");
  const values = block([spectrum(0.5), nan, spectrum(0, 0.001), spectrum(3), spectrum(0.7), spectrum(0.9)]);
  const { values: out, kept, pixels } = path.run(values, 6, rejected);
  expect(kept).toBe(2);
  expect([...pixels.subarray(0, kept)]).toEqual([0, 4]);
  expect([...rejected]).toEqual(
    [0, "not finite", "constant", "saturated", 0, "masked"].map((name) =>
      typeof name === "string" ? reasonCode(name as "masked") : name,
    ),
  );
  const length = path.wavenumbers.length;
  const found = out.slice(0, 2 * length);
  const alone = preparePath(steps, wavenumbers, room);
  const { values: clean } = alone.run(block([spectrum(0.5), spectrum(0.7)]), 2, new Uint8Array(2));
  expect(found).toEqual(clean.slice(0, 2 * length));
});

test("a spectrum that a normalisation has no answer for is rejected, not handed on as NaN", () => {
  const noBand = [{ step: "normalise", method: "amide-i-area", params: {} }] as const;
  const path = preparePath(noBand, wavenumbers, room);
  const dip = Float32Array.from(spectrum(0.3, 0), (y) => -y);
  const rejected = new Uint8Array(2);
  const { kept, values } = path.run(block([dip, spectrum(0.3)]), 2, rejected);
  expect(kept).toBe(1);
  expect([...rejected]).toEqual([reasonCode("not finite"), 0]);
  expect(values.subarray(0, bands).every(Number.isFinite)).toBe(true);
});

test("a derivative stays a derivative when it is normalised, and says so", () => {
  const derivative = [
    { step: "correct", method: "derivative", params: { derivative: 2 } },
    { step: "normalise", method: "vector", params: {} },
  ] as const;
  expect(preparePath(derivative, wavenumbers, room).quantity).toBe("second-derivative");
});

test("steps that leave no band are refused", () => {
  const nothing = [{ step: "correct", method: "keep", params: { ranges: [[1500, 1501]] } }] as const;
  expect(() => preparePath(nothing, wavenumbers, room)).toThrow(/widen its ranges|band/);
});

test("a full block is as long as it says", () => {
  const path = preparePath(steps, wavenumbers, room);
  const rows = Array.from({ length: BLOCK }, (_, i) => spectrum(0.2 + i / 300));
  expect(path.run(block(rows), BLOCK, new Uint8Array(BLOCK)).kept).toBe(BLOCK);
});
