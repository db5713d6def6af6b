import { isAbsolute, relative, resolve } from "node:path";

/** A file as a folder sees it, with slashes on every system: what is written down, so that no file of results tells where its reader lives. */
export function relativePath(folder: string, file: string): string {
  return (relative(resolve(folder), resolve(file)) || ".").replaceAll("\\", "/");
}

/** The file again: what is absolute, as earlier versions wrote it, stays. */
export function fullPath(folder: string, file: string): string {
  return isAbsolute(file) ? file : resolve(folder, file);
}
