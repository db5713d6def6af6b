import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { SpectraError } from "../cube/errors.js";
import type { CubeKey } from "../cube/identity.js";
import { otherFiles } from "./cube-files.js";
import type { LayoutOptions } from "./layout.js";
import { sha256 } from "./sha256.js";

export interface CubeKeyOptions {
  /** Read the whole file for its content; true if not given. */
  readonly hash?: boolean;
  /** Keys that are known already: the file of one that is untouched since is not read again. */
  readonly known?: readonly CubeKey[];
  readonly signal?: AbortSignal;
}

/** The key of a cube: by its content, that of all files it is in, or, where it is not to be hashed, by path, size, time and layout. */
export async function cubeKey(path: string, layout: LayoutOptions, options: CubeKeyOptions = {}): Promise<CubeKey> {
  const { hash = true, known = [], signal } = options;
  const place = placeOf(path, layout);
  if (!hash) return place;
  const others = await otherFiles(path, layout);
  // Of a cube in several files the others may have changed while its own did not.
  const before = others.length ? undefined : known.find((key) => key.content && isUntouched(key, place));
  if (before?.content) return { ...place, content: before.content };
  const hashes = [await hashOnce(path, place, signal)];
  for (const other of others) hashes.push(await hashOnce(other, placeOf(other, {}), signal));
  return { ...place, content: contentOf(others.length ? hashOf(hashes) : hashes[0], layout) };
}

/** What tells a file without reading it. */
export function placeOf(path: string, layout: LayoutOptions): CubeKey {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new SpectraError("missing", path, `${path} cannot be read: there is no such file`);
  const { size, mtimeMs, ctimeMs } = status;
  const place = hashOf([resolve(path), size, mtimeMs, layoutText(layout)]);
  return { place, changed: ctimeMs, bytes: size };
}

/** Whether a file is as it was when a key was made of it. */
export const isUntouched = (key: CubeKey, now: CubeKey): boolean =>
  key.place === now.place && key.changed === now.changed;

/** Hashes of this process, by the file as it was. */
const hashed = new Map<string, Promise<string>>();

/** A file that two commands of a process, or two places of one, ask for is read once. */
function hashOnce(path: string, { place, changed }: CubeKey, signal?: AbortSignal): Promise<string> {
  const name = `${place} ${changed}`;
  const found = hashed.get(name) ?? sha256(path, { signal });
  hashed.set(name, found);
  // One that failed or was cancelled is read again when it is asked for again.
  found.catch(() => hashed.delete(name));
  return found;
}

function contentOf(hash: string, layout: LayoutOptions): string {
  const said = layoutText(layout);
  return said === "" ? hash : `${hash}+${hashOf([said]).slice(0, 16)}`;
}

/** Options that make no other spectra of a file: a cube stays the same whatever is said of its labels and the size of its pixels. */
const beside: readonly string[] = ["labels", "pixelSizeUm", "followLinks"] satisfies (keyof LayoutOptions)[];

/** The options that were given and make it another cube, in one order; nothing where none were. */
function layoutText(layout: LayoutOptions): string {
  const given = Object.entries(layout).filter(([name, value]) => value !== undefined && !beside.includes(name));
  return given.length ? JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1))) : "";
}

const hashOf = (said: readonly unknown[]) => createHash("sha256").update(JSON.stringify(said)).digest("hex");
