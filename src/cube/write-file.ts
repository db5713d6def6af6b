import { renameSync, rmSync, writeFileSync } from "node:fs";
import { messageOf, SpectraError } from "./errors.js";

/** Write a file under a temporary name in the same folder and rename it, so that it is whole or not there. */
export function writeFileSafely(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new SpectraError("disk", path, `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}
