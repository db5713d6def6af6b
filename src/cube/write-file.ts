import { renameSync, rmSync, writeFileSync } from "node:fs";
import { SpectraError, messageOf } from "./errors.js";
export function writeFileSafely(path: string, data: string | Uint8Array): void {
  const t = `${path}.${process.pid}.tmp`;
  try { writeFileSync(t, data); renameSync(t, path); } catch (cause) { rmSync(t, { force: true }); throw new SpectraError("disk", path, `${path} cannot be written: ${messageOf(cause)}`, { cause }); }
}
