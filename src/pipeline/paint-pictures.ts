import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline as stream } from "node:stream/promises";
import type { CohortRow } from "../cube/cohort.js";
import type { Cube } from "../cube/cube.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import type { StainMap } from "../cube/stain-map.js";
import { writeFileSafely } from "../cube/write-file.js";
import { barePng } from "../stain/bare-png.js";
import { compositeBands } from "../stain/chemical.js";
import type { Composition } from "../stain/composition.js";
import type { Caption } from "../stain/figure.js";
import { geojson } from "../stain/geojson.js";
import { classPaint, paintClasses } from "../stain/paint-classes.js";
import { compositePaint } from "../stain/paint-composite.js";
import { intensityPaint, type Plane } from "../stain/paint-intensity.js";
import { labelPaint } from "../stain/paint-labels.js";
import { probabilityPaint } from "../stain/paint-probabilities.js";
import { rejectedPaint } from "../stain/paint-rejected.js";
import type { Overview } from "./overview.js";

export interface PictureInput {
  readonly cube: Cube;
  readonly row: CohortRow;
  readonly model: Model;
  readonly folder: string;
  readonly overview: Overview;
  /** The whole map, for the polygons. */
  readonly whole: Pick<StainMap, "rows" | "cols" | "classNames" | "labels" | "classes">;
  readonly composition: Composition;
  readonly labels: Uint8Array | undefined;
  readonly stamps: readonly string[];
}

/**
 * Draw what a stain is looked at with: NAME.png, the class map with legend and scale bar; NAME.geojson, its polygons; and in the
 * folder NAME one bare picture a map, a pixel a pixel, which the report puts together. Gives their paths as in findings.json.
 */
export async function paintPictures(input: PictureInput): Promise<StainFinding["pictures"]> {
  const { cube, row, model, folder, overview, whole, composition, labels, stamps } = input;
  const { map, thin, chemical } = overview;
  const { palette } = model;
  const { origin, pixelSizeUm } = cube;
  const who = [row.patient ?? cube.patient, row.core ?? cube.core, row.mode ?? cube.mode].filter(Boolean);
  const caption: Caption = { title: row.name, subtitle: who.join(" · "), origin, stamps, pixelSizeUm, step: thin };

  const polygons = geojson(whole, { file: row.name, palette, composition, origin, stamps, pixelSizeUm });
  await writePieces(join(folder, `${row.name}.geojson`), polygons);
  writeFileSafely(join(folder, `${row.name}.png`), await paintClasses(map, composition, palette, caption));

  mkdirSync(join(folder, row.name), { recursive: true });
  const bare = (name: string, paint: Parameters<typeof barePng>[2]): string => {
    const path = `${row.name}/${name}.png`;
    writeFileSafely(join(folder, path), barePng(map.rows, map.cols, paint));
    return path;
  };
  for (const [k, value] of model.labels.entries()) {
    // A class name comes from a file: only what is safe in a file name is kept of it.
    const name = model.classNames[value].replace(/[^\p{L}\p{N}_-]+/gu, "-");
    bare(`probability-${value}-${name}`, probabilityPaint.ofClass(map, k));
  }
  bare("entropy", probabilityPaint.entropy(map));
  const planes = chemical.map((values, i): Plane => ({ name: i ? compositeBands[i - 1].channel : "amide I", values }));
  const [amideI, red, green, blue] = planes;
  const measured = (plane: Plane) => plane.values.some(Number.isFinite);
  return {
    classes: bare("classes", classPaint(map, palette)),
    confidence: bare("confidence", probabilityPaint.confidence(map)),
    rejected: bare("rejected", rejectedPaint(map)),
    ...(measured(amideI) && { amideI: bare("amide-i", intensityPaint(amideI)) }),
    ...([red, green, blue].every(measured) && { composite: bare("composite", compositePaint([red, green, blue])) }),
    ...(labels && { truth: bare("labels", labelPaint(thinLabels(labels, cube, overview), palette)) }),
  };
}

function thinLabels(labels: Uint8Array, { cols, classNames = [] }: Cube, { map, thin }: Overview) {
  const thinned = new Uint8Array(map.rows * map.cols);
  for (let y = 0; y < map.rows; y++) {
    for (let x = 0; x < map.cols; x++) thinned[y * map.cols + x] = labels[y * thin * cols + x * thin];
  }
  return { rows: map.rows, cols: map.cols, classNames, labels: thinned };
}

/** Write text that comes in pieces under a temporary name and rename it at the end. */
async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await stream(Readable.from(pieces), createWriteStream(temporary));
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new SpectraError("disk", path, `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}
