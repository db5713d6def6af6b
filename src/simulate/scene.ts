import { random } from "../cube/random.js";
import { hashUniform, smoothNoise } from "./hash-noise.js";
import { layBiopsy } from "./lay-biopsy.js";
import { layStructures, type Structure } from "./lay-structures.js";
import type { CohortPlan, CorePlan } from "./plan-cohort.js";

/** Label values of the phantom. */
export const tissue = {
  substrate: 0,
  cancer: 1,
  benign: 2,
  stroma: 3,
  inflammation: 4,
  blood: 5,
  necrosis: 6,
} as const;

/** Where a core has what, at 1.1 µm, in continuous coordinates: rows and columns may lie outside the image. */
export interface Scene {
  readonly rows: number;
  readonly cols: number;
  /** 1, or less in a core below 320 pixels, whose structures are smaller. */
  readonly scale: number;
  readonly structures: readonly Structure[];
  readonly key: number;
  /** What is at a place. The object is the same at every call. */
  at(row: number, col: number): Place;
}

export interface Place {
  /** Label value, 0 = substrate. */
  label: number;
  /** Index of the structure whose outline is nearest, −1 when none is near. */
  structure: number;
  /** Pixels inside the outline of that structure, negative outside; −60 when none is near. */
  inside: number;
}

const cell = 64;
const far = -60;

/** The scene of a core: the same for SD and HD. */
export function sceneOf(plan: CohortPlan, entry: CorePlan): Scene {
  const { rows, cols } = plan;
  const stream = random(entry.coreSeed).fork("scene");
  const { structures, scale } = entry.biopsy
    ? { structures: layBiopsy(rows, cols, entry.biopsy, stream), scale: 1 }
    : layStructures(rows, cols, entry.diagnosis, stream);
  const key = stream.integer(2 ** 31);
  const buckets = fillBuckets(structures, scale);
  const place: Place = { label: 0, structure: -1, inside: far };
  const none: number[] = [];

  const at = (row: number, col: number): Place => {
    place.inside = far;
    place.structure = -1;
    for (const index of buckets.get(Math.floor(row / cell) * 65536 + Math.floor(col / cell)) ?? none) {
      const inside = over(structures[index], insideOf(structures[index], row, col, scale));
      if (inside > place.inside) {
        place.inside = inside;
        place.structure = index;
      }
    }
    place.label = tissue.stroma;
    if (place.structure >= 0 && place.inside > 0) {
      place.label = labelWithin(structures[place.structure], place.inside, row, col, scale);
    } else {
      const stray = place.structure < 0 ? 0 : strayFrom(structures[place.structure], place.inside, row, col, scale);
      if (stray) place.label = stray;
      else if (cleft(key, row, col, scale)) place.label = tissue.substrate;
    }
    if (rows === cols && !entry.biopsy && outsideCore(key, rows, row, col, scale)) place.label = tissue.substrate;
    return place;
  };
  return { rows, cols, scale, structures, key, at };
}

/** Structures by the squares of 64 × 64 pixels that they reach into. */
function fillBuckets(structures: readonly Structure[], scale: number): Map<number, number[]> {
  const buckets = new Map<number, number[]>();
  structures.forEach(({ row, col, radius, stretch, rough }, index) => {
    const reach = radius * stretch * 1.2 + rough + 45 * scale;
    for (let r = Math.floor((row - reach) / cell); r <= Math.floor((row + reach) / cell); r++) {
      for (let c = Math.floor((col - reach) / cell); c <= Math.floor((col + reach) / cell); c++) {
        const at = r * 65536 + c;
        const there = buckets.get(at);
        if (there) there.push(index);
        else buckets.set(at, [index]);
      }
    }
  });
  return buckets;
}

/** Blood that has run into a piece lies over whatever else is there. */
function over({ kind }: Structure, inside: number): number {
  return kind === "lake" && inside > 0 ? inside + 1000 : inside;
}

/** About how many pixels a place lies within the outline of a structure. */
function insideOf(structure: Structure, row: number, col: number, scale: number): number {
  const { cos, sin, stretch, swing, radius, rough, key } = structure;
  const down = row - structure.row;
  const right = col - structure.col;
  const u = (cos * right + sin * down) / stretch;
  const v = (cos * down - sin * right) * stretch;
  const distance = Math.sqrt(u * u + v * v) + 1e-9;
  const c1 = u / distance;
  const s1 = v / distance;
  const c2 = c1 * c1 - s1 * s1;
  const s2 = 2 * c1 * s1;
  const c3 = c2 * c1 - s2 * s1;
  const s3 = s2 * c1 + c2 * s1;
  const swung = swing[0] * c2 + swing[1] * s2 + swing[2] * c3 + swing[3] * s3;
  const finer = swing[4] * (c2 * c2 - s2 * s2) + swing[5] * 2 * c2 * s2;
  return radius * (1 + swung + finer) - distance + rough * ragged(key, row, col, scale);
}

