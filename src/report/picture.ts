import { type Html, html, safe } from "./html.js";
import { format } from "./numbers.js";

/** Bytes of a picture by its path relative to findings.json; undefined when there is none. */
export type Pictures = (relativePath: string) => Uint8Array | undefined;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Width and height of a PNG; undefined for anything else, whatever the file is called. */
export function pngSize(bytes: Uint8Array | undefined): { width: number; height: number } | undefined {
  if (!bytes || bytes.length < 24 || signature.some((byte, i) => bytes[i] !== byte)) return undefined;
  // The IHDR chunk is always first: width and height stand at bytes 16 and 20, big-endian. Source: PNG specification, 11.2.2.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  return width && height ? { width, height } : undefined;
}

/** What a picture is of: `cols` pixels across, each `pixelSizeUm` wide where that is known. */
export interface Subject {
  readonly path: string;
  readonly description: string;
  readonly cols: number;
  readonly pixelSizeUm?: number;
}

/**
 * A PNG as an inline image, or a box that says which picture is missing.
 * A picture with one pixel a cube pixel is enlarged without smoothing, so that a pixel of the measurement stays a square, and gets
 * a scale bar; any other picture is taken to carry its own.
 */
export function picture(bytes: Uint8Array | undefined, subject: Subject): Html {
  const { path, description, cols, pixelSizeUm } = subject;
  const size = pngSize(bytes);
  if (!bytes || !size) return html`<div class="no-picture">picture not found: ${path}</div>`;
  const { width, height } = size;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const raster = isRaster(width, cols);
  return html`<div class="frame" style="--aspect: ${(width / height).toFixed(4)}"><img class="${
    raster ? "raster" : "drawn"
  }" width="${width}" height="${height}" alt="${description}" src="data:image/png;base64,${safe(data)}">${
    raster ? scaleBar(cols, pixelSizeUm) : ""
  }</div>`;
}

/** Whether a picture shows a pixel a pixel of the map, or every second, third … where the map has more than a picture should. */
export function isRaster(width: number, cols: number): boolean {
  return width === Math.ceil(cols / Math.max(1, Math.round(cols / width)));
}

function scaleBar(cols: number, pixelSizeUm: number | undefined): Html {
  const across = cols * (pixelSizeUm ?? 1);
  const length = scaleLength(across);
  const label = pixelSizeUm ? `${format(length, length < 1 ? 1 : 0)} µm` : `${format(length, 0)} pixels`;
  return html`<div class="scale"><span class="bar" style="width: ${((100 * length) / across).toFixed(2)}%"></span>${label}</div>`;
}

/** The longest of 1, 2, 5, 10, 20, 50 … that is at most 30 % of the width. */
export function scaleLength(across: number): number {
  const limit = 0.3 * across;
  const decade = 10 ** Math.floor(Math.log10(limit));
  return decade * (limit >= 5 * decade ? 5 : limit >= 2 * decade ? 2 : 1);
}
