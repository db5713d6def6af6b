import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline as stream } from "node:stream/promises";
import type { CohortRow } from "../cube/cohort.js";
import type { Cube } from "../cube/cube.js";
import type { PolygonFinding, StainFinding } from "../cube/findings.js";
import { makeFolderIn } from "../cube/make-folder.js";
import type { Model } from "../cube/model.js";
import type { StainMap } from "../cube/stain-map.js";
import { writeFileSafely, writeSafely } from "../cube/write-file.js";
import type { Composition } from "../stain/composition.js";
import type { Caption } from "../stain/figure.js";
import { geojson } from "../stain/geojson.js";
import { type Crew, inOrder } from "./crew.js";
import type { BareKind, DrawInput, PictureKind } from "./draw-picture.js";
import type { Overview } from "./overview.js";
import { share } from "./share.js";

/** What is drawn of a stain: nothing, what the report shows, or a figure of every map with scale bar and legend as well. */
export type Pictures = "none" | "report" | "all";

/** Pixels of a map whose polygons are traced before anything is drawn: tracing them takes 28 MB. */
const LARGE = 4e6;

export interface PictureInput {
  readonly cube: Cube;
  readonly row: CohortRow;
  readonly model: Model;
  readonly folder: string;
  readonly overview: Overview;
  /** The whole map, for the polygons; without it there are none. */
  readonly whole: Pick<StainMap, "rows" | "cols" | "classNames" | "labels" | "classes"> | undefined;
  readonly composition: Composition;
  /** Of the pixels of the overview, where the cube has labels. */
  readonly labels: Uint8Array | undefined;
  readonly stamps: readonly string[];
  readonly pictures: Pictures;
  /** Regions of fewer pixels are left out of the polygons. */
  readonly minimumRegion: number;
}

/** What was painted: the paths of the pictures as in findings.json, and what the file of polygons holds. */
export interface Painted {
  readonly pictures: StainFinding["pictures"];
  readonly polygons: PolygonFinding | undefined;
}

/**
 * Draw what a stain is looked at with: NAME.png, the class map with legend and scale bar; NAME.geojson, its polygons; and in the
 * folder NAME one bare picture a map, a pixel a pixel, which the report puts together.
 */
export async function paintPictures(input: PictureInput, crew: Crew): Promise<Painted> {
  const { cube, row, model, folder, overview, whole, composition, labels, stamps, pictures, minimumRegion } = input;
  const { map, thin, chemical } = overview;
  const { palette } = model;
  const { origin, pixelSizeUm } = cube;
  const who = [row.patient ?? cube.patient, row.core ?? cube.core, row.mode ?? cube.mode].filter(Boolean);
  const caption: Caption = { title: row.name, subtitle: who.join(" · "), origin, stamps, pixelSizeUm, step: thin };

  // A class name comes from a file: only what is safe in a file name is kept of it.
  const safe = (value: number) => model.classNames[value].replace(/[^\p{L}\p{N}_-]+/gu, "-");
  const measured = chemical.map((plane) => plane.some(Number.isFinite));
  const bareKinds: BareKind[] = [
    "classes",
    "confidence",
    "rejected",
    ...(measured[0] ? (["amide-i"] as const) : []),
    ...(measured.every(Boolean) ? (["composite"] as const) : []),
    ...(labels ? (["labels"] as const) : []),
  ];
  const wanted: { kind: PictureKind; name: string }[] = [
    { kind: { figure: "classes" }, name: `${row.name}.png` },
    ...bareKinds.map((bare) => ({ kind: { bare }, name: inFolder(row, bare) })),
  ];
  if (pictures === "all") {
    // The labels and the class map stand in NAME.png and the report; everything else gets a figure of its own.
    const lettered = bareKinds.filter((kind) => kind !== "classes" && kind !== "labels");
    for (const figure of [...lettered, "entropy"] as const) {
      wanted.push({ kind: { figure }, name: inFolder(row, `figure-${figure}`) });
    }
    for (const [classOf, value] of model.labels.entries()) {
      const name = inFolder(row, `figure-probability-${value}-${safe(value)}`);
      wanted.push({ kind: { figure: { classOf } }, name });
    }
  }
  makeFolderIn(folder, row.name);
  const thinned = labels && { classNames: cube.classNames ?? [], labels };
  const drawing = share({ map, palette, composition, caption, chemical, labels: thinned });
  const inputs = wanted.map(({ kind }): DrawInput => ({ kind, ...drawing }));
  const draw = () =>
    inOrder(crew, "drawPicture", inputs, ({ png }, i) => writeFileSafely(join(folder, wanted[i].name), png));
  const how = { file: row.name, palette, composition, origin, stamps, pixelSizeUm, minimumArea: minimumRegion };
  let polygons: PolygonFinding | undefined;
  function* pieces(map: NonNullable<typeof whole>) {
    polygons = yield* geojson(map, how);
  }
  const trace = async () => whole && writePieces(join(folder, `${row.name}.geojson`), pieces(whole));
  // The polygons are traced here while the crew draws, unless both together take too much memory.
  if (whole && whole.rows * whole.cols > LARGE) {
    await trace();
    await draw();
  } else await Promise.all([draw(), trace()]);

  const path = (bare: BareKind) => (bareKinds.includes(bare) ? inFolder(row, bare) : undefined);
  const paths = {
    classes: path("classes")!,
    confidence: path("confidence")!,
    rejected: path("rejected")!,
    ...(measured[0] && { amideI: path("amide-i") }),
    ...(measured.every(Boolean) && { composite: path("composite") }),
    ...(labels && { truth: path("labels") }),
  };
  return { pictures: paths, polygons };
}

const inFolder = (row: CohortRow, name: string) => `${row.name}/${name}.png`;

/** Write text that comes in pieces. */
async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  await writeSafely(path, (temporary) => stream(Readable.from(pieces), createWriteStream(temporary)));
}
