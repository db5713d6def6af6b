import fc from "fast-check";
import { expect, test } from "vitest";
import { bandIndex } from "#simulate/band-index";
import { readBandTables } from "#simulate/band-tables";
import { halfPixelGaussian, pointSpread } from "#simulate/blur";
import { gaussians } from "#simulate/component-spectra";
import { dawson } from "#simulate/dawson";
import { vanDeHulst } from "#simulate/van-de-hulst";

test("Dawson's integral has its maximum, its series and its sign", () => {
  // Its maximum is 0.5410442246 at 0.9241388730 (Abramowitz and Stegun, 7.1.17 and table 7.5).
  expect(dawson(0.924138873)).toBeCloseTo(0.5410442246, 6);
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
      expect(dawson(-x)).toBeCloseTo(-dawson(x), 10);
      // Its derivative is 1 − 2xD(x).
      const slope = (dawson(x + 1e-3) - dawson(x - 1e-3)) / 2e-3;
      expect(slope).toBeCloseTo(1 - 2 * x * dawson(x), 3);
    }),
  );
});

const protein = readBandTables().protein;

test("the index of a sum of bands is the Kramers–Kronig transform of what it absorbs", () => {
  const at = Float64Array.of(1500, 1580, 1640, 1655, 1700, 1800);
  const only = { bands: protein.bands.filter(({ position }) => position < 2000) };
  const { beyond } = bandIndex(only, at, 0.1);
  // The integral 2/π ∫ ν k/(ν² − ν₀²) dν over a fine grid that leaves out its pole evenly.
  const step = 0.25;
  const grid = Float64Array.from({ length: 16_000 }, (_, i) => (i + 0.5) * step);
  const { imaginary } = bandIndex(only, grid, 0.1);
  for (const [i, middle] of at.entries()) {
    const integral = grid.reduce((sum, nu, j) => sum + ((nu * imaginary[j]) / (nu * nu - middle * middle)) * step, 0);
    expect(beyond[i]).toBeCloseTo((2 / Math.PI) * integral, 3);
  }
  // It rises on the low side of amide I.
  expect(beyond[2]).toBeGreaterThan(0.01);
  expect(beyond[4]).toBeLessThan(-0.005);
});

test("a sphere that absorbs next to nothing scatters as one that does not", () => {
  const axis = Float64Array.from({ length: 100 }, (_, i) => 900 + 10 * i);
  const faint = { beyond: new Float64Array(100), imaginary: new Float64Array(100).fill(1e-9) };
  const [plain, nearly] = [vanDeHulst(axis, 3, 1.25), vanDeHulst(axis, 3, 1.25, faint)];
  for (const [i, value] of plain.entries()) expect(nearly[i]).toBeCloseTo(value, 6);
});

test("scatter of an absorbing sphere moves amide I down, as edges of tissue show it, and lifts what lies above", () => {
  const axis = Float64Array.from({ length: 451 }, (_, i) => 1550 + 0.5 * i);
  const pure = gaussians(protein, axis);
  const absorbing = bandIndex(protein, axis, 0.1);
  const top = (spectrum: Float64Array) => axis[spectrum.indexOf(Math.max(...spectrum))];
  for (const [radius, index] of [
    [2.5, 1.2],
    [3, 1.25],
    [5, 1.15],
  ]) {
    const seen = (extinction: Float64Array) => pure.map((value, i) => 0.5 * value + 0.3 * extinction[i]);
    const resonant = seen(vanDeHulst(axis, radius, index, absorbing));
    const plain = seen(vanDeHulst(axis, radius, index));
    expect(top(resonant)).toBeLessThan(top(pure) - 2);
    expect(Math.abs(top(plain) - top(pure))).toBeLessThan(2);
  }
});

test("coarse optics blur by the point spread and the pixel together: 2.64 µm at amide I", () => {
  for (const wavenumber of [1000, 1240, 1655, 1800]) {
    // Pixels of SD are 5.5 µm, five of the grid.
    const sigma = pointSpread(wavenumber) / 5;
    const half = halfPixelGaussian(sigma);
    const variance = half.reduce((sum, value, i) => sum + 2 * i * i * value, 0);
    expect(variance).toBeCloseTo(sigma ** 2 + 1 / 12, 4);
    expect(half[0] + 2 * half.slice(1).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    if (wavenumber === 1655) expect(5.5 * Math.sqrt(variance)).toBeCloseTo(2.64, 2);
  }
});
