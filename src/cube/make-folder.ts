import { lstatSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { SpectraError } from "./errors.js";
import { refusal } from "./refusal.js";
import { makeTemporary, sweep } from "./temporaries.js";
import { checkTarget } from "./write-file.js";

/**
 * Make the folder of a run, or take the one that is there, and see that files can be written in it, before any work is done. What runs
 * that were killed have left in it is removed.
 */
export function makeFolder(folder: string): void {
  attempt(folder, () => {
    mkdirSync(folder, { recursive: true });
    rmSync(makeTemporary(folder, "probe"), { force: true });
  });
  sweep(folder, "tmp");
}

/**
 * Make a folder in the folder of a run, or only see that it can be made ("check"). A link of its name that leads out of it is not followed: whoever can put a link there could have
 * a file written anywhere.
 */
export function makeFolderIn(folder: string, name: string, how: "make" | "check" = "make"): string {
  const path = join(folder, name);
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status?.isSymbolicLink()) {
    const inside = attempt(path, () => isInside(realpathSync(folder), realpathSync(path)));
    if (!inside) {
      const message = `${path} is a link that leads out of ${folder}; it is not followed: remove it, or name another --out`;
      throw new SpectraError("usage", path, message);
    }
  }
  if (how === "make" || status) makeFolder(path);
  return path;
}

/** See that a file of a kind can be written, before any work is done: it stands over nothing, and its folder is there and takes files. */
export function checkOut(path: string, mark: string): void {
  checkTarget(path, mark);
  const folder = resolve(path, "..");
  attempt(path, () => rmSync(makeTemporary(folder, "probe"), { force: true }));
  sweep(folder, "tmp");
}

/** Whether a path lies in a folder; both absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way.split(sep)[0] !== ".." && !isAbsolute(way);
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === "EEXIST" || code === "ENOTDIR"
        ? "a file stands in its way; name another --out"
        : code === "ENOENT"
          ? `there is no folder ${resolve(path, "..")}`
          : refusal(cause);
    throw new SpectraError("disk", path, `${path} cannot be written: ${reason}`, { cause });
  }
}
