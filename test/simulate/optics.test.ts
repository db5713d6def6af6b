import { expect, test } from "vitest";
import { blur, halfGaussian, pointSpread } from "#simulate/blur";
import { vanDeHulst } from "#simulate/van-de-hulst";

test("spheres scatter as van de Hulst says", () => {
  // Computed apart from this code at 2500 cm-1: radius in µm, index, efficiency, to two digits, the rest cut off.
  const known = [
    [1, 1.1, 0.05],
    [3, 1.1, 0.42],
    [2, 1.25, 1.07],
    [3, 1.25, 2.02],
    [5, 1.25, 3.16],
  ];
  for (const [radius, index, efficiency] of known) {
    const here = vanDeHulst(Float64Array.of(2500), radius, index)[0];
    expect(Math.abs(here - efficiency)).toBeLessThan(0.01);
  }
});

test("a sphere too small to be seen does not scatter, and the series meets the formula", () => {
  expect(vanDeHulst(Float64Array.of(1000), 0, 1.3)[0]).toBe(0);
  // Phase 4π · r · 1e-4 · 0.1 · 1000 is 1e-3 at r = 1e-3 / 0.04π: just below and just above. ρ²/2 = 5e-7.
  const radius = 1e-3 / (0.04 * Math.PI);
  for (const nudge of [0.999, 1.001]) {
    // The formula's terms are 4e6 apart in size at this phase, so 3 digits are left.
    expect(vanDeHulst(Float64Array.of(1000), radius * nudge, 1.1)[0] / (5e-7 * nudge ** 2)).toBeCloseTo(1, 2);
  }
});

test("the point spread is 4.97 µm wide at half height at amide I and 7.62 at 1080 cm-1", () => {
  const width = (wavenumber: number) => pointSpread(wavenumber) * 1.1 * Math.sqrt(8 * Math.LN2);
  // 0.217 · 2.355 = 0.511, tabulated with 0.51: 0.2 %.
  expect(width(1655)).toBeCloseTo(4.97, 1);
  expect(width(1080)).toBeCloseTo(7.62, 1);
});

test("blurring spreads a point to a round Gaussian of sum 1", () => {
  const half = halfGaussian(1.5);
  const halo = half.length - 1;
  const size = 15;
  const width = size + 2 * halo;
  const plane = new Float32Array(width * width);
  plane[(halo + 7) * width + halo + 7] = 1;
  const out = new Float32Array(size * size);
  blur(plane, size, size, halo, half, new Float64Array(width), out);
  // The kernel reaches 5 pixels, so all of it lies inside; float32 of 121 values rounds at 1e-7 each.
  expect(out.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  const at = (row: number, col: number) => out[(7 + row) * size + 7 + col];
  expect(at(2, 0) / at(0, 0)).toBeCloseTo(Math.exp(-0.5 * (2 / 1.5) ** 2), 5);
  expect(at(-2, 3)).toBeCloseTo(at(3, 2), 8);
});
