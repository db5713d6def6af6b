import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CubeKey, sameCube } from "../cube/identity.js";
import { fullPath } from "../cube/relative-path.js";
import { cubeOf } from "../hdf5/cube-mark.js";
import { openHdf5 } from "../hdf5/open.js";

/** What a folder holds of a cube: its map or its bag, and what stands in it of cube and model. */
export interface Made {
  readonly name: string;
  readonly path: string;
  /** The cube's file when it was made. */
  readonly source: string;
  readonly patient?: string;
  /** Missing where an earlier version made it. */
  readonly cube?: CubeKey;
  readonly model?: string;
}

export type Ending = ".stain.h5" | ".bag.h5";

/** All maps, or all bags, of a folder. Files that cannot be read are passed over. */
export async function madeIn(folder: string, ending: Ending): Promise<Made[]> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(folder).filter((file) => file.endsWith(ending) && !file.startsWith("."));
  const found: Made[] = [];
  for (const file of names.sort()) {
    const made = await madeAt(join(folder, file), file.slice(0, -ending.length));
    if (made) found.push(made);
  }
  return found;
}

/** What one file says of the cube and the model it was made from; undefined where it is not there or cannot be read. */
export async function madeAt(path: string, name: string): Promise<Made | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    const file = await openHdf5(path);
    try {
      const attributes = file.attributes("/");
      const text = (of: string) => (typeof attributes[of] === "string" ? (attributes[of] as string) : undefined);
      const source = text("source");
      if (source === undefined) return undefined;
      const [cube, model, patient] = [cubeOf(attributes), text("model"), text("patient")];
      return { name, path, source: fullPath(dirname(path), source), patient, cube, model };
    } finally {
      file.close();
    }
  } catch {
    // Whoever needs this file opens it and says what is wrong with it.
    return undefined;
  }
}

/** The maps of a cube, whatever they are called. */
export const ofCube = (made: readonly Made[], cube: CubeKey): Made[] =>
  made.filter((one) => one.cube && sameCube(one.cube, cube));

/** The keys that the files of a folder know. */
export const keysOf = (made: readonly Made[]): CubeKey[] => made.flatMap(({ cube }) => cube ?? []);
