import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { SpectraError } from "../cube/errors.js";
import { describe } from "./datasets.js";
import { type ExternalPart, externalParts } from "./external-files.js";
import type { Library } from "./library.js";
import { messageKind, readHeader } from "./object-header.js";
import type { Located } from "./open-direct.js";
import { findNamed, type Opened, type Place, type Places, withPlaces } from "./places.js";
import { NotPlain, openRaw } from "./raw-file.js";
import { elementBytes } from "./values.js";

/** A stretch of a file in which a dataset keeps its values, found and long enough. */
export interface FoundPart extends ExternalPart {
  readonly file: string;
}

/**
 * The files that hold the values of a dataset where its own does not. Each is there and may be read: where one is missing the library
 * gives the fill value in its place, or whatever is in its memory.
 */
export interface Sources {
  /** Paths, each once. */
  readonly files: readonly string[];
  /** Those of a dataset with external storage, one behind the other. */
  readonly parts: readonly FoundPart[];
}

/** Virtual datasets made of virtual datasets, at most so deep. */
const MOST_DEEP = 8;

/** The files of external storage, none for most datasets; undefined where the dataset may be virtual, which only the library can tell. */
export function externalSources(
  { file, path, address, info }: Pick<Located, "file" | "path" | "address" | "info">,
  main: string,
  everywhere: boolean,
): Sources | undefined {
  const parts = partsIn(file, address);
  if (!parts) return undefined;
  const who = `the external storage of ${path} of ${file}`;
  let left = info.shape.reduce((a, b) => a * b, 1) * elementBytes(info.type);
  const found = parts.map((part) => {
    const outside = findNamed({ file }, part.name, who, main, everywhere);
    const needed = Math.min(left, part.bytes);
    left -= needed;
    const { size } = statSync(outside);
    if (part.offset + needed <= size) return { ...part, file: outside };
    throw new SpectraError(
      "format",
      main,
      `${who} is to be ${needed} bytes from ${part.offset} of ${outside}, which has ${size}; copy it again from its source`,
    );
  });
  return { files: [...new Set(found.map((part) => part.file))], parts: found };
}

/** The parts outside of a dataset, none where it is stored in its own file; undefined where it is virtual, or not understood here. */
function partsIn(path: string, header: number): ExternalPart[] | undefined {
  let file: ReturnType<typeof openRaw> | undefined;
  try {
    file = openRaw(path);
    const layout = readHeader(file, header, [messageKind.layout]).get(messageKind.layout);
    // Version 4, class 3: virtual.
    if (layout && layout.byte() >= 4 && layout.byte() === 3) return undefined;
    return externalParts(file, header);
  } catch (thrown) {
    if (thrown instanceof NotPlain) return undefined;
    throw thrown;
  } finally {
    file?.close();
  }
}

/** The files of a virtual dataset, with those that its sources are made of themselves. */
export function virtualSources(
  library: Library,
  main: Opened,
  { file, path }: Pick<Located, "file" | "path">,
  everywhere: boolean,
): Sources {
  return withPlaces(library, main, everywhere, (places) => {
    const files = new Set<string>();
    const gather = (place: Place) => gatherVirtual(library, places, place, 0, main.file, everywhere, files);
    if (file === main.file) gather({ ...main, path });
    else places.visit(main, file, `${main.file}`, (other) => gather({ ...other, path }));
    return { files: [...files], parts: [] };
  });
}

function gatherVirtual(
  library: Library,
  places: Places,
  place: Place,
  deep: number,
  main: string,
  everywhere: boolean,
  files: Set<string>,
): void {
  const { module } = library;
  const { virtual_sources: virtual } = module.get_dataset_metadata(place.id, place.path);
  if (!virtual) {
    gatherExternal(library, place, main, everywhere, files);
    return;
  }
  const who = `the virtual dataset ${place.path} of ${place.file}`;
  if (deep === MOST_DEEP) throw new SpectraError("format", main, `${who} is made of itself`);
  const distinct = new Map(virtual.map((source) => [`${source.file_name}\n${source.dset_name}`, source]));
  for (const { file_name: named, dset_name: dataset } of distinct.values()) {
    const within = (at: Opened) => {
      const source = places.follow(dataset, at);
      if (!source || module.get_type(source.id, source.path) !== module.H5G_DATASET) {
        throw new SpectraError(
          "missing",
          main,
          `${who} is made of ${dataset} in ${at.file}, which has no such dataset`,
        );
      }
      if (source.file !== place.file) files.add(source.file);
      gatherVirtual(library, places, source, deep + 1, main, everywhere, files);
    };
    if (named === ".") within(place);
    else places.visit(place, nameOf(named, dataset, who, main), who, within);
  }
}

/** A source of a virtual dataset may itself keep its values outside: then only the library can read them, where it looks for them. */
function gatherExternal(library: Library, place: Place, main: string, everywhere: boolean, files: Set<string>): void {
  const located = describe(library, place, place.path);
  const found = located.info.chunks ? undefined : externalSources(located, main, everywhere);
  for (const file of found?.files ?? []) files.add(file);
  if (!found || libraryFinds(found.parts)) return;
  throw new SpectraError(
    "format",
    main,
    `${place.path} of ${place.file}, of which a virtual dataset of ${main} is made, keeps its values in ${found.files.join(", ")}; ` +
      `write it as one file first, in its folder: h5repack ${basename(place.file)} whole.h5`,
  );
}

/** "%%" stands for a per cent sign; "%b" for the number of a block, of which nobody says how many there are. */
function nameOf(named: string, dataset: string, who: string, main: string): string {
  if (!/%\d*b/.test(`${named} ${dataset}`.replaceAll("%%", ""))) return named.replaceAll("%%", "%");
  throw new SpectraError(
    "format",
    main,
    `${who} names its sources by the pattern ${named}:${dataset}, so that nothing tells whether one is missing; ` +
      `write it as one dataset first: h5repack ${basename(main)} whole.h5`,
  );
}

/** Whether the library finds external storage where we did: it looks for relative names in the folder that the program runs in. */
export function libraryFinds(parts: readonly FoundPart[]): boolean {
  return parts.every(({ name, file }) => resolve(name) === file);
}
