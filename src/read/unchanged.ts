import { statSync } from "node:fs";
import { SpectraError } from "../cube/errors.js";

/** How a file was when its reading began. */
export interface FileState {
  readonly path: string;
  /** Its number on the disk, size and time of change; empty where there was none. */
  readonly said: string;
}

/** How files are now. To be asked before they are opened. */
export function statesOf(paths: readonly string[]): FileState[] {
  return paths.map((path) => ({ path, said: saidOf(path) }));
}

/** Refuse what was read of files that were written to, or replaced, since: it is neither the old file nor the new one. */
export function checkUnchanged(states: readonly FileState[]): void {
  for (const { path, said } of states) {
    if (saidOf(path) === said) continue;
    throw new SpectraError("format", path, `${path} was changed while it was read; run again when it is complete`);
  }
}

/** Read files, and see that they are the same when it is done. */
export async function unchanged<T>(paths: readonly string[], read: () => Promise<T>): Promise<T> {
  const before = statesOf(paths);
  const result = await read();
  checkUnchanged(before);
  return result;
}

function saidOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? [status.ino, status.size, status.mtimeMs].join() : "";
}
