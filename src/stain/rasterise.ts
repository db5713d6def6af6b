import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { compileCold } from "./compile-cold.js";

const resolve = createRequire(import.meta.url).resolve;

let started: Promise<void> | undefined;
let fonts: Uint8Array[] | undefined;

/** Make the SVG renderer ready; needed once before `rasterise` and `textWidth`, harmless when repeated. */
export async function startRenderer(): Promise<void> {
  started ??= initWasm(compileCold(readFileSync(resolve("@resvg/resvg-wasm/index_bg.wasm"))));
  await started;
  // The font travels with the package: a fresh machine may have none at all.
  fonts ??= ["DejaVuSans", "DejaVuSans-Bold"].map((name) => readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
}

function open(svg: string) {
  return new Resvg(svg, { font: { fontBuffers: fonts ?? [], defaultFontFamily: "DejaVu Sans" }, background: "white" });
}

/** Pixels as RGBA, row-major, on white. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Draw an SVG at its own width and height. */
export function rasterise(svg: string): Rgba {
  const drawing = open(svg);
  const image = drawing.render();
  const rgba = { width: image.width, height: image.height, pixels: image.pixels };
  image.free();
  drawing.free();
  return rgba;
}

/** The width of what an SVG draws, 0 when it draws nothing. */
export function drawnWidth(svg: string): number {
  const drawing = open(svg);
  const width = drawing.getBBox()?.width ?? 0;
  drawing.free();
  return width;
}
