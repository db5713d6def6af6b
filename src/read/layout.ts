/** Where in a file the spectra are; whatever is not given is found by itself in the known layouts. */
export interface LayoutOptions {
  /** HDF5 path of the spectra, such as /data/intensities. */
  readonly dataset?: string;
  /** HDF5 path of the wavenumbers. */
  readonly axis?: string;
  /** Dimensions as h5py lists them: "rcb" rows, cols, bands; "brc"; "bcr"; "crb"; "rbc"; "cbr"; "pb" pixels, bands; "bp". */
  readonly order?: string;
  readonly quantity?: "absorbance" | "transmittance";
  /** "cm-1", "um" or "nm". */
  readonly axisUnits?: string;
  /** Image rows and columns of a list of pixels; the pixels are taken row by row from the top left. */
  readonly rows?: number;
  readonly cols?: number;
}

export const orders = ["rcb", "crb", "brc", "bcr", "rbc", "cbr", "pb", "bp"] as const;
export type Order = (typeof orders)[number];

/** A layout found in, or named for, one file. */
export interface Layout {
  /** For `inspect` and errors. */
  readonly name: string;
  readonly dataset: string;
  /** HDF5 path of the wavenumbers, or the wavenumbers themselves where the file gives them as start and step. */
  readonly axis: string | Float64Array;
  readonly order: Order;
  readonly rows?: number;
  readonly cols?: number;
  readonly mask?: string;
  readonly labels?: string;
}
