import type { Metadata } from "h5wasm/node";
import type { Module } from "./instance.js";
import { decode, type ElementType } from "./values.js";

/** Bytes of texts, or of an attribute, at the most. */
const MOST_BYTES = 256 << 20;

/** What a type of the library is here. */
export function elementType(module: Module, metadata: Metadata): ElementType {
  const classes = module.H5T_class_t;
  const bits = metadata.size * 8;
  // A truth value is an enumeration of 0 and 1 in h5py.
  const type = metadata.type === classes.H5T_ENUM.value ? metadata.enum_type?.type : metadata.type;
  if (type === classes.H5T_STRING.value) return "string";
  if (type === classes.H5T_FLOAT.value && (bits === 16 || bits === 32 || bits === 64)) return `float${bits}`;
  if (type === classes.H5T_INTEGER.value && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) {
    return metadata.signed ? `int${bits}` : `uint${bits}`;
  }
  return "other";
}

/** How texts and small lists of numbers are fetched and given back, an attribute's or a dataset's. */
export interface Fetch {
  /** Put the bytes at this address of the library's memory; below 0 where it cannot. */
  read(pointer: bigint): number;
  /** Give back what texts of variable length have taken. */
  reclaim(pointer: bigint): void;
}

/**
 * The texts or numbers of an attribute or a small dataset, flat; undefined for compound, reference and other types, and for more than is
 * sensible. Throws where the library cannot read them.
 */
export function textsOrNumbers(module: Module, metadata: Metadata, fetch: Fetch): string[] | number[] | undefined {
  const within = metadata.type === module.H5T_class_t.H5T_ARRAY.value ? metadata.array_type : undefined;
  const type = elementType(module, within ?? metadata);
  const bytes = metadata.size * metadata.total_size;
  if (type === "other" || !metadata.shape || !(bytes <= MOST_BYTES)) return undefined;
  if (bytes === 0) return [];
  const pointer = module._malloc(bytes);
  if (!pointer) throw new Error(`no room for ${bytes} bytes`);
  try {
    if (fetch.read(BigInt(pointer)) < 0) throw new Error("it cannot be read");
    const values = module.HEAPU8.slice(pointer, pointer + bytes);
    if (type !== "string") return Array.from(decode(values, type));
    if (!(within ?? metadata).vlen) return fixedTexts(values, (within ?? metadata).size, metadata.cset);
    const places = new Uint32Array(values.buffer);
    const texts = Array.from(places, (place) => (place ? textAt(module.HEAPU8, place, metadata.cset) : ""));
    fetch.reclaim(BigInt(pointer));
    return texts;
  } finally {
    module._free(pointer);
  }
}

/** Texts of a fixed length are padded with NUL or blanks, depending on who wrote them. */
function fixedTexts(bytes: Uint8Array, size: number, cset: number | undefined): string[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    textAt(bytes, i * size, cset, (i + 1) * size),
  );
}

/** The text from a place to the first NUL or to the end. What is not UTF-8 by its own word is taken byte by byte. */
function textAt(bytes: Uint8Array, start: number, cset: number | undefined, end = bytes.length): string {
  const nul = bytes.indexOf(0, start);
  const text = bytes.subarray(start, nul < 0 || nul > end ? end : nul);
  return Buffer.from(text)
    .toString(cset === 1 ? "utf8" : "latin1")
    .replace(/[\0 ]+$/, "");
}
