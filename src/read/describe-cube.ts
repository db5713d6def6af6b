import type { Axis } from "../cube/axis.js";
import type { Cube, Origin } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import { modeName, tidyName } from "../cube/words.js";
import type { AttributeValue, Hdf5File } from "../hdf5/open.js";
import type { Stored } from "./absorbance.js";
import type { Layout } from "./layout.js";

const origins: readonly Origin[] = ["real", "simulated", "derived", "unknown"];

/** What the attributes of a file say of its cube. An origin that is not one of the known words is "unknown". */
export function describeCube(
  file: Hdf5File,
  size: { rows: number; cols: number },
  axis: Axis,
  { quantity }: Stored,
  classNames: readonly string[] | undefined,
  layout: Pick<Layout, "dataset" | "pixelSizeUm"> & { readonly said?: boolean },
): Cube {
  // What is said of the file stands above what is said of the spectra, and of the group that they are in.
  const attributes = { ...nearby(file, layout.dataset), ...file.attributes("/") };
  const said = (name: string) => textOf(attributes[name]);
  const mode = said("mode");
  const origin = origins.find((word) => word === said("origin")?.toLowerCase()) ?? "unknown";
  return {
    path: file.path,
    ...size,
    axis,
    storedQuantity: quantity,
    pixelSizeUm: layout.said
      ? layout.pixelSizeUm
      : (pixelSize(attributes.pixel_size_um, file.path) ?? layout.pixelSizeUm),
    modality: said("modality"),
    mode: mode === undefined ? undefined : modeName(mode),
    patient: said("patient"),
    core: said("core"),
    slide: said("slide"),
    geometry: said("geometry"),
    origin,
    source: said("source"),
    classNames,
  };
}

/** Attributes that say whose the spectra are and how large their pixels, of the dataset and of its group. */
function nearby(file: Hdf5File, dataset: string): Record<string, AttributeValue> {
  const group = dataset.replace(/\/[^/]*$/, "") || "/";
  const all = { ...file.attributes(group), ...file.info(dataset).attributes };
  const names = ["pixel_size_um", "patient", "core", "slide"];
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

function textOf(value: AttributeValue | undefined): string | undefined {
  const text = value === undefined ? "" : tidyName(String(value));
  return text === "" ? undefined : text;
}

function pixelSize(value: AttributeValue | undefined, file: string): number | undefined {
  if (value === undefined) return undefined;
  const size = Number(Array.isArray(value) ? value[0] : value);
  if (size > 0 && Number.isFinite(size)) return size;
  throw new SpectraError(
    "unit",
    file,
    `pixel_size_um of ${file} is ${value}; it must be a number of micrometres above 0`,
  );
}
