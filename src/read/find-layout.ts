import { SpectraError } from "../cube/errors.js";
import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { knownLayout, usualOrder } from "./known-layouts.js";
import { type Layout, type LayoutOptions, type Order, orderOf } from "./layout.js";

/** The layout of a file: what the options name, the rest as the known layouts have it. */
export function findLayout(file: Hdf5File, options: LayoutOptions): Layout {
  const { dataset, axis, order, rows, cols } = options;
  const known = dataset === undefined ? knownLayout(file) : undefined;
  if (dataset === undefined && !known) throw unknown(file);
  const spectra = file.info(dataset ?? known!.dataset);
  if (axis !== undefined) file.info(axis);
  const found = axis ?? known?.axis ?? guessAxis(file, spectra);
  const [labels, mask] = [planeIn(file, spectra, "labels", options), planeIn(file, spectra, "mask", options)];
  return {
    ...(known ?? { name: "named dataset" }),
    ...(labels && { labels }),
    ...(mask && { mask }),
    dataset: spectra.path,
    axis: found,
    order: checkOrder(order ?? known?.order ?? usualOrder(spectra), spectra, file.path),
    ...(rows !== undefined && { rows }),
    ...(cols !== undefined && { cols }),
  };
}

/** Names of a mask beside the spectra; PyIR calls it by the second. */
const planeNames = { labels: ["labels"], mask: ["mask", "tissue_mask"] } as const;

/** Labels or a mask: as named, "none" for none, else beside the spectra, else at the top of the file. Texts of that name are no plane. */
function planeIn(
  file: Hdf5File,
  spectra: DatasetInfo,
  kind: "labels" | "mask",
  options: LayoutOptions,
): string | undefined {
  const named = options[kind];
  if (named === "none") return undefined;
  if (named !== undefined) return file.info(named).path;
  const beside = spectra.path.replace(/\/[^/]*$/, "");
  const paths = new Set(planeNames[kind].flatMap((name) => [`${beside}/${name}`, `/${name}`]));
  return [...paths].find((path) => {
    const type = file.find(path)?.type;
    return type !== undefined && type !== "string" && type !== "other";
  });
}

function checkOrder(order: string, { path, shape }: DatasetInfo, file: string): Order {
  const known = orderOf(order);
  if (order.length !== shape.length) {
    throw new SpectraError(
      "shape",
      file,
      `${path} of ${file} has ${shape.length} dimension(s) [${shape}], the order "${order}" ${order.length}; ` +
        "name a dataset with 2 or 3 dimensions, or another --order",
    );
  }
  return known;
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
