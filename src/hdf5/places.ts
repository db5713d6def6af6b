import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { messageOf, SpectraError } from "../cube/errors.js";
import { refusal } from "./ask.js";
import { liesIn } from "./confine.js";
import type { Library } from "./library.js";

/** A file that the library has open. */
export interface Opened {
  readonly file: string;
  readonly id: bigint;
}

/** Where an object is, behind all links that lead to it: no link is left in its path. */
export interface Place extends Opened {
  readonly path: string;
}

/** The file that was asked for, with those that its links and virtual datasets name. */
export interface Places {
  /** The object at a path, behind all links on the way; undefined where there is none. A link that leads nowhere is an error. */
  follow(path: string, from?: Opened): Place | undefined;
  /** Look into a file that another one names; it is open only meanwhile, since a mosaic has thousands of them. */
  visit(from: Opened, named: string, who: string, look: (file: Opened) => void): void;
}

/** Links one behind the other; more are a circle. */
const MOST_LINKS = 32;

const namesIn = (path: string) => path.split("/").filter((name) => name !== "" && name !== ".");

/** Another file in the library that has one open already. */
export function openOther({ module, complaint }: Library, file: string): bigint {
  complaint();
  const id = module.open(file, module.H5F_ACC_RDONLY, false);
  if (id < 0n) throw refusal(file, complaint());
  return id;
}

/** Look for objects of an open file and behind its links: within its folder and below, or with `everywhere` wherever they lead. */
export function withPlaces<T>(library: Library, main: Opened, everywhere: boolean, look: (places: Places) => T): T {
  const { module } = library;
  const opened = new Map<string, Opened>([[main.file, main]]);

  const openNamed = (file: string, named: string, who: string): Opened => {
    try {
      return { file, id: openOther(library, file) };
    } catch (cause) {
      throw new SpectraError("format", main.file, `${who} names ${named}: ${messageOf(cause)}`, { cause });
    }
  };

  /** Files behind links stay open: their datasets are read through them. */
  const neighbour = (from: Opened, named: string, who: string): Opened => {
    const file = findNamed(from, named, who, main.file, everywhere);
    const other = opened.get(file) ?? openNamed(file, named, who);
    opened.set(file, other);
    return other;
  };

  const places: Places = {
    visit(from, named, who, look) {
      const file = findNamed(from, named, who, main.file, everywhere);
      const known = opened.get(file);
      if (known) return look(known);
      const other = openNamed(file, named, who);
      try {
        look(other);
      } finally {
        module.close_file(other.id);
      }
    },
    follow(path, from = main) {
      let [file, done, rest] = [from, "/", namesIn(path)];
      let last: string | undefined;
      for (let links = 0; rest.length; ) {
        const [name, ...further] = rest;
        const next = done === "/" ? `/${name}` : `${done}/${name}`;
        const soft = module.get_symbolic_link(file.id, next);
        const { filename, obj_path } = module.get_external_link(file.id, next);
        if (soft === null && filename === undefined) {
          if (module.get_type(file.id, next) >= 0) {
            [done, rest] = [next, further];
            continue;
          }
          if (last === undefined) return undefined;
          throw new SpectraError("missing", main.file, `${last}, but ${file.file} has no ${next}`);
        }
        if (++links > MOST_LINKS) {
          throw new SpectraError("format", main.file, `the links of ${main.file} lead from ${path} in a circle`);
        }
        if (soft !== null) {
          last = `the soft link ${next} of ${file.file} leads to ${soft}`;
          [done, rest] = [soft.startsWith("/") ? "/" : done, [...namesIn(soft), ...further]];
        } else {
          const who = `the external link ${next} of ${file.file}`;
          last = `${who} leads to ${filename}:${obj_path}`;
          [file, done, rest] = [neighbour(file, filename, who), "/", [...namesIn(obj_path), ...further]];
        }
      }
      return { ...file, path: done };
    },
  };
  try {
    return look(places);
  } finally {
    for (const other of opened.values()) if (other !== main) module.close_file(other.id);
  }
}

/**
 * The path of a file that another one names; `who` says what names it, for the error where it is not there, or neither in the folder of
 * the file that was asked for nor below.
 */
export function findNamed(
  from: { file: string },
  named: string,
  who: string,
  main: string,
  everywhere: boolean,
): string {
  const found = candidates(from.file, named).find((path) => existsSync(path));
  if (found === undefined) {
    throw new SpectraError(
      "missing",
      main,
      `${who} names ${named}, and there is no such file; put it beside ${basename(from.file)}, where it was written`,
    );
  }
  if (everywhere || foldersOf(main).some((folder) => liesIn(found, folder))) return found;
  throw new SpectraError(
    "format",
    main,
    `${who} names ${found}, which is not in the folder of ${basename(main)} nor below it; ` +
      "if that file is to be read, say --follow-links",
  );
}

/** The folder of a file, and that of the file itself where it is a symbolic link. */
export function foldersOf(file: string): string[] {
  return [...new Set([dirname(file), dirname(realpathSync(file))])];
}

/**
 * Where a named file is looked for: an absolute path as it is, anything else beside the file that names it. A file that was moved
 * together with its parts names them where they were: there only their names count, as in the library.
 */
function candidates(file: string, named: string): string[] {
  const plain = named.replaceAll("\\", "/");
  const absolute = isAbsolute(plain) || /^[a-z]:\//i.test(plain);
  const beside = foldersOf(file).map((folder) => join(folder, absolute ? basename(plain) : plain));
  return (absolute ? [plain, ...beside] : beside).map((path) => resolve(path));
}
