import { closeSync, openSync, writeSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { beginFile, telling } from "../cube/write-file.js";

/** Channels of one type over an image; rows of a channel are asked for as they are written. */
export interface OmeImage {
  readonly rows: number;
  readonly cols: number;
  /** Missing: no physical size. */
  readonly pixelSizeUm?: number;
  readonly type: "uint8" | "float32";
  readonly channels: readonly {
    readonly name: string;
    readonly rows: (row: number, rows: number) => Float32Array | Uint8Array;
  }[];
  /** Names the image, and says what the data are, in the file. */
  readonly name: string;
  readonly description: string;
}

const TILE = 256;

/**
 * Write maps as OME-TIFF: a BigTIFF with a page a channel, tiles of 256 × 256 pixels, deflated, and OME-XML with channel names and
 * the physical size of a pixel in µm in the first page, as Bio-Formats (QuPath, Fiji) reads it. What is not a number in a float32 map stays
 * NaN. A row of tiles is in memory at a time. The file is renamed into its place when it is whole.
 * Sources: TIFF 6.0 (Adobe 1992), BigTIFF (Aware Systems), OME-TIFF specification (ome-model 6.3).
 */
export function writeOmeTiff(path: string, image: OmeImage): void {
  const begun = beginFile(path);
  try {
    telling(path, () => {
      const file = openSync(begun.temporary, "w");
      try {
        writePages(file, image);
      } finally {
        closeSync(file);
      }
    });
    begun.finish();
  } catch (thrown) {
    begun.abandon();
    throw thrown;
  }
}

interface Page {
  readonly offsets: number[];
  readonly lengths: number[];
}

function writePages(file: number, image: OmeImage): void {
  // "II", version 43, offsets of 8 bytes; where the first directory is stands at byte 8 and is filled in at the end.
  const header = Buffer.alloc(16);
  header.write("II", 0, "latin1");
  header.writeUInt16LE(43, 2);
  header.writeUInt16LE(8, 4);
  let at = writeAll(file, header, 0);
  // Nothing points here: by these bytes the file is known as made by this program.
  at = writeAll(file, Buffer.from("spectrastain/image/1".padEnd(24, "\0"), "latin1"), at);
  const pages = image.channels.map((channel): Page => {
    const page: Page = { offsets: [], lengths: [] };
    for (let top = 0; top < image.rows; top += TILE) {
      const rows = Math.min(TILE, image.rows - top);
      const values = channel.rows(top, rows);
      for (let left = 0; left < image.cols; left += TILE) {
        const packed = deflateSync(tileOf(values, rows, image.cols, left, image.type), { level: 6 });
        page.offsets.push(at);
        page.lengths.push(packed.length);
        at = writeAll(file, packed, at);
      }
    }
    return page;
  });
  let before = 8;
  for (const [p, page] of pages.entries()) {
    at += at % 8 ? 8 - (at % 8) : 0;
    const directory = directoryOf(image, page, at, p === 0 ? omeXml(image) : undefined);
    const place = Buffer.alloc(8);
    place.writeBigUInt64LE(BigInt(at));
    writeAll(file, place, before);
    before = at + directory.next;
    at = writeAll(file, directory.bytes, at);
  }
}

function writeAll(file: number, bytes: Uint8Array, at: number): number {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
  return at + bytes.length;
}

/** A tile of the full size; what lies beyond the image is 0, or NaN in a map of numbers. */
function tileOf(
  values: Float32Array | Uint8Array,
  rows: number,
  cols: number,
  left: number,
  type: OmeImage["type"],
): Uint8Array {
  const tile = type === "uint8" ? new Uint8Array(TILE * TILE) : new Float32Array(TILE * TILE).fill(Number.NaN);
  const width = Math.min(TILE, cols - left);
  for (let row = 0; row < rows; row++) {
    const from = row * cols + left;
    tile.set(values.subarray(from, from + width), row * TILE);
  }
  return new Uint8Array(tile.buffer);
}

/** The directory of a page with the values that do not fit into it behind; `next` is where the offset of the following one stands. */
function directoryOf(image: OmeImage, page: Page, at: number, xml: string | undefined) {
  const { rows, cols, type } = image;
  const short = (value: number) => ({ type: 3, bytes: numbers([value], 2) });
  const long = (value: number) => ({ type: 4, bytes: numbers([value], 4) });
  const longs = (values: readonly number[]) => ({ type: 16, bytes: numbers(values, 8) });
  const entries: [tag: number, { type: number; bytes: Buffer }][] = [
    [254, long(0)],
    [256, long(cols)],
    [257, long(rows)],
    [258, short(type === "uint8" ? 8 : 32)],
    // Deflate as Adobe has it.
    [259, short(8)],
    [262, short(1)],
    ...(xml === undefined
      ? []
      : [[270, { type: 2, bytes: Buffer.from(`${xml}\0`, "utf8") }] as [number, { type: number; bytes: Buffer }]]),
    [277, short(1)],
    [284, short(1)],
    [322, long(TILE)],
    [323, long(TILE)],
    [324, longs(page.offsets)],
    [325, longs(page.lengths)],
    [339, short(type === "uint8" ? 1 : 3)],
  ];
  const next = 8 + entries.length * 20;
  const directory = Buffer.alloc(next + 8);
  directory.writeBigUInt64LE(BigInt(entries.length));
  const behind: Buffer[] = [];
  let free = at + directory.length;
  for (const [e, [tag, { type: kind, bytes }]] of entries.entries()) {
    const size = kind === 2 ? 1 : kind === 3 ? 2 : kind === 4 ? 4 : 8;
    const to = 8 + e * 20;
    directory.writeUInt16LE(tag, to);
    directory.writeUInt16LE(kind, to + 2);
    directory.writeBigUInt64LE(BigInt(bytes.length / size), to + 4);
    if (bytes.length <= 8) bytes.copy(directory, to + 12);
    else {
      directory.writeBigUInt64LE(BigInt(free), to + 12);
      const padded = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
      bytes.copy(padded);
      behind.push(padded);
      free += padded.length;
    }
  }
  return { bytes: Buffer.concat([directory, ...behind]), next };
}

function numbers(values: readonly number[], size: 2 | 4 | 8): Buffer {
  const bytes = Buffer.alloc(values.length * size);
  for (const [i, value] of values.entries()) {
    if (size === 2) bytes.writeUInt16LE(value, i * size);
    else if (size === 4) bytes.writeUInt32LE(value, i * size);
    else bytes.writeBigUInt64LE(BigInt(value), i * size);
  }
  return bytes;
}

function omeXml({ rows, cols, pixelSizeUm, type, channels, name, description }: OmeImage): string {
  const size =
    pixelSizeUm === undefined
      ? ""
      : ` PhysicalSizeX="${pixelSizeUm}" PhysicalSizeXUnit="µm" PhysicalSizeY="${pixelSizeUm}" PhysicalSizeYUnit="µm"`;
  const said = channels.map(
    (channel, c) => `<Channel ID="Channel:0:${c}" Name="${xmlText(channel.name)}" SamplesPerPixel="1"/>`,
  );
  const pages = channels.map((_, c) => `<TiffData FirstC="${c}" FirstT="0" FirstZ="0" IFD="${c}" PlaneCount="1"/>`);
  const pixelType = type === "uint8" ? "uint8" : "float";
  return `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06 http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd"><Image ID="Image:0" Name="${xmlText(name)}"><Description>${xmlText(description)}</Description><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="${pixelType}" SizeX="${cols}" SizeY="${rows}" SizeC="${channels.length}" SizeZ="1" SizeT="1" BigEndian="false"${size}>${said.join("")}${pages.join("")}</Pixels></Image></OME>`;
}

/** Names come from files: what XML would read as its own, and what it cannot hold, is taken out of them. */
function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
