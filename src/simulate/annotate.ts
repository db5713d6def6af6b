import { type Random, random } from "../cube/random.js";
import { readRecipes } from "./band-tables.js";
import { smoothNoise } from "./hash-noise.js";
import type { CohortPlan, CorePlan } from "./plan-cohort.js";
import type { Scene } from "./scene.js";

/** Distance from any border that annotation keeps, HD pixels: two standard deviations of the point spread at 1080 cm-1. */
const margin = 6;

/** Truth of every pixel, and what a pathologist marked: label values, 0 = substrate in one and unlabelled in the other. */
export interface Annotation {
  readonly truth: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * Mark patches of pure pixels, as pathologists do, until about `labelled` of the tissue is marked: rounded patches, no pixel of
 * them within 6 pixels of another class. How much each class gets follows the square root of its pure area.
 */
export function annotate(plan: CohortPlan, entry: CorePlan, scene: Scene): Annotation {
  const { rows, cols } = plan;
  const truth = new Uint8Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) truth[row * cols + col] = scene.at(row, col).label;
  }
  const pure = pureOf(truth, rows, cols, Math.max(3, Math.round(margin * scene.scale)));
  const labels = new Uint8Array(rows * cols);
  const stream = random(entry.coreSeed).fork("annotation");
  quotas(truth, pure, plan.labelled).forEach((quota, label) => {
    if (quota > 0) markClass(label, quota, pure, labels, rows, cols, scene.scale, stream.fork(label));
  });
  return { truth, labels };
}

/** Annotation as the SD image has it: the label of a block of 5 × 5 pixels of one class of which most are marked. */
export function annotationOfBlocks({ truth, labels }: Annotation, rows: number, cols: number): Annotation {
  const low = { truth: new Uint8Array((rows / 5) * (cols / 5)), labels: new Uint8Array((rows / 5) * (cols / 5)) };
  const counts = new Uint8Array(256);
  for (let row = 0; row < rows / 5; row++) {
    for (let col = 0; col < cols / 5; col++) {
      counts.fill(0);
      let marked = 0;
      for (let i = 0; i < 25; i++) {
        const at = (row * 5 + Math.floor(i / 5)) * cols + col * 5 + (i % 5);
        counts[truth[at]]++;
        if (labels[at]) marked++;
      }
      const most = counts.indexOf(Math.max(...counts.subarray(0, 8)));
      low.truth[(row * cols) / 5 + col] = most;
      if (counts[most] === 25 && marked > 12) low.labels[(row * cols) / 5 + col] = most;
    }
  }
  return low;
}

/**
 * The label of a pixel where another label is at least `reach` pixels away, else 0. The edge of the image does not count.
 * Distances are those of Borgefors' 3-4 chamfer (1986), within 6 % of the straight way.
 */
function pureOf(truth: Uint8Array, rows: number, cols: number, reach: number): Uint8Array {
  const away = new Uint8Array(truth.length).fill(255);
  const pass = (at: number, row: number, col: number, step: 1 | -1) => {
    let nearest = away[at];
    const look = (down: number, right: number, cost: number) => {
      if (row + down < 0 || row + down >= rows || col + right < 0 || col + right >= cols) return;
      const there = at + down * cols + right;
      nearest = Math.min(nearest, truth[there] === truth[at] ? away[there] + cost : cost);
    };
    look(0, -step, 3);
    look(-step, -step, 4);
    look(-step, 0, 3);
    look(-step, step, 4);
    away[at] = nearest;
  };
  for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) pass(row * cols + col, row, col, 1);
  for (let row = rows - 1; row >= 0; row--) {
    for (let col = cols - 1; col >= 0; col--) pass(row * cols + col, row, col, -1);
  }
  return truth.map((label, at) => (away[at] > 3 * reach ? label : 0));
}

/** How many pixels of each label value to mark. */
function quotas(truth: Uint8Array, pure: Uint8Array, labelled: number): number[] {
  const area = new Float64Array(7);
  let tissue = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i]) tissue++;
    if (pure[i]) area[pure[i]]++;
  }
  const wish = Array.from(area, () => 0);
  for (const { label, annotated } of Object.values(readRecipes().classes)) {
    wish[label] = annotated * Math.sqrt(area[label]);
  }
  const all = wish.reduce((a, b) => a + b);
  return wish.map((share, label) => (all ? Math.min(area[label], (labelled * tissue * share) / all) : 0));
}

function markClass(
  label: number,
  quota: number,
  pure: Uint8Array,
  labels: Uint8Array,
  rows: number,
  cols: number,
  scale: number,
  stream: Random,
): void {
  let left = quota;
  for (const at of someWhere(pure, label, Math.ceil(quota / 40) + 40, stream)) {
    if (left <= 0) return;
    const radius = (7 + 6 * stream.uniform()) * Math.max(0.5, scale);
    const key = stream.integer(2 ** 31);
    const middleRow = Math.floor(at / cols);
    const middleCol = at % cols;
    const reach = Math.ceil(radius * 1.5);
    for (let row = Math.max(0, middleRow - reach); row < Math.min(rows, middleRow + reach + 1); row++) {
      for (let col = Math.max(0, middleCol - reach); col < Math.min(cols, middleCol + reach + 1); col++) {
        const pixel = row * cols + col;
        if (pure[pixel] !== label || labels[pixel]) continue;
        const distance = Math.hypot(row - middleRow, col - middleCol);
        if (distance > radius * (1 + 0.5 * smoothNoise(key, row / radius, col / radius))) continue;
        labels[pixel] = label;
        left--;
      }
    }
  }
}

/** A few of the pixels with a label, each as likely as any other, in random order (Vitter's reservoir, algorithm R). */
function someWhere(pure: Uint8Array, label: number, count: number, stream: Random): number[] {
  const kept: number[] = [];
  let seen = 0;
  for (let i = 0; i < pure.length; i++) {
    if (pure[i] !== label) continue;
    seen++;
    const at = kept.length < count ? kept.length : stream.integer(seen);
    if (at < count) kept[at] = i;
  }
  for (let i = kept.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    [kept[i], kept[j]] = [kept[j], kept[i]];
  }
  return kept;
}
