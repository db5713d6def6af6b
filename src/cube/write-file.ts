import { lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { SpectraError } from "./errors.js";
import { inputAt } from "./inputs.js";
import { markOfFile } from "./made-here.js";
import { refusal } from "./refusal.js";
import { makeTemporary } from "./temporaries.js";

/** A file that is being written under another name beside its place. */
export interface BegunFile {
  /** Where it is written. */
  readonly temporary: string;
  /** It is whole: it takes its place, if nothing stands there but an earlier one of its kind. */
  finish(): void;
  /** It came to nothing: it goes, and what was in its place stays. */
  abandon(): void;
}

/**
 * Begin a file. Every file of this program is written this way: under a name of its own in the same folder, renamed when it is whole, so
 * that it is whole or not there, and no other file is touched on the way.
 */
export function beginFile(path: string): BegunFile {
  checkPlace(path);
  const temporary = telling(path, () => makeTemporary(dirname(resolve(path)), basename(path)));
  return {
    temporary,
    finish() {
      checkTarget(path, markOfFile(temporary));
      telling(path, () => renameSync(temporary, path));
    },
    abandon: () => rmSync(temporary, { force: true }),
  };
}

/** Write a file that is at hand. One that stands there with the same bytes is left as it is. */
export function writeFileSafely(path: string, data: string | Uint8Array): void {
  if (holds(path, data)) return;
  const file = beginFile(path);
  try {
    telling(path, () => writeFileSync(file.temporary, data));
    file.finish();
  } catch (thrown) {
    file.abandon();
    throw thrown;
  }
}

/** Write a file by a writer that is given the name to write to. */
export async function writeSafely<T>(path: string, write: (temporary: string) => T | Promise<T>): Promise<T> {
  const file = beginFile(path);
  try {
    const result = await write(file.temporary);
    file.finish();
    return result;
  } catch (thrown) {
    file.abandon();
    throw isRefusal(thrown) ? unwritable(path, thrown) : thrown;
  }
}

function holds(path: string, data: string | Uint8Array): boolean {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  try {
    const status = lstatSync(path);
    return status.isFile() && status.size === bytes.length && readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

/** Refuse a folder, a device or a pipe (what is renamed over /dev/null takes its place for good), and a file that this run reads. */
function checkPlace(path: string): void {
  const status = telling(path, () => statSync(path, { throwIfNoEntry: false }));
  if (!status) return;
  if (!status.isFile()) {
    const kind = status.isDirectory() ? "a folder" : "a device or a pipe";
    throw new SpectraError("disk", path, `${path} cannot be written: it is ${kind}; name a file`);
  }
  const input = inputAt(path);
  if (input === undefined) return;
  const other = resolve(input) === resolve(path) ? "" : ` (as ${input})`;
  throw new SpectraError("usage", path, `${path} is a file that is read${other}; name another --out`);
}

/**
 * Refuse a place where a file of this kind may not be put: over a folder, a device or a pipe, over a file that this run reads, by
 * whatever path, or over one that is not of the same kind and so was not made here. An empty file holds nothing that could be lost.
 */
export function checkTarget(path: string, mark: string | undefined): void {
  checkPlace(path);
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.size || telling(path, () => markOfFile(path)) === mark) return;
  const message = `${path} is there already and was not made by this command; move it away, or name another --out`;
  throw new SpectraError("usage", path, message);
}

/** Do something with a file that is written; a refusal of the system is told with its name, its reason and the way out. */
export function telling<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw isRefusal(thrown) ? unwritable(path, thrown) : thrown;
  }
}

/** Whether an error is the system's: it has a code, or, in the HDF5 library, a number. */
function isRefusal(thrown: unknown): boolean {
  if (thrown instanceof SpectraError) return false;
  const { code, errno } = thrown as NodeJS.ErrnoException;
  return (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) || typeof errno === "number";
}

/** What is told of a file that the system does not let us write. */
export function unwritable(path: string, cause: unknown): SpectraError {
  const reason =
    (cause as NodeJS.ErrnoException).code === "ENOENT" ? `there is no folder ${dirname(path)}` : refusal(cause);
  return new SpectraError("disk", path, `${path} cannot be written: ${reason}`, { cause });
}
