import type { BandTable } from "./band-tables.js";
import { dawson } from "./dawson.js";
import type { ComplexIndex } from "./van-de-hulst.js";

/**
 * The refractive index that goes with a sum of Gaussian bands of absorbance, per µm of the substance: imaginary part A ln 10 / (4π ν̃),
 * taken at the middle of each band, and its Kramers–Kronig transform, which for a Gaussian of half width w is
 * (2/√π) [D((ν̃ + ν̃₀)/w) − D((ν̃ − ν̃₀)/w)] of its height, D being Dawson's integral. It rises on the low side of a band, and bands outside of the axis act on it too.
 */
export function bandIndex(
  { bands }: Pick<BandTable, "bands">,
  wavenumbers: Float64Array,
  absorbancePerUm: number,
  shift = 0,
  factors?: readonly number[],
): ComplexIndex {
  const beyond = new Float64Array(wavenumbers.length);
  const imaginary = new Float64Array(wavenumbers.length);
  for (const [i, { position, fwhm, height }] of bands.entries()) {
    const middle = position + shift;
    // 1 µm = 1e-4 cm.
    const peak = (absorbancePerUm * height * (factors?.[i] ?? 1) * Math.LN10) / (4 * Math.PI * middle * 1e-4);
    const width = fwhm / (2 * Math.sqrt(Math.LN2));
    for (const [band, wavenumber] of wavenumbers.entries()) {
      const away = (wavenumber - middle) / width;
      imaginary[band] += peak * Math.exp(-away * away);
      // The band and its mirror image below 0.
      const both = dawson(away) - dawson((wavenumber + middle) / width);
      beyond[band] -= (2 / Math.sqrt(Math.PI)) * peak * both;
    }
  }
  return { beyond, imaginary };
}
