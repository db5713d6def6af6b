import type { Metadata } from "h5wasm/node";
import { readAttributes } from "./attributes.js";
import type { Library } from "./library.js";
import type { DatasetInfo } from "./open.js";
import type { ElementType } from "./values.js";

type Module = Library["module"];

const filterNames: Record<number, string> = {
  1: "gzip",
  2: "shuffle",
  3: "fletcher32",
  4: "szip",
  5: "nbit",
  6: "scaleoffset",
  32000: "lzf",
  32001: "blosc",
  32004: "lz4",
  32008: "bitshuffle",
  32013: "zfp",
  32015: "zstd",
  32026: "blosc2",
};

/** Paths of all datasets, depth-first. A group linked into itself is walked once; soft and external links are left out. */
export function listDatasets(module: Module, id: bigint): string[] {
  const found: string[] = [];
  const seen = new Set<number>();
  const walk = (group: string) => {
    for (const name of module.get_names(id, group, false)) {
      const path = group === "/" ? `/${name}` : `${group}/${name}`;
      if (module.get_symbolic_link(id, path) !== null) continue;
      const type = module.get_type(id, path);
      if (type !== module.H5G_GROUP && type !== module.H5G_DATASET) continue;
      if (module.get_external_link(id, path).filename !== undefined) continue;
      const address = headerAddress(module, id, path);
      if (seen.has(address)) continue;
      seen.add(address);
      if (type === module.H5G_DATASET) found.push(path);
      else walk(path);
    }
  };
  seen.add(headerAddress(module, id, "/"));
  walk("/");
  return found;
}

/** Where in the file the header of a group or dataset is: that is what an object reference says. */
export function headerAddress(module: Module, id: bigint, path: string): number {
  return Number(Buffer.from(Uint8Array.from(module.create_object_reference(id, path))).readBigUInt64LE());
}

/** Shape, type, chunks, filters and attributes of a dataset that exists. */
export function describe(library: Library, id: bigint, path: string): DatasetInfo {
  const { module } = library;
  const metadata = module.get_dataset_metadata(id, path);
  const filters = module.get_dataset_filters(id, path);
  return {
    path,
    shape: metadata.shape ?? [0],
    type: elementType(module, metadata),
    ...(metadata.chunks ? { chunks: metadata.chunks } : {}),
    filters: filters.map((filter) => filterNames[filter.id] ?? (filter.name || `filter ${filter.id}`)),
    attributes: readAttributes(library, id, path),
  };
}

function elementType(module: Module, metadata: Metadata): ElementType {
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

/** All texts of a dataset, in row-major order. */
export function readTexts({ Dataset }: Library, id: bigint, path: string): string[] {
  const value = new Dataset(id, path).value;
  return (Array.isArray(value) ? value : [value]).map((text) => String(text ?? "").replace(/[\0 ]+$/, ""));
}
