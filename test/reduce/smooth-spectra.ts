import type { Spectra } from "#cube/spectra";

/** The spectra of `golden/pca.py`: five bells that vary, on a slope, with a ripple for noise. */
export function smoothSpectra(from: number, to: number): Spectra<"absorbance"> {
  const bands = 60;
  const values = new Float32Array((to - from) * bands);
  for (let i = 0; i < values.length; i++) {
    const row = from + Math.floor(i / bands);
    const band = i % bands;
    let sum = 0.2 + 0.002 * band;
    for (const [bell, [centre, width, height]] of bells.entries()) {
      sum += height * (1 + 0.4 * Math.sin((1.7 + bell) * row + bell)) * Math.exp(-(((band - centre) / width) ** 2));
    }
    values[i] = sum + 1e-3 * Math.sin(12.9898 * band + 78.233 * row + 0.017 * band * row);
  }
  const wavenumbers = Float64Array.from({ length: bands }, (_, i) => 1000 + 4 * i);
  return { quantity: "absorbance", wavenumbers, bands, count: to - from, values };
}

const bells = [
  [12, 5, 0.5],
  [25, 4, 0.3],
  [38, 6, 0.2],
  [50, 3, 0.12],
  [31, 9, 0.08],
] as const;
