import { bandsWithin, nearestBand } from "../cube/axis.js";
import { integralWeights } from "../cube/integral.js";

/** The bands of the composite: what each channel mostly shows, and where it is read, cm-1. */
export const compositeBands = [
  { channel: "red", wavenumber: 1655, shows: "protein (amide I)" },
  { channel: "green", wavenumber: 1236, shows: "collagen and phosphate (amide III, PO₂⁻)" },
  { channel: "blue", wavenumber: 1080, shows: "nucleic acid and carbohydrate (PO₂⁻, C–O)" },
] as const;

/**
 * Make ready what draws the chemical pictures of raw absorbance: the amide I integral between 1600 and 1700 cm-1 above the line
 * through its ends (trapezoid over the sample points inside, cm-1), and the absorbance at the three composite bands
 * above the line through both ends of what the axis has between 900 and 1800 cm-1. A picture whose band the axis does not reach
 * stays NaN; one whose bands are finite does not care what a full-range spectrum has elsewhere.
 */
export function prepareChemical(
  wavenumbers: Float64Array,
): (values: Float32Array, pixel: number, out: Float32Array, at: number, stride: number) => void {
  const bands = wavenumbers.length;
  const [start, end] = bandsWithin(wavenumbers, 1600, 1700);
  // The chord under the integral is a sum of the two end values, so both together are one weighted sum of the bands. It is
  // integrated with the same weights, so that a gap in the range counts in neither.
  const weights = integralWeights(wavenumbers, start, end);
  const width = end - start > 1 ? wavenumbers[end - 1] - wavenumbers[start] : Number.NaN;
  let [under, right] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    under += weights[i];
    right += (weights[i] * (wavenumbers[start + i] - wavenumbers[start])) / width;
  }
  weights[0] -= under - right;
  weights[weights.length - 1] -= right;
  const picked = compositeBands.map(({ wavenumber }) => {
    const inside = wavenumber >= wavenumbers[0] && wavenumber <= wavenumbers[bands - 1];
    return inside ? nearestBand(wavenumbers, wavenumber) : -1;
  });
  const [from, to] = bandsWithin(wavenumbers, 900, 1800);
  const last = to - 1;
  const span = wavenumbers[last] - wavenumbers[from];

  return (values, pixel, out, at, stride) => {
    const first = pixel * bands;
    let integral = width * 0;
    for (let i = 0; i < weights.length; i++) integral += weights[i] * values[first + start + i];
    out[at] = integral;
    const low = values[first + from];
    const slope = (values[first + last] - low) / span;
    for (let channel = 0; channel < 3; channel++) {
      const band = picked[channel];
      out[at + (channel + 1) * stride] =
        band < 0 ? Number.NaN : values[first + band] - low - slope * (wavenumbers[band] - wavenumbers[from]);
    }
  };
}
