import { describe, expect, test } from "vitest";
import { cut } from "#correct/cut";
import { smooth } from "#correct/smooth";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { golden, ROUNDING } from "./golden.js";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

describe.each([twinKernels, simdKernels])("%o", (make) => {
  test("window 5, order 2, edges nearest: Quasar's four-band spectrum", () => {
    const result = smooth(spectraOf([[5.1, 3.5, 1.4, 0.2]]), { window: 5, order: 2, edges: "nearest" }, make());
    // Their values have eight decimals, ours 24 bits.
    expect(difference(rowsOf(result), [[4.86857143, 3.47428571, 1.49428571, 0.32857143]])).toBeLessThan(4e-7);
  });

  test.each(["interp", "nearest"] as const)("edges %s agree with scipy", (edges) => {
    const result = smooth(spectraOf(golden.y, golden.x), { window: 9, order: 3, edges }, make());
    expect(difference(rowsOf(result), golden.savgol[`${edges} 9 3 0`])).toBeLessThan(ROUNDING);
  });

  test("trimmed edges drop half a window at each end and leave the rest as it is", () => {
    const spectra = spectraOf(golden.y, golden.x);
    const full = smooth(spectra, {}, make());
    const trimmed = smooth(spectra, { edges: "trim" }, make());
    expect([...trimmed.wavenumbers]).toEqual(golden.x.slice(4, -4));
    expect(rowsOf(trimmed)).toEqual(rowsOf(full).map((row) => row.slice(4, -4)));
  });

  test.each(["interp", "nearest", "trim"] as const)("no window reaches across a cut gap: edges %s", (edges) => {
    const spectra = cut(spectraOf(golden.y, golden.x), { ranges: [[1590, 1612]] });
    const split = spectra.wavenumbers.findIndex((x) => x > 1600);
    const half = (from: number, to: number) =>
      rowsOf(
        smooth(
          spectraOf(
            rowsOf(spectra).map((row) => row.slice(from, to)),
            spectra.wavenumbers.slice(from, to),
          ),
          { edges },
          make(),
        ),
      );
    const left = half(0, split);
    const right = half(split, spectra.bands);
    // The spacing of a stretch is taken from its own ends, which differ in the last bit; for a plain smooth it does not matter.
    expect(rowsOf(smooth(spectra, { edges }, make()))).toEqual(left.map((row, i) => [...row, ...right[i]]));
  });

  test("a cubic goes through untouched", () => {
    const row = Array.from({ length: 25 }, (_, i) => ((i - 12) / 12) ** 3);
    const result = smooth(spectraOf([row]), { window: 7, order: 3 }, make());
    expect(difference(rowsOf(result), [row])).toBeLessThan(2 ** -22);
  });
});

test("an uneven axis is refused with a way out", () => {
  const spectra = spectraOf([[1, 2, 3, 4, 5, 6]], [1000, 1002, 1004, 1006.5, 1008.5, 1010.5]);
  expect(() => smooth(spectra, { window: 3, order: 1 })).toThrow('put a step "resample" before it');
});

test("a stretch shorter than the window is refused, unless its ends are repeated", () => {
  const spectra = spectraOf([[1, 2, 3, 4, 5, 6]]);
  expect(() => smooth(spectra)).toThrow("the stretch 1–6 cm-1 has 6 band(s)");
  expect(smooth(spectra, { edges: "nearest" }).bands).toBe(6);
});

test("an even window and an order that fills the window are refused", () => {
  const spectra = spectraOf(golden.y, golden.x);
  expect(() => smooth(spectra, { window: 8 })).toThrow(
    'smooth: parameter "window" is 8 (a window has an odd number of bands). Bands in the window, odd, 3 or more; 9 if not given.',
  );
  expect(() => smooth(spectra, { window: 3, order: 3 })).toThrow('"order" is 3; it must be below the window, 3');
});
