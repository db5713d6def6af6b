import type { Axis } from "../cube/axis.js";
import type { Cube, Origin } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { AttributeValue, Hdf5File } from "../hdf5/open.js";
import type { Stored } from "./absorbance.js";

const origins: readonly Origin[] = ["real", "simulated", "derived", "unknown"];

/** What the attributes of a file say of its cube. An origin that is not one of the known words is "unknown". */
export function describeCube(
  file: Hdf5File,
  size: { rows: number; cols: number },
  axis: Axis,
  { quantity }: Stored,
  classNames: readonly string[] | undefined,
): Cube {
  const attributes = file.attributes("/");
  const said = (name: string) => textOf(attributes[name]);
  const origin = origins.find((word) => word === said("origin")?.toLowerCase()) ?? "unknown";
  return {
    path: file.path,
    ...size,
    axis,
    storedQuantity: quantity,
    pixelSizeUm: pixelSize(attributes.pixel_size_um, file.path),
    modality: said("modality"),
    mode: said("mode"),
    patient: said("patient"),
    core: said("core"),
    slide: said("slide"),
    geometry: said("geometry"),
    origin,
    source: said("source"),
    classNames,
  };
}

function textOf(value: AttributeValue | undefined): string | undefined {
  const text = value === undefined ? "" : String(value).trim();
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
