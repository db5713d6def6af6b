import type { CohortRow } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import { type LayoutOptions, orders } from "./layout.js";
import { quantityNamed } from "./quantity.js";

/**
 * Where the spectra of a row's cube are and what they are: what its cohort file says, else what was said for all. Columns that other
 * tables use otherwise count only when they hold what they would hold here: a path in the file, letters of an order.
 */
export function layoutOfRow({ path, extra }: CohortRow, all: LayoutOptions = {}): LayoutOptions {
  const said = (name: string) => extra[name]?.trim() || undefined;
  const within = (name: string) => (said(name)?.startsWith("/") ? said(name) : undefined);
  const order = said("order")?.toLowerCase();
  for (const name of ["flip", "transpose"]) {
    if (said(name) === undefined || /^(0|no|none|false)$/i.test(said(name)!)) continue;
    throw wrong(
      path,
      name,
      said(name)!,
      "images are not turned here; leave it empty, or turn the cube when it is exported",
    );
  }
  const { quantity, axis_units: axisUnits, pixel_size_um: pixel } = extra;
  const own: LayoutOptions = {
    dataset: within("dataset"),
    axis: within("axis"),
    labels: within("labels"),
    mask: within("mask"),
    order: order && (orders as readonly string[]).includes(order) ? order : undefined,
    quantity: quantity?.trim() ? quantityOf(path, quantity) : undefined,
    axisUnits: axisUnits?.trim() || undefined,
    pixelSizeUm: pixel?.trim() ? sizeOf(path, pixel) : undefined,
  };
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return given.length ? { ...all, ...Object.fromEntries(given) } : all;
}

function quantityOf(path: string, text: string): "absorbance" | "transmittance" {
  const named = quantityNamed(text);
  if (named === "absorbance" || named === "transmittance") return named;
  throw wrong(path, "quantity", text, "known are absorbance and transmittance");
}

function sizeOf(path: string, text: string): number {
  const size = Number(text.replace(",", "."));
  if (size > 0 && Number.isFinite(size)) return size;
  throw wrong(path, "pixel_size_um", text, "it must be a number of micrometres above 0");
}

function wrong(path: string, column: string, text: string, why: string): SpectraError {
  return new SpectraError("unit", path, `the cohort file says ${column} = "${text}" of ${path}: ${why}`);
}
