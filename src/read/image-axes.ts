import { lengthOf } from "../cube/axis-unit.js";
import type { Layout, Order } from "./layout.js";

/** A dimension of the image as a file describes it. */
export interface ImageAxis {
  readonly name: string;
  /** Distance of two pixels, in the unit; negative where it falls. */
  readonly step?: number;
  readonly unit?: string;
}

/**
 * The order of the dimensions, the bands at one place: rows before columns, unless their names are x and y. Undefined for other than 2 or 3
 * dimensions.
 */
export function orderOf(dimensions: number, spectral: number, others: readonly ImageAxis[]): Order | undefined {
  if (dimensions === 2) return spectral === 0 ? "bp" : "pb";
  if (dimensions !== 3 || spectral < 0) return undefined;
  const [first, second] = others.map(({ name }) => letterOf(name));
  const letters = first === "x" || (second === "y" && first !== "y") ? ["c", "r"] : ["r", "c"];
  letters.splice(spectral, 0, "b");
  return letters.join("") as Order;
}

/** x or y, of names such as x, X, sample_x, map_x, "X position"; undefined for others. */
function letterOf(name: string): "x" | "y" | undefined {
  const found = /(?:^|[_\s-])([xy])(?:$|[_\s-])/i.exec(name)?.[1].toLowerCase();
  return found === "x" || found === "y" ? found : /^(columns?|cols?|width)$/i.test(name) ? "x" : undefined;
}

/** The size of a pixel in µm where both axes have a unit of length and agree to 1 %, and what is worth a word. */
export function pixelSizeOf(axes: readonly ImageAxis[]): Pick<Layout, "pixelSizeUm" | "notes"> {
  const sizes = axes.map(({ step, unit }) => {
    const metres = lengthOf(unit);
    return step === undefined || metres === undefined
      ? Number.NaN
      : Number((Math.abs(step) * metres * 1e6).toPrecision(7));
  });
  const notes: string[] = [];
  const known = sizes.length === 2 && sizes.every((size) => size > 0 && Number.isFinite(size));
  const equal = known && Math.abs(sizes[0] - sizes[1]) <= 0.01 * Math.max(...sizes);
  if (known && !equal) {
    notes.push(
      `pixels are ${sizes.join(" µm × ")} µm, not square: areas can only be given in pixels, or say --pixel-size-um`,
    );
  }
  if (axes.some(({ name, step = 0 }) => letterOf(name) === "y" && step > 0)) {
    notes.push("y rises from the first row on: in the instrument's own picture that row may be at the bottom");
  }
  return { ...(equal && { pixelSizeUm: sizes[0] }), ...(notes.length && { notes }) };
}
