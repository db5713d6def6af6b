import { type AttributeValue, readAttributes } from "./attributes.js";
import type { Module } from "./instance.js";
import type { Library } from "./library.js";
import type { Located } from "./open-direct.js";
import type { Place } from "./places.js";
import { elementType, textsOrNumbers } from "./texts-and-numbers.js";

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

/** Datasets that are looked at when a file is opened. */
const AT_ONCE = 64;

/** A name in a group that stands for something elsewhere. */
export interface Link {
  readonly path: string;
  /** The path that it leads to, behind FILE: where that is in another file. */
  readonly to: string;
}

export interface Objects {
  readonly datasets: string[];
  readonly groups: string[];
  readonly links: Link[];
  /** Whether these are all names that there are: none leads elsewhere, and nothing has two. */
  readonly complete: boolean;
}

/** What is asked of every file, at once: what is in it, its datasets, unless they are many, and the attributes of the file. */
export function survey(
  library: Library,
  id: bigint,
  file: string,
): { objects: Objects; datasets: Located[]; attributes: Record<string, AttributeValue> } {
  const objects = listObjects(library.module, id, AT_ONCE);
  const few = objects.datasets.length <= AT_ONCE ? objects.datasets : [];
  return {
    objects,
    datasets: few.map((path) => describe(library, { file, id, path }, path)),
    attributes: readAttributes(library, id, "/"),
  };
}

/**
 * Paths of all datasets, groups and links, depth-first, or only of some more datasets than `enough`. A group linked into itself is walked
 * once; soft and external links are not followed.
 */
export function listObjects(module: Module, id: bigint, enough = Number.POSITIVE_INFINITY): Objects {
  const datasets: string[] = [];
  const groups = ["/"];
  const links: Link[] = [];
  const seen = new Set<number>();
  let complete = true;
  const walk = (group: string) => {
    for (const name of module.get_names(id, group, false)) {
      if (datasets.length > enough) {
        complete = false;
        return;
      }
      const path = group === "/" ? `/${name}` : `${group}/${name}`;
      const soft = module.get_symbolic_link(id, path);
      const { filename, obj_path } = module.get_external_link(id, path);
      if (soft !== null || filename !== undefined) {
        links.push({ path, to: soft ?? `${filename}:${obj_path}` });
        continue;
      }
      const type = module.get_type(id, path);
      if (type !== module.H5G_GROUP && type !== module.H5G_DATASET) continue;
      const address = headerAddress(module, id, path);
      if (seen.has(address)) {
        complete = false;
        continue;
      }
      seen.add(address);
      if (type === module.H5G_DATASET) datasets.push(path);
      else {
        groups.push(path);
        walk(path);
      }
    }
  };
  seen.add(headerAddress(module, id, "/"));
  walk("/");
  return { datasets, groups, links, complete: complete && links.length === 0 };
}

/** Where in the file the header of a group or dataset is: that is what an object reference says. */
export function headerAddress(module: Module, id: bigint, path: string): number {
  return Number(Buffer.from(Uint8Array.from(module.create_object_reference(id, path))).readBigUInt64LE());
}

/** Shape, type, chunks, filters and attributes of a dataset that exists, and where it is; `named` is the path that leads to it. */
export function describe(library: Library, { file, id, path }: Place, named: string): Located {
  const { module } = library;
  const metadata = module.get_dataset_metadata(id, path);
  const filters = module.get_dataset_filters(id, path);
  const info = {
    path: named,
    shape: metadata.shape ?? [0],
    type: elementType(module, metadata),
    ...(metadata.chunks ? { chunks: metadata.chunks } : {}),
    filters: filters.map((filter) => filterNames[filter.id] ?? (filter.name || `filter ${filter.id}`)),
    attributes: readAttributes(library, id, path),
  };
  return { file, path, info, address: headerAddress(module, id, path), filters };
}

/** All texts of a dataset, in row-major order. */
export function readTexts({ module }: Library, id: bigint, path: string): string[] {
  const texts = textsOrNumbers(module, module.get_dataset_metadata(id, path), {
    read: (pointer) => module.get_dataset_data(id, path, null, null, null, pointer),
    reclaim: (pointer) => module.reclaim_vlen_memory(id, path, "", pointer),
  });
  if (!texts) throw new Error(`${path} holds more text than is sensible`);
  return texts.map(String);
}
