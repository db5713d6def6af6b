import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { InputFinding, StainFinding } from "../cube/findings.js";
import type { CubeKey } from "../cube/identity.js";
import { fullPath, relativePath } from "../cube/relative-path.js";
import { writeFileSafely } from "../cube/write-file.js";
import { inputSchema, stainSchema } from "../report/findings-schema.js";
import { hashOfData } from "./hash-of-data.js";

/** What is kept of a cube when it is finished, and looked for by the next run: NAME.stain.json. */
export interface Finished {
  /** Hash over the model and how the stain was written. */
  readonly key: string;
  readonly cube: CubeKey;
  readonly input: InputFinding;
  readonly stain: StainFinding;
}

const schema = z.object({
  key: z.string(),
  cube: z.object({ content: z.string().optional(), place: z.string(), changed: z.number(), bytes: z.number() }),
  input: inputSchema,
  stain: stainSchema,
  /** SHA-256 of the map, and of all the rest of the mark: figures are believed only with the map that they were counted on. */
  map: z.string(),
  seal: z.string(),
});

const markPath = (folder: string, name: string) => join(folder, `${name}.stain.json`);
const mapPath = (folder: string, name: string) => join(folder, `${name}.stain.h5`);

/** Mark a cube as finished. Gives it as it will be read back, its fields in the same order, so that findings are the same after a kill. */
export function writeFinished(folder: string, name: string, done: Finished): Finished {
  const to = <T extends { readonly file: string }>(of: T): T => ({ ...of, file: relativePath(folder, of.file) });
  const told = { ...done, input: to(done.input), stain: to(done.stain) };
  const sealed = sealedWith({ ...told, map: hashOfFile(mapPath(folder, name)) });
  // A mark beside a map of ours is ours, whatever has become of it.
  if (readFinished(folder, name) === "changed") rmSync(markPath(folder, name), { force: true });
  writeFileSafely(markPath(folder, name), `${JSON.stringify({ schema: "spectrastain/stained/1", ...sealed })}\n`);
  const plain = (of: unknown) => JSON.parse(JSON.stringify(of)) as unknown;
  return { ...done, input: inputSchema.parse(plain(done.input)), stain: stainSchema.parse(plain(done.stain)) };
}

/**
 * The mark of a finished cube; "changed" where mark, map or pictures are not as they were when it was finished, undefined where there is
 * none.
 */
export function readFinished(folder: string, name: string): Finished | "changed" | undefined {
  if (!existsSync(markPath(folder, name))) return undefined;
  if (!existsSync(mapPath(folder, name))) return "changed";
  const found = parsed(readFileSync(markPath(folder, name), "utf8"));
  if (!found || sealedWith(found).seal !== found.seal) return "changed";
  if (hashOfFile(mapPath(folder, name)) !== found.map) return "changed";
  const pictures = Object.values(found.stain.pictures).filter((path) => typeof path === "string");
  if (!pictures.every((path) => existsSync(join(folder, path)))) return "changed";
  const from = <T extends { readonly file: string }>(of: T): T => ({ ...of, file: fullPath(folder, of.file) });
  return { ...found, input: from(found.input), stain: from(found.stain) };
}

function parsed(text: string) {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    // What is not JSON is no proof that the cube is finished.
    return undefined;
  }
}

function sealedWith<T extends Finished & { readonly map: string }>({ key, cube, input, stain, map }: T) {
  // Through JSON, as it is read back: what is undefined is not there, and NaN is null.
  const said = JSON.parse(JSON.stringify({ key, cube, input, stain, map })) as Finished & { map: string };
  return { ...said, seal: hashOfData(said) };
}

const hashOfFile = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
