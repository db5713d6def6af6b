import { realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Module } from "./instance.js";

/** O_DIRECTORY of the library's C. */
const FOLDER = 0o200000;

type OpenFile = (path: unknown, flags?: unknown, ...rest: unknown[]) => unknown;

/** What the library may read: external storage and virtual datasets make it open files by itself. */
export interface Confinement {
  /** From now on only files in these folders and below; any file where none are given. */
  confine(folders: readonly string[] | undefined): void;
  /** A file that the library wanted and was not given since this was last asked. */
  refusedRead(): string | undefined;
}

/** Whether a path, all symbolic links in it resolved, lies in a folder or below it. A path that is not there is taken as it is written. */
export function liesIn(path: string, folder: string): boolean {
  const [inner, outer] = [realPath(path), realPath(folder)];
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}

/** With all symbolic links resolved, as far as the path exists. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realPath(above), whole.slice(above.length));
  }
}

/** Ask before the library opens a file for reading. It takes a refusal for a file that is not there. */
export function confinementOf(module: Module, always: readonly string[]): Confinement {
  let allowed: readonly string[] | undefined;
  let refused: string | undefined;
  const files = module.FS as unknown as { open: OpenFile };
  const open = files.open;
  files.open = (path, flags, ...rest) => {
    // 0 in the two lowest bits reads; 1 and 2 write, which only we ask for. Folders are listed in search of plugins.
    const reads = typeof path === "string" && typeof flags === "number" && (flags & (3 | FOLDER)) === 0;
    if (reads && allowed && ![...allowed, ...always].some((folder) => liesIn(path, folder))) {
      refused ??= path;
      return open(join(path, "not allowed"), flags, ...rest);
    }
    return open(path, flags, ...rest);
  };
  return {
    confine(folders) {
      allowed = folders;
      refused = undefined;
    },
    refusedRead() {
      const path = refused;
      refused = undefined;
      return path;
    },
  };
}
