import { join } from "node:path";
import type { Bag, Patches } from "../cube/bag.js";
import { csvTable } from "../cube/csv-table.js";
import type { CaseFinding, MapFinding } from "../cube/diagnosis-findings.js";
import { makeFolderIn } from "../cube/make-folder.js";
import type { MilModel } from "../cube/mil.js";
import type { Palette } from "../cube/stain-map.js";
import { writeFileSafely } from "../cube/write-file.js";
import { camsOf } from "../diagnose/cam.js";
import { coverageMap, type MapRows, windowMap } from "../diagnose/coverage-map.js";
import type { Tensorflow } from "../diagnose/open-backend.js";
import { patchesGeojson, patchesLeftOut } from "../diagnose/patches-geojson.js";
import { prepareRows } from "../diagnose/prepare-instances.js";
import { percentiles, slideScale } from "../diagnose/slide-scale.js";
import { writeOmeTiff } from "../report/ome-tiff.js";
import { barePng } from "../stain/bare-png.js";
import { intensityPaint } from "../stain/paint-intensity.js";
import { colourOf, paletteFor, unclassifiedColour } from "../stain/palettes.js";
import { isBare, type StainPlanes } from "./case-stain.js";
import type { Spots } from "./overlap.js";
import { instancesOf, scoreEnsemble } from "./score-ensemble.js";

/** Pixels along the longer side of a picture, at the most. */
const PICTURE = 1024;

export interface MapInput {
  readonly bag: Bag;
  readonly model: MilModel;
  readonly folder: string;
  readonly tf: Tensorflow;
  readonly planes: StainPlanes | undefined;
  readonly palette: Palette | undefined;
  readonly scores: Float32Array;
  readonly kind: "probability" | "attention";
  /** Patches that the diagnosis rests on have ranks up to this. */
  readonly k: number;
  /** Indices of the patches of this cube that are shown, and their ranks in the case. */
  readonly shown: readonly { readonly index: number; readonly rank: number }[];
  readonly stamps: readonly string[];
}

export interface Mapped {
  readonly maps: MapFinding[];
  readonly exports: CaseFinding["exports"];
  /** The first map beside the tumour class; missing where there is no stain. */
  readonly spots?: Spots;
  /** Picture by rank. */
  readonly pictures: ReadonlyMap<number, string>;
}

/**
 * Draw where a diagnosis comes from: the map of the windows' scores, that of Grad-CAM where the network looks at pixels, the class map
 * of each top patch; and write NAME.patches.geojson, NAME.patches.csv, NAME.maps.ome.tif and NAME.classes.ome.tif.
 */
export async function mapCube(input: MapInput): Promise<Mapped> {
  const { bag, folder, planes, scores, kind, shown, k, stamps, model } = input;
  makeFolderIn(folder, bag.name);
  const exports: CaseFinding["exports"][number][] = [];
  const write = (kindOf: "GeoJSON" | "CSV", file: string, text: string, more = {}) => {
    writeFileSafely(join(folder, file), text);
    exports.push({ kind: kindOf, file, ...more });
  };
  const leftOut = patchesLeftOut(bag);
  const scoreName = kind === "probability" ? "probability" : "attention";
  const about = { name: bag.name, scoreName, origin: bag.origin, stamps, tumour: model.tumour };
  const order = shown.filter(({ rank }) => rank <= k).map(({ index }) => index);
  write(
    "GeoJSON",
    `${bag.name}.patches.geojson`,
    patchesGeojson(bag.patches, scores, { ...about, top: order, leftOut }),
    { leftOut },
  );
  write("CSV", `${bag.name}.patches.csv`, patchTable(bag, scores, scoreName));
  if (bag.geometry === "points") return { maps: [], exports, pictures: new Map() };

  const maps = await mapsOf(input);
  const drawn = maps.map((map) => draw(input, map));
  const masked = maps.map(({ name, rows }) => ({ name, rows: bareLess(rows, planes, bag.cols) }));
  const image = { rows: bag.rows, cols: bag.cols, pixelSizeUm: bag.pixelSizeUm, name: bag.name };
  const description = `${bag.origin} data; research use only${stamps.map((stamp) => `; ${stamp}`).join("")}`;
  if (masked.length) {
    const file = `${bag.name}.maps.ome.tif`;
    writeOmeTiff(join(folder, file), { ...image, type: "float32", channels: masked, description });
    exports.push({ kind: "OME-TIFF", file });
  }
  if (planes) {
    const file = `${bag.name}.classes.ome.tif`;
    const names = planes.classNames.map((name, value) => `${value} ${name}`).join(", ");
    const rows = (row: number, count: number) => planes.classes.subarray(row * bag.cols, (row + count) * bag.cols);
    const classes = { ...image, type: "uint8" as const, channels: [{ name: "class", rows }] };
    writeOmeTiff(join(folder, file), { ...classes, description: `${description}; ${names}` });
    exports.push({ kind: "OME-TIFF", file });
  }
  const pictures = new Map<number, string>();
  for (const { index, rank } of planes ? shown : []) {
    const path = `${bag.name}/patch-${rank}.png`;
    writeFileSafely(join(folder, path), patchPicture(bag.patches, index, bag.cols, planes!, input.palette));
    pictures.set(rank, path);
  }
  return { maps: drawn.map(({ finding }) => finding), exports, spots: drawn[0]?.spots, pictures };
}

interface NamedMap {
  readonly name: string;
  readonly file: string;
  readonly rows: MapRows;
  readonly windows: number;
}

