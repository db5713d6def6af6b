import { dirname, relative, resolve } from "node:path";
import type { Bag } from "../cube/bag.js";
import type { Findings, StainFinding } from "../cube/findings.js";
import { cubeName } from "../cube/identity.js";
import { noteInputs } from "../cube/inputs.js";
import { isInside, makeFolderIn } from "../cube/make-folder.js";
import { reasonCode } from "../cube/rejected.js";
import { writeFileSafely } from "../cube/write-file.js";
import { openHdf5 } from "../hdf5/open.js";
import { unchanged } from "../read/unchanged.js";
import { picturesIn } from "../report/write-report.js";
import { checkPlanes, stainShape } from "../stain/stain-shape.js";
import { readFinished } from "./finished.js";
import type { Made } from "./made.js";

/** A run that stained cubes: its folder and what it found. */
export interface StainRun {
  readonly folder: string;
  readonly findings: Findings;
}

/** The class and the reason code of each pixel of a cube. */
export interface StainPlanes {
  readonly classNames: readonly string[];
  readonly classes: Uint8Array;
  readonly rejected: Uint8Array;
}

const bare = [reasonCode("no tissue"), reasonCode("masked")];

/** Whether a pixel is bare substrate or masked: no map is shown there. */
export const isBare = ({ rejected }: StainPlanes, pixel: number) => bare.includes(rejected[pixel]);

/** Read the class map of a cube. */
export async function stainPlanes({ path }: Made): Promise<StainPlanes> {
  noteInputs([path]);
  return unchanged([path], () => readPlanes(path));
}

async function readPlanes(path: string): Promise<StainPlanes> {
  const file = await openHdf5(path);
  try {
    const shape = stainShape(file);
    const [classes, rejected] = ["/classes", "/rejected"].map((of) => file.read(of) as Uint8Array);
    checkPlanes(path, shape, classes, rejected);
    const { classNames } = shape;
    return { classNames, classes, rejected };
  } finally {
    file.close();
  }
}

/**
 * What was found of the map of a bag, under the bag's name, with its pictures copied into a folder, so that it holds all that its report
 * shows. The findings of the folder may be of a later run that stained other cubes: then the mark of the finished cube says it.
 */
export function takeStain(
  { folder: from, findings }: StainRun,
  map: Made,
  bag: Bag,
  to: string,
): StainFinding | undefined {
  const isOf = ({ name, cube, model }: StainFinding) =>
    name === map.name && map.cube !== undefined && cube === cubeName(map.cube) && model === map.model;
  const mark = readFinished(from, map.name);
  const found =
    findings.stains?.find(isOf) ?? (mark && mark !== "changed" && isOf(mark.stain) ? mark.stain : undefined);
  if (!found) return undefined;
  if (resolve(from) === resolve(to)) return { ...found, name: bag.name };
  const read = picturesIn(from);
  const pictures: Record<string, string> = {};
  for (const [kind, path] of Object.entries(found.pictures)) {
    const own = path.replace(/^[^/]+\//, `${bag.name}/`);
    const target = resolve(to, own);
    const bytes = isInside(resolve(to), target) ? read(path) : undefined;
    pictures[kind] = own;
    if (!bytes) continue;
    makeFolderIn(to, relative(resolve(to), dirname(target)));
    writeFileSafely(target, bytes);
  }
  return { ...found, name: bag.name, pictures };
}
