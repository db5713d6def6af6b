import { SpectraError } from "../cube/errors.js";
import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { textAttribute } from "./attribute.js";
import { type NamedQuantity, quantityNamed, saysPercent } from "./quantity.js";
import { type Unpacking, unpack, unpackingOf } from "./unpack.js";

/** What the numbers of a dataset are, and what they are divided by: 100 for per cent. */
export interface Stored {
  readonly quantity: "absorbance" | "transmittance";
  readonly scale: number;
  /** What is done to the stored numbers before that; missing where nothing is. */
  readonly unpacking?: Unpacking;
  /** Where the quantity is said, for `inspect`. */
  readonly said: string;
}

/** Attributes in which programs write what the numbers are. */
const naming = ["quantity", "signal_type", "long_name", "standard_name", "ylabelname", "ylabel", "label"];

/**
 * What the numbers are: as the caller says, else as the attributes of the dataset or its own name say, else absorbance.
 * Transmittance is taken for per cent when its units say so, or when the middle spectrum of the cube exceeds 2.
 */
export function storedQuantity(
  file: Hdf5File,
  dataset: DatasetInfo,
  asked?: "absorbance" | "transmittance",
  elsewhere?: string,
): Stored {
  const { attributes, path } = dataset;
  const unpacking = unpackingOf(file, dataset);
  const named = nameOf(dataset, elsewhere);
  const quantity = asked ?? taken(named, file.path);
  const said = asked ? "as was said" : named ? `${named.where} "${named.text}"` : "nothing says otherwise";
  const base = { quantity, said, ...(unpacking && { unpacking }) };
  const units = textAttribute(attributes, "units", "unit");
  if (quantity === "absorbance") {
    if (asked || units === undefined || !(saysPercent(units) || /^m(au|od|abs)/i.test(units)))
      return { ...base, scale: 1 };
    throw new SpectraError(
      "unit",
      file.path,
      `the unit of ${path} of ${file.path} is "${units}", which is no unit of absorbance; say --quantity, or convert it`,
    );
  }
  const percent =
    (units !== undefined && units !== "" && saysPercent(units)) || (named !== undefined && saysPercent(named.text));
  const plain = units !== undefined && /^(1|fraction|ratio|dimensionless|unitless)$/i.test(units);
  const vague =
    units === undefined || /^(a\.?u\.?|arb.*|none|unknown)$/i.test(units) || quantityNamed(units) !== undefined;
  const scale = percent || (!plain && vague && middleExceeds(file, dataset, 2, unpacking)) ? 100 : 1;
  if (!percent && !plain && !vague) {
    throw new SpectraError(
      "unit",
      file.path,
      `the unit of ${path} of ${file.path} is "${units}", and it is transmittance; known are "%" and "1" (a fraction)`,
    );
  }
  return { ...base, scale };
}

interface Named {
  readonly text: string;
  readonly where: string;
  readonly quantity: NamedQuantity | undefined;
}

/** The first attribute that names a quantity; "quantity" itself even where it is not known. Then the unit, and the dataset's own name. */
function nameOf({ attributes, path }: DatasetInfo, elsewhere: string | undefined): Named | undefined {
  for (const name of [...naming, "units", "unit"]) {
    const text = textAttribute(attributes, name);
    if (text === undefined) continue;
    const quantity = quantityNamed(text);
    if (quantity || name === "quantity") return { text, where: `attribute ${name}`, quantity };
  }
  const beside = elsewhere === undefined ? undefined : quantityNamed(elsewhere);
  if (elsewhere !== undefined && beside) return { text: elsewhere, where: "the file", quantity: beside };
  const text = path.split("/").at(-1)!;
  // A name of a letter or two, such as /T, names nothing, and detectors count whatever is measured.
  const quantity = text.length > 3 ? quantityNamed(text) : undefined;
  if (quantity === undefined || quantity === "Raman intensity") return undefined;
  return { text, where: "the dataset's name", quantity };
}

function taken(named: Named | undefined, file: string): Stored["quantity"] {
  if (!named) return "absorbance";
  if (named.quantity === "absorbance" || named.quantity === "transmittance") return named.quantity;
  throw new SpectraError(
    "unit",
    file,
    `${file} says that it holds "${named.text}"; known are absorbance and transmittance: convert it, or say --quantity` +
      (named.quantity === "reflectance" ? " (transmittance gives −log₁₀ R)" : ""),
  );
}

function middleExceeds(file: Hdf5File, { path, shape }: DatasetInfo, limit: number, unpacking?: Unpacking): boolean {
  const longest = shape.indexOf(Math.max(...shape));
  const start = shape.map((length, i) => (i === longest ? 0 : Math.floor(length / 2)));
  const count = shape.map((length, i) => (i === longest ? length : 1));
  const values = new Float32Array(shape[longest]);
  file.readFloat32(path, start, count, values);
  if (unpacking) unpack(values, unpacking);
  return values.some((value) => value > limit);
}

/** Transmittance to absorbance in place, −log₁₀(T / scale); NaN where T is not above zero, so that the pixel is rejected later. */
export function toAbsorbance(values: Float32Array, scale: number): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i] > 0 ? -Math.log10(values[i] / scale) : Number.NaN;
}
