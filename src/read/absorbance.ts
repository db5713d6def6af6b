import { SpectraError } from "../cube/errors.js";
import type { AttributeValue, DatasetInfo, Hdf5File } from "../hdf5/open.js";

/** What the numbers of a dataset are, and what they are divided by: 100 for per cent. */
export interface Stored {
  readonly quantity: "absorbance" | "transmittance";
  readonly scale: number;
}

/**
 * What the numbers are: as the caller says, else the attribute `quantity` of the dataset, else absorbance.
 * Transmittance is taken for per cent when its attribute `units` says so, or when the middle spectrum of the cube exceeds 2.
 */
export function storedQuantity(file: Hdf5File, dataset: DatasetInfo, said?: "absorbance" | "transmittance"): Stored {
  const { quantity: written, units } = dataset.attributes;
  const quantity = said ?? known(written, file.path);
  if (quantity === "absorbance") return { quantity, scale: 1 };
  const percent = typeof units === "string" ? /%|per ?cent/i.test(units) : middleExceeds(file, dataset, 2);
  return { quantity, scale: percent ? 100 : 1 };
}

function known(written: AttributeValue | undefined, file: string): Stored["quantity"] {
  const name = written === undefined ? "absorbance" : String(written).trim().toLowerCase();
  if (name === "absorbance" || name === "transmittance") return name;
  throw new SpectraError(
    "unit",
    file,
    `${file} says that it holds "${written}"; known are absorbance and transmittance: convert it, or say --quantity`,
  );
}

function middleExceeds(file: Hdf5File, { path, shape }: DatasetInfo, limit: number): boolean {
  const longest = shape.indexOf(Math.max(...shape));
  const start = shape.map((length, i) => (i === longest ? 0 : Math.floor(length / 2)));
  const values = file.read(
    path,
    start,
    shape.map((length, i) => (i === longest ? length : 1)),
  );
  return Array.from(values).some((value) => value > limit);
}

/** Transmittance to absorbance in place, −log₁₀(T / scale); NaN where T is not above zero, so that the pixel is rejected later. */
export function toAbsorbance(values: Float32Array, scale: number): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i] > 0 ? -Math.log10(values[i] / scale) : Number.NaN;
}
