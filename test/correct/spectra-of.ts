import type { Spectra } from "#cube/spectra";

/** Absorbance spectra from rows of numbers; bands at 1, 2, 3 … cm-1 if no wavenumbers are given. */
export function spectraOf(rows: number[][], wavenumbers?: ArrayLike<number>): Spectra<"absorbance"> {
  const bands = rows[0].length;
  return {
    quantity: "absorbance",
    wavenumbers: Float64Array.from(wavenumbers ?? rows[0].map((_, i) => i + 1)),
    bands,
    count: rows.length,
    values: Float32Array.from(rows.flat()),
  };
}

/** The rows of spectra as plain numbers. */
export function rowsOf({ values, count, bands }: Spectra): number[][] {
  return Array.from({ length: count }, (_, row) => [...values.subarray(row * bands, (row + 1) * bands)]);
}

/** The largest difference between two sets of rows; infinite when their shapes differ or one has NaN. */
export function difference(a: number[][], b: number[][]): number {
  if (a.length !== b.length || a.some((row, i) => row.length !== b[i].length)) return Number.POSITIVE_INFINITY;
  const all = a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i][j])));
  return all.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...all);
}
