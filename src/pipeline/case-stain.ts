import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Findings, StainFinding } from "../cube/findings.js";
import { reasonCode } from "../cube/rejected.js";
import { openHdf5 } from "../hdf5/open.js";
import { picturesIn } from "../report/write-report.js";

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

/** Read the class map of a cube; undefined where it was not stained. */
export async function stainPlanes(run: StainRun | undefined, name: string): Promise<StainPlanes | undefined> {
  const path = run && join(run.folder, `${name}.stain.h5`);
  if (!path || !existsSync(path)) return undefined;
  const file = await openHdf5(path);
  try {
    const classNames = [file.info("/classes").attributes.class_names ?? []].flat().map(String);
    const [classes, rejected] = ["/classes", "/rejected"].map((of) => Uint8Array.from(file.read(of) as Uint8Array));
    return { classNames, classes, rejected };
  } finally {
    file.close();
  }
}

/** The findings of a stain for some of its cubes, with their pictures copied into a folder, so that it holds all that its report shows. */
export function takeStains(
  { folder: from, findings }: StainRun,
  names: ReadonlySet<string>,
  to: string,
): StainFinding[] {
  const read = picturesIn(from);
  const kept = (findings.stains ?? []).filter(({ name }) => names.has(name));
  if (resolve(from) === resolve(to)) return kept;
  for (const { pictures } of kept) {
    for (const path of Object.values(pictures)) {
      const target = resolve(to, path);
      const inside = relative(resolve(to), target);
      const bytes = inside.split(sep)[0] === ".." || isAbsolute(inside) ? undefined : read(path);
      if (!bytes) continue;
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
  }
  return kept;
}
