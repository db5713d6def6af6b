import { SpectraError } from "../cube/errors.js";

/** Where in a file the spectra are; whatever is not given is found by itself in the known layouts. */
export interface LayoutOptions {
  /** HDF5 path of the spectra, such as /data/intensities. */
  readonly dataset?: string;
  /** HDF5 path of the wavenumbers. */
  readonly axis?: string;
  /** Dimensions as h5py lists them: "rcb" rows, cols, bands; "brc"; "bcr"; "crb"; "rbc"; "cbr"; "pb" pixels, bands; "bp". */
  readonly order?: string;
  readonly quantity?: "absorbance" | "transmittance";
  /** The unit of the axis, such as "cm-1", "um", "nm" or "eV". */
  readonly axisUnits?: string;
  /** Image rows and columns of a list of pixels; the pixels are taken row by row from the top left. */
  readonly rows?: number;
  readonly cols?: number;
  /** Columns of a table of spectra, by their headers. */
  readonly classColumn?: string;
  readonly patientColumn?: string;
  /** HDF5 path of the labels or the mask; /labels and /mask, at the top of the file or beside the spectra, if not given. */
  readonly labels?: string;
  readonly mask?: string;
  /** Edge of a pixel; what the file says if not given. */
  readonly pixelSizeUm?: number;
  /** Follow links, virtual datasets and external storage out of the folder of the file too; not if not given. */
  readonly followLinks?: boolean;
}

export const orders = ["rcb", "crb", "brc", "bcr", "rbc", "cbr", "pb", "bp"] as const;
export type Order = (typeof orders)[number];

/** A text as an order of dimensions; any other is a mistake in the call, whatever the file. */
export function orderOf(text: string): Order {
  const found = orders.find((order) => order === text);
  if (found) return found;
  throw new SpectraError("usage", "order", `there is no order "${text}"; choose from ${orders.join(", ")}`);
}

/** A layout found in, or named for, one file. */
export interface Layout {
  /** For `inspect` and errors. */
  readonly name: string;
  readonly dataset: string;
  /** HDF5 path of the wavenumbers, or the wavenumbers themselves where the file gives them as start and step. */
  readonly axis: string | Float64Array;
  /** The unit of an axis that is given as numbers, and what the file says elsewhere that the spectra are. */
  readonly axisUnits?: string;
  readonly quantityText?: string;
  /** From the axes of the image. */
  readonly pixelSizeUm?: number;
  /** What is worth a look, for `inspect`. */
  readonly notes?: readonly string[];
  readonly order: Order;
  readonly rows?: number;
  readonly cols?: number;
  readonly mask?: string;
  readonly labels?: string;
}
