import { describe, expect, test } from "vitest";
import { prepareQuality, quality, qualityParams } from "#correct/quality";
import { random } from "#cube/random";
import { type Reason, reasons } from "#cube/rejected";
import { twinKernels } from "#kernels/twin-kernels";
import { spectraOf } from "./spectra-of.js";

const wavenumbers = Array.from({ length: 111 }, (_, i) => 1552 + 4 * i);

/** Amide I of a height, at a wavenumber, 50 cm-1 wide, on an offset, with white noise. */
function tissue({ height = 0.5, at = 1654, level = 0, noise = 0 } = {}): number[] {
  const stream = random(1);
  return wavenumbers.map(
    (x) => level + height * Math.exp(-4 * Math.LN2 * ((x - at) / 50) ** 2) + noise * stream.normal(),
  );
}

const verdict = (row: number[], params: Parameters<typeof quality>[1] = {}): Reason =>
  reasons[quality(spectraOf([row], wavenumbers), params)[0]].name;

test("good tissue is kept, with every check on", () => {
  const all = { minimumIntegral: 10, position: [1630, 1680], quiet: [1800, 1900] } satisfies Parameters<
    typeof quality
  >[1];
  expect(verdict(tissue({ noise: 0.002 }), all)).toBe("kept");
});

describe("bad spectra", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("one %d makes it not finite", (bad) => {
    expect(verdict(tissue().with(0, bad))).toBe("not finite");
    expect(verdict(tissue().with(110, bad))).toBe("not finite");
  });

  test("a flat spectrum is constant, at zero or not", () => {
    expect(verdict(wavenumbers.map(() => 0))).toBe("constant");
    expect(verdict(wavenumbers.map(() => 0.7))).toBe("constant");
    expect(verdict(wavenumbers.map(() => 9))).toBe("constant");
  });

  test("a single band above 2.5 is saturated, one at 2.5 is not", () => {
    expect(verdict(tissue().with(60, 2.51))).toBe("saturated");
    expect(verdict(tissue().with(60, 2.5))).toBe("kept");
    expect(verdict(tissue().with(60, 2.51), { saturated: null })).toBe("kept");
    expect(verdict(tissue().with(60, 1.6), { saturated: 1.5 })).toBe("saturated");
  });

  test("a negative spectrum is no tissue", () => {
    expect(verdict(tissue().map((value) => -value))).toBe("no tissue");
  });
});

describe("no tissue", () => {
  // 26 bands from 1600 to 1700: a spectrum with mean 0.04 there has the integral 0.04 · 100 cm-1 = 4 cm-1.
  const faint = wavenumbers.map((_, i) => 0.04 + 1e-4 * ((i % 3) - 1));

  test("by the mean absorbance of the amide I range", () => {
    expect(verdict(faint)).toBe("no tissue");
    expect(verdict(faint, { minimumMean: 0.039 })).toBe("kept");
    expect(verdict(faint, { minimumMean: null })).toBe("kept");
  });

  test("by its integral in cm-1", () => {
    expect(verdict(faint, { minimumMean: null, minimumIntegral: 4.1 })).toBe("no tissue");
    expect(verdict(faint, { minimumMean: null, minimumIntegral: 3.9 })).toBe("kept");
  });

  test("and neither depends on how many bands there are", () => {
    const half = spectraOf(
      [faint.filter((_, i) => i % 2 === 0)],
      wavenumbers.filter((_, i) => i % 2 === 0),
    );
    // Every other band: the same mean, and 1600…1696 in steps of 8 covers 96 of the 100 cm-1.
    expect(quality(half, { minimumMean: null, minimumIntegral: 3.8 })[0]).toBe(0);
    expect(quality(half, { minimumMean: null, minimumIntegral: 4.1 })[0]).toBe(3);
    expect(quality(half, { minimumMean: 0.041 })[0]).toBe(3);
  });
});

test("amide I out of its place is marked, by the highest band", () => {
  const position: [number, number] = [1640, 1670];
  expect(verdict(tissue({ at: 1654 }), { position })).toBe("kept");
  expect(verdict(tissue({ at: 1630 }), { position })).toBe("amide I");
  expect(verdict(tissue({ at: 1680 }), { position })).toBe("amide I");
  expect(verdict(tissue({ at: 1630 }))).toBe("kept");
});

test("noise is the height of amide I over the scatter about a line in the quiet range", () => {
  const quiet: [number, number] = [1800, 1900];
  // 0.5 over 0.01 is 50, over 0.05 is 10; the estimate from 26 bands is good to 15 %.
  expect(verdict(tissue({ noise: 0.01 }), { quiet })).toBe("kept");
  expect(verdict(tissue({ noise: 0.05 }), { quiet })).toBe("noise");
  expect(verdict(tissue({ noise: 0.05 }), { quiet, signalToNoise: 5 })).toBe("kept");
});

test("a sloping or raised baseline is not noise, nor signal", () => {
  const quiet: [number, number] = [1800, 1900];
  const sloping = tissue({ noise: 0.01 }).map((value, i) => value + 0.001 * i);
  expect(verdict(sloping, { quiet })).toBe("kept");
  expect(verdict(tissue({ height: 0.1, level: 1, noise: 0.01 }), { quiet })).toBe("noise");
});

test("the first reason stays: saturated comes before amide I, and a pixel masked before keeps its code", () => {
  const row = tissue({ at: 1630 }).with(60, 3);
  expect(verdict(row, { position: [1640, 1670] })).toBe("saturated");
  const axis = Float64Array.from(wavenumbers);
  const step = prepareQuality(axis, qualityParams.parse({}), twinKernels());
  const rejected = Uint8Array.of(7, 0);
  step.mark!(Float32Array.from([...row, ...row]), 2, rejected);
  expect([...rejected]).toEqual([7, 2]);
});

test("an axis without amide I is refused while a check needs it, and accepted when none does", () => {
  const lipids = spectraOf([[0.1, 0.2, 0.3]], [2850, 2900, 2950]);
  expect(() => quality(lipids)).toThrow('quality: parameter "amideI" is 1600–1700 cm-1, where the axis 2850–2950 cm-1');
  expect([...quality(lipids, { minimumMean: null })]).toEqual([0]);
});