/** The maps over the windows, or over the patches where no windows were cut. */
async function mapsOf({ bag, model, tf }: MapInput): Promise<NamedMap[]> {
  const windows = bag.windows ?? bag.patches;
  if (!windows.count) return [];
  const { patches: scores, kind } = await scoreEnsemble(model, windows, tf);
  const { cols } = bag;
  const count = windows.count;
  if (kind === "attention") {
    const rows = coverageMap(windows, percentiles(scores), cols);
    return [{ name: "attention, percentile of the slide", file: "map-attention", rows, windows: count }];
  }
  const rows = coverageMap(windows, scores, cols);
  const maps: NamedMap[] = [{ name: "patch probability", file: "map-probability", rows, windows: count }];
  if (model.spec.encoder === "features") return maps;
  const set = instancesOf(windows);
  const all = Int32Array.from({ length: count }, (_, i) => i);
  let sum: Float32Array | undefined;
  let size = 0;
  for (const { preparation, weights } of model.members) {
    const cams = camsOf(tf, weights, prepareRows(set, all, preparation, model.spec), model.spec);
    if (!cams) return maps;
    size = cams.size;
    sum ??= new Float32Array(cams.values.length);
    for (const [i, value] of cams.values.entries()) sum[i] += value / model.members.length;
  }
  const name = `Grad-CAM (${model.classNames[1]}), weighted by patch probability`;
  const cam = windowMap(windows, { size, values: sum!, weights: scores }, cols);
  return [...maps, { name, file: "map-grad-cam", rows: cam, windows: count }];
}

function bareLess(rows: MapRows, planes: StainPlanes | undefined, cols: number): MapRows {
  if (!planes) return rows;
  return (row, count) => {
    const values = rows(row, count);
    for (let i = 0; i < values.length; i++) if (isBare(planes, row * cols + i)) values[i] = Number.NaN;
    return values;
  };
}

/** A picture of a map, thinned to a size for the page, in colours from 0 to the 99th percentile of the slide. */
function draw({ bag, folder, planes, model }: MapInput, map: NamedMap): { finding: MapFinding; spots?: Spots } {
  const thin = Math.ceil(Math.max(bag.rows, bag.cols) / PICTURE);
  const rows = Math.ceil(bag.rows / thin);
  const cols = Math.ceil(bag.cols / thin);
  const values = new Float32Array(rows * cols);
  const of = bareLess(map.rows, planes, bag.cols);
  // A strip of the map at a time: its windows are gone through once for all of its rows.
  for (let row = 0; row < rows; row += 64) {
    const now = Math.min(64, rows - row);
    const strip = of(row * thin, Math.min(now * thin, bag.rows - row * thin));
    for (let y = 0; y < now; y++) {
      for (let x = 0; x < cols; x++) values[(row + y) * cols + x] = strip[y * thin * bag.cols + x * thin];
    }
  }
  const { range, highest } = slideScale(values);
  const picture = `${bag.name}/${map.file}.png`;
  const paint = intensityPaint({ name: map.name, values }, [...range]);
  const png = barePng(rows, cols, (pixel, rgb, at) => {
    if (Number.isFinite(values[pixel])) return paint(pixel, rgb, at);
    rgb.fill(255, at, at + 3);
    return undefined;
  });
  writeFileSafely(join(folder, picture), png);
  const finding = { name: map.name, cube: bag.name, cols: bag.cols, picture, range, highest, windows: map.windows };
  return { finding, spots: planes && spotsOf(values, planes, model.tumour, bag.cols, cols, thin) };
}

/** The values of a thinned map, and where the stain has tumour; missing where it has no such class. */
function spotsOf(
  values: Float32Array,
  planes: StainPlanes,
  tumour: string | undefined,
  fullCols: number,
  cols: number,
  thin: number,
): Spots | undefined {
  const label = tumour === undefined ? -1 : planes.classNames.indexOf(tumour);
  if (label < 0) return undefined;
  const found = Uint8Array.from(values, (_, pixel) => {
    const at = Math.floor(pixel / cols) * thin * fullCols + (pixel % cols) * thin;
    return planes.classes[at] === label ? 1 : 0;
  });
  return { values, tumour: found, weight: thin ** 2 };
}

function patchPicture(
  { coords, edge }: Patches,
  index: number,
  cols: number,
  planes: StainPlanes,
  given: Palette | undefined,
): Uint8Array {
  const { classNames, classes } = planes;
  const palette = given ?? paletteFor(classNames);
  const scale = Math.max(1, Math.round(96 / edge));
  const side = edge * scale;
  return barePng(side, side, (pixel, rgb, at) => {
    const y = coords[2 * index + 1] + Math.floor(pixel / side / scale);
    const x = coords[2 * index] + Math.floor((pixel % side) / scale);
    const label = classes[y * cols + x];
    const blank = isBare(planes, y * cols + x) ? [255, 255, 255] : unclassifiedColour;
    rgb.set(label ? colourOf(palette, classNames[label]) : blank, at);
    return undefined;
  });
}

function patchTable(bag: Bag, scores: Float32Array, scoreName: string): string {
  const { coords, edge, count, tissue, mix, classNames } = bag.patches;
  const header = [
    "cube",
    "patient",
    "x",
    "y",
    "edge_px",
    scoreName,
    "tissue",
    ...classNames.map((name) => `share_${name}`),
  ];
  const rows = Array.from({ length: count }, (_, i) => [
    bag.name,
    bag.patient,
    coords[2 * i],
    coords[2 * i + 1],
    edge,
    scores[i],
    tissue[i],
    ...mix.subarray(i * classNames.length, (i + 1) * classNames.length),
  ]);
  return csvTable(header, rows);
}
