import { SpectraError } from "../cube/errors.js";
import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { knownLayout, usualOrder } from "./known-layouts.js";
import { type Layout, type LayoutOptions, type Order, orders } from "./layout.js";

/** The layout of a file: what the options name, the rest as the known layouts have it. */
export function findLayout(file: Hdf5File, options: LayoutOptions): Layout {
  const { dataset, axis, order, rows, cols } = options;
  const known = dataset === undefined ? knownLayout(file) : undefined;
  if (dataset === undefined && !known) throw unknown(file);
  const spectra = file.info(dataset ?? known!.dataset);
  if (axis !== undefined) file.info(axis);
  const found = axis ?? known?.axis ?? guessAxis(file, spectra);
  return {
    ...(known ?? { name: "named dataset" }),
    dataset: spectra.path,
    axis: found,
    order: checkOrder(order ?? known?.order ?? usualOrder(spectra), spectra, file.path),
    ...(rows !== undefined && { rows }),
    ...(cols !== undefined && { cols }),
  };
}

function checkOrder(order: string, { path, shape }: DatasetInfo, file: string): Order {
  if (!(orders as readonly string[]).includes(order)) {
    throw new SpectraError("usage", file, `there is no order "${order}"; choose from ${orders.join(", ")}`);
  }
  if (order.length !== shape.length) {
    throw new SpectraError(
      "shape",
      file,
      `${path} of ${file} has ${shape.length} dimension(s) [${shape}], the order "${order}" ${order.length}; ` +
        "name a dataset with 2 or 3 dimensions, or another --order",
    );
  }
  return order as Order;
}

/** The one other dataset whose length is a dimension of the spectra and whose numbers may be wavenumbers. */
function guessAxis(file: Hdf5File, spectra: DatasetInfo): string {
  const lists = file.datasets().filter(({ path, shape, type }) => {
    const length = shape.reduce((product, n) => product * n, 1);
    return (
      path !== spectra.path && type !== "string" && Math.max(0, ...shape) === length && spectra.shape.includes(length)
    );
  });
  const named = lists.filter(({ path }) => /wavenumber|wvn|wn$|xvalues|wavelength|energy|axis/i.test(path));
  const [only, ...others] = named.length ? named : lists;
  if (only && !others.length) return only.path;
  throw new SpectraError(
    "missing",
    file.path,
    `which dataset of ${file.path} holds the wavenumbers? say --axis /path` +
      (lists.length ? `; it may be ${lists.map(({ path }) => path).join(" or ")}` : ""),
  );
}

function unknown(file: Hdf5File): SpectraError {
  const candidates = file.datasets().filter(({ shape, type }) => shape.length > 0 && type !== "string");
  const listed = candidates.slice(0, 12).map(({ path, shape, type }) => `${path} ${type} [${shape}]`);
  const rest = candidates.length > 12 ? `, and ${candidates.length - 12} more` : "";
  return new SpectraError(
    "format",
    file.path,
    `${file.path} is in no layout that is known here; name its parts with --dataset /path --axis /path --order rcb` +
      (listed.length ? ` (it holds ${listed.join(", ")}${rest})` : " (it holds no dataset of numbers)"),
  );
}
