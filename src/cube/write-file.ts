import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { messageOf, SpectraError } from "./errors.js";

/** Write a file under a temporary name in the same folder and rename it, so that it is whole or not there. */
export function writeFileSafely(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  checkTarget(path);
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new SpectraError("disk", path, `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/** What is renamed over a device or a pipe takes its place for good: /dev/null would be an ordinary file. Such targets are refused. */
export function checkTarget(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status || status.isFile()) return;
  const kind = status.isDirectory() ? "a folder" : "a device or a pipe";
  throw new SpectraError("disk", path, `${path} cannot be written: it is ${kind}; name a file`);
}
