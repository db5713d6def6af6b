import type { Random } from "../cube/random.js";

/** What is found in the stroma of a core. */
export type StructureKind = "nest" | "gland" | "duct" | "lobule" | "vessel" | "infiltrate" | "dead" | "lake";

/** A structure: an ellipse whose radius swings with the angle. Lengths are HD pixels of 1.1 µm. */
export interface Structure {
  readonly kind: StructureKind;
  readonly row: number;
  readonly col: number;
  readonly radius: number;
  /** The long axis is stretched by this, the short one shrunk. */
  readonly stretch: number;
  readonly cos: number;
  readonly sin: number;
  /** Shares of the radius that swing with cos 2θ, sin 2θ, cos 3θ, sin 3θ, cos 4θ, sin 4θ. */
  readonly swing: readonly number[];
  /** How far the outline strays by noise, pixels. */
  readonly rough: number;
  /** Depth below the outline at which the core begins: lumen, necrosis, blood. */
  readonly depth: number;
  /** Fields of this structure are drawn with it. */
  readonly key: number;
}

interface Kind {
  readonly radius: readonly [number, number];
  readonly stretch: number;
  readonly swing: number;
  readonly rough: number;
  /** Depth of the inner part: pixels, or a share of the radius when below 1. */
  readonly depth: readonly [number, number];
}

const kinds: Record<StructureKind, Kind> = {
  nest: { radius: [62, 76], stretch: 1.15, swing: 0.07, rough: 8, depth: [0.42, 0.52] },
  gland: { radius: [28, 38], stretch: 1.3, swing: 0.09, rough: 5, depth: [17, 22] },
  duct: { radius: [31, 44], stretch: 1.35, swing: 0.05, rough: 2.5, depth: [17, 21] },
  lobule: { radius: [58, 70], stretch: 1.15, swing: 0.04, rough: 3, depth: [0, 0] },
  vessel: { radius: [19, 27], stretch: 1.35, swing: 0.04, rough: 2, depth: [3, 4] },
  infiltrate: { radius: [25, 36], stretch: 1.3, swing: 0.08, rough: 7, depth: [0, 0] },
  dead: { radius: [62, 76], stretch: 1.15, swing: 0.07, rough: 5, depth: [1.5, 2.5] },
  lake: { radius: [60, 75], stretch: 1.4, swing: 0.1, rough: 5, depth: [0, 0] },
};

/** How many of each there are in the area of a core of 320 × 320 pixels. */
const counts: Record<"cancer" | "benign", Partial<Record<StructureKind, number>>> = {
  cancer: { nest: 1, gland: 2, duct: 1, lobule: 0, vessel: 2, infiltrate: 2 },
  benign: { nest: 0, gland: 0, duct: 3, lobule: 1, vessel: 2, infiltrate: 2 },
};

/**
 * Throw structures onto a core, large ones first, so that none overlaps another; one that finds no room becomes smaller.
 * Cores below 320 pixels have smaller structures, as `scale` says, larger ones more of them.
 */
export function layStructures(
  rows: number,
  cols: number,
  diagnosis: "cancer" | "benign",
  stream: Random,
): { structures: Structure[]; scale: number } {
  const scale = Math.min(1, Math.min(rows, cols) / 320);
  const area = (rows * cols) / (320 * scale) ** 2;
  const wanted = Object.entries(counts[diagnosis]).flatMap(([kind, count]) =>
    Array.from({ length: Math.round(count * area) }, () => draw(kind as StructureKind, scale, stream)),
  );
  wanted.sort((a, b) => b.radius - a.radius);

  const cell = 200 * scale;
  const placed = new Map<string, Structure[]>();
  const structures: Structure[] = [];
  const around = (row: number, col: number) => {
    const near: Structure[] = [];
    for (let r = -1; r <= 1; r++) {
      for (let c = -1; c <= 1; c++) {
        near.push(...(placed.get(`${Math.floor(row / cell) + r},${Math.floor(col / cell) + c}`) ?? []));
      }
    }
    return near;
  };
  for (const shape of wanted) {
    let { radius } = shape;
    for (let attempt = 1; attempt <= 1200; attempt++) {
      const [row, col] = place(rows, cols, radius, stream);
      const free = around(row, col).every((other) => apart({ row, col, radius }, other, scale));
      if (free) {
        const found = { ...shape, row, col, radius };
        structures.push(found);
        const key = `${Math.floor(row / cell)},${Math.floor(col / cell)}`;
        placed.set(key, [...(placed.get(key) ?? []), found]);
        break;
      }
      if (attempt % 150 === 0) radius *= 0.92;
    }
  }
  return { structures, scale };
}

/** Whether two structures leave a strip of stroma between them. */
export function apart(one: Pick<Structure, "row" | "col" | "radius">, other: Structure, scale: number): boolean {
  return Math.hypot(other.row - one.row, other.col - one.col) > (other.radius + one.radius) * 1.08 + 5 * scale;
}

/** A place that keeps most of the structure on the core: within the circle of a square core, else within the frame. */
function place(rows: number, cols: number, radius: number, stream: Random): [number, number] {
  if (rows !== cols) return [stream.uniform() * rows, stream.uniform() * cols];
  const reach = Math.max(0, 0.46 * rows - 0.85 * radius);
  const distance = reach * Math.sqrt(stream.uniform());
  const angle = 2 * Math.PI * stream.uniform();
  return [rows / 2 + distance * Math.sin(angle), cols / 2 + distance * Math.cos(angle)];
}

/** Draw the shape of a structure, at (0, 0). */
export function draw(kind: StructureKind, scale: number, stream: Random): Structure {
  const { radius, stretch, swing, rough, depth } = kinds[kind];
  const between = ([low, high]: readonly [number, number]) => low + (high - low) * stream.uniform();
  const size = between(radius) * scale;
  const angle = Math.PI * stream.uniform();
  const deep = between(depth);
  return {
    kind,
    row: 0,
    col: 0,
    radius: size,
    stretch: 1 + (stretch - 1) * stream.uniform(),
    cos: Math.cos(angle),
    sin: Math.sin(angle),
    swing: Array.from({ length: 6 }, () => swing * stream.normal()),
    rough: rough * scale,
    depth: deep < 1 ? deep * size : deep * scale,
    key: stream.integer(2 ** 31),
  };
}