/** Noise of two sizes, 17 and 7 pixels, that makes outlines uneven. */
function ragged(key: number, row: number, col: number, scale: number): number {
  const coarse = 17 * scale;
  const fine = 7 * scale;
  return smoothNoise(key, row / coarse, col / coarse) + 0.6 * smoothNoise(key + 1, row / fine, col / fine);
}

function labelWithin(structure: Structure, inside: number, row: number, col: number, scale: number): number {
  const { kind, depth, key, rough } = structure;
  const deep = inside + rough * 0.8 * ragged(key + 2, row, col, scale) > depth;
  if (kind === "nest") return deep ? tissue.necrosis : tissue.cancer;
  if (kind === "dead") return deep ? tissue.necrosis : tissue.cancer;
  if (kind === "lake") return tissue.blood;
  if (kind === "gland") return deep ? tissue.substrate : tissue.cancer;
  if (kind === "duct") return deep ? tissue.substrate : tissue.benign;
  if (kind === "vessel") return inside > depth ? tissue.blood : tissue.stroma;
  if (kind === "infiltrate") return tissue.inflammation;
  return acinus(structure, row, col, scale);
}

/** Single lymphocytes around an infiltrate and small groups of tumour cells around a nest, fewer further away; 0 for none. */
function strayFrom({ kind, key }: Structure, inside: number, row: number, col: number, scale: number): number {
  if (kind !== "infiltrate" && kind !== "nest") return 0;
  const cells = kind === "infiltrate";
  const near = 1 + inside / (cells ? 24 * scale : 32 * scale);
  if (near <= 0) return 0;
  const spacing = cells ? 10 * scale : 24 * scale;
  // The lattice they sit on is bent, so that it does not show.
  const y = row / spacing + 1.2 * smoothNoise(key + 9, (0.4 * row) / spacing, (0.4 * col) / spacing);
  const x = col / spacing + 1.2 * smoothNoise(key + 10, (0.4 * row) / spacing, (0.4 * col) / spacing);
  const r = Math.floor(y);
  const c = Math.floor(x);
  if (hashUniform(key + 5, r, c) > 0.75 * near) return 0;
  const room = 0.5 - (cells ? 0.38 : 0.32);
  const down = y - r - 0.5 - 2 * room * (hashUniform(key + 6, r, c) - 0.5);
  const right = x - c - 0.5 - 2 * room * (hashUniform(key + 7, r, c) - 0.5);
  const away = Math.hypot(down, right) + 0.12 * smoothNoise(key + 8, (3 * row) / spacing, (3 * col) / spacing);
  if (away > 0.5 - room) return 0;
  return cells ? tissue.inflammation : tissue.cancer;
}

/** A lobule is packed with acini, discs of some 17 pixels with a pinhole of lumen, in stroma. */
function acinus({ key, ...lobule }: Structure, row: number, col: number, scale: number): number {
  const spacing = 36 * scale;
  const r = Math.floor(row / spacing);
  const c = Math.floor(col / spacing);
  for (let i = r - 1; i <= r + 1; i++) {
    for (let j = c - 1; j <= c + 1; j++) {
      const middleRow = (i + 0.5 + 0.3 * (hashUniform(key, i, j) - 0.5)) * spacing;
      const middleCol = (j + 0.5 * (i & 1) + 0.3 * (hashUniform(key + 1, i, j) - 0.5)) * spacing;
      // An acinus is there as a whole or not at all.
      if (Math.hypot(middleRow - lobule.row, middleCol - lobule.col) > lobule.radius - 13 * scale) continue;
      const distance = Math.hypot(row - middleRow, col - middleCol) + 2.5 * scale * ragged(key + 2, row, col, scale);
      if (distance < 3 * scale) return tissue.substrate;
      if (distance < (15 + 3 * hashUniform(key + 2, i, j)) * scale) return tissue.benign;
    }
  }
  return tissue.stroma;
}

/** Thin tears of the section, here and there in the stroma. */
function cleft(key: number, row: number, col: number, scale: number): boolean {
  const size = 55 * scale;
  if (smoothNoise(key + 11, row / (2 * size), col / (2 * size)) < 0.15) return false;
  const bend = 0.25 * smoothNoise(key + 12, (3 * row) / size, (3 * col) / size);
  return Math.abs(smoothNoise(key + 13, row / size + bend, col / size + bend)) < 0.035;
}

/** A square core is punched round, with a frayed edge. */
function outsideCore(key: number, rows: number, row: number, col: number, scale: number): boolean {
  const distance = Math.hypot(row - rows / 2, col - rows / 2);
  return distance > 0.475 * rows + 5 * scale * ragged(key + 21, row, col, scale);
}
