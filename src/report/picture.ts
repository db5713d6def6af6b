import { type Html, html } from "./html.js";

/** Bytes of a picture by its path relative to findings.json; undefined when there is none. */
export type Pictures = (relativePath: string) => Uint8Array | undefined;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * A PNG as an inline image, or a box that says which picture is missing. Only PNG is embedded, whatever the file is called.
 * A picture with one pixel a cube pixel is enlarged without smoothing, so that a pixel of the measurement stays a square.
 */
export function picture(bytes: Uint8Array | undefined, path: string, description: string, cols: number): Html {
  if (!bytes || bytes.length < 24 || signature.some((byte, i) => bytes[i] !== byte)) {
    return html`<div class="no-picture">picture not found: ${path}</div>`;
  }
  // The IHDR chunk is always first: width and height stand at bytes 16 and 20, big-endian. Source: PNG specification, 11.2.2.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  const raster = width === cols ? "raster" : "drawn";
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return html`<img class="${raster}" width="${width}" height="${height}" alt="${description}" src="data:image/png;base64,${data}">`;
}
