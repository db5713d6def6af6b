import type { Random } from "../cube/random.js";
import { apart, draw, type Structure, type StructureKind } from "./lay-structures.js";
import type { BiopsyPlan } from "./plan-cohort.js";

/** How many of each there are in the area of 320 × 320 pixels, in benign and in malignant biopsies alike. */
const background = { duct: 1.6, lobule: 0.5, vessel: 2, infiltrate: 2 } as const;

/**
 * Throw structures onto a biopsy: first the ordinary tissue, drawn without regard to the diagnosis, then the tumour, one focus that
 * grows until it takes its share of the area and pushes aside what was there, then pools of blood. Each is drawn from a stream of its
 * own, so that nothing but the tumour tells a malignant biopsy from the benign one it would have been.
 */
export function layBiopsy(rows: number, cols: number, biopsy: BiopsyPlan, stream: Random): Structure[] {
  const ordinary = scatter(rows, cols, stream.fork("background"));
  const tumour = grow(rows, cols, biopsy, stream.fork("tumour"));
  const kept = ordinary.filter((one) => tumour.every((other) => apart(one, other, 1)));
  return [...kept, ...tumour, ...spill(rows, cols, biopsy, stream.fork("blood"))];
}

function scatter(rows: number, cols: number, stream: Random): Structure[] {
  const area = (rows * cols) / 320 ** 2;
  const wanted = Object.entries(background).flatMap(([kind, count]) => {
    // A share of a structure is there in that share of the biopsies.
    const whole = Math.floor(count * area + stream.uniform());
    return Array.from({ length: whole }, () => draw(kind as StructureKind, 1, stream));
  });
  const placed: Structure[] = [];
  for (const shape of wanted.sort((a, b) => b.radius - a.radius)) {
    for (let attempt = 0; attempt < 200; attempt++) {
      const found = { ...shape, row: stream.uniform() * rows, col: stream.uniform() * cols };
      if (placed.some((other) => !apart(found, other, 1))) continue;
      placed.push(found);
      break;
    }
  }
  return placed;
}

/** Pixels that a structure of the tumour takes, its lumen and what has died included. */
const areaOf = ({ radius }: Structure) => Math.PI * radius ** 2;

function grow(rows: number, cols: number, { tumour, necrotic }: BiopsyPlan, stream: Random): Structure[] {
  const placed: Structure[] = [];
  let missing = tumour * rows * cols;
  const [row, col] = [(0.2 + 0.6 * stream.uniform()) * rows, (0.2 + 0.6 * stream.uniform()) * cols];
  /** How far from the middle of the focus the next one may lie. */
  let reach = 0;
  for (let attempt = 0; missing > 0 && attempt < 4000; attempt++) {
    const shape = draw(necrotic ? "dead" : stream.uniform() < 0.4 ? "nest" : "gland", 1, stream);
    // The last one is as large as what is missing, but no smaller than a few cells.
    const radius = Math.max(12, Math.min(shape.radius, Math.sqrt(missing / Math.PI)));
    const fitted = { ...shape, radius, depth: shape.depth * Math.min(1, radius / shape.radius) };
    const angle = 2 * Math.PI * stream.uniform();
    const away = reach * Math.sqrt(stream.uniform());
    const found = { ...fitted, row: row + away * Math.sin(angle), col: col + away * Math.cos(angle) };
    const inside = found.row > 0 && found.col > 0 && found.row < rows && found.col < cols;
    if (inside && placed.every((other) => apart(found, other, 1))) {
      placed.push(found);
      missing -= areaOf(found);
    } else reach += 2;
  }
  return placed;
}

function spill(rows: number, cols: number, { lakes, lakeRadius }: BiopsyPlan, stream: Random): Structure[] {
  return Array.from({ length: lakes }, () => {
    const shape = draw("lake", 1, stream);
    const radius = lakeRadius * (0.85 + 0.3 * stream.uniform());
    return { ...shape, radius, row: stream.uniform() * rows, col: stream.uniform() * cols };
  });
}
