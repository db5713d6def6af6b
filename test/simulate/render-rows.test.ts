import { expect, test } from "vitest";
import { annotate } from "#simulate/annotate";
import { prepareDetector } from "#simulate/detect";
import { planCohort } from "#simulate/plan-cohort";
import { prepareOptics, renderRows } from "#simulate/render-rows";

const plan = planCohort({ seed: 5, patients: 1, size: 100, step: 20 });
const entry = plan.entries[0];
const optics = prepareOptics(plan, entry);
const bands = optics.wavenumbers.length;

function ideal(mode: "SD" | "HD", pieces: number[] = []): Float32Array {
  const rows = mode === "SD" ? 20 : 100;
  const all = new Float32Array(rows * rows * bands);
  const starts = [0, ...pieces];
  starts.forEach((row, i) => {
    const now = (starts[i + 1] ?? rows) - row;
    renderRows(optics, mode, row, now, all.subarray(row * rows * bands, (row + now) * rows * bands));
  });
  return all;
}

const hd = ideal("HD");

/** Whether all bits are the same; the runner's own comparison goes number by number and is slow. */
const same = (a: Float32Array, b: Float32Array) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

test("rows are the same in whichever pieces they are rendered", () => {
  expect(same(ideal("HD", [1, 4, 37, 90]), hd)).toBe(true);
  expect(same(ideal("SD", [3, 4, 11]), ideal("SD"))).toBe(true);
});

test("the detector does to a row the same in whichever pieces rows come", () => {
  const detect = prepareDetector(plan, entry, "HD", optics.effects, optics.wavenumbers);
  const whole = hd.slice();
  detect(whole, 0, 100);
  const pieces = hd.slice();
  for (const [row, rows] of [
    [50, 50],
    [0, 7],
    [7, 43],
  ]) {
    detect(pieces.subarray(row * 100 * bands, (row + rows) * 100 * bands), row, rows);
  }
  expect(same(pieces, whole)).toBe(true);
  expect(same(whole, hd)).toBe(false);
});

test("SD is the mean transmittance of 5 × 5 pixels of HD, before noise", () => {
  const sd = ideal("SD");
  let worst = 0;
  for (let row = 0; row < 20; row++) {
    for (let col = 0; col < 20; col++) {
      for (let band = 0; band < bands; band++) {
        let sum = 0;
        for (let k = 0; k < 25; k++) {
          const at = (row * 5 + Math.floor(k / 5)) * 100 + col * 5 + (k % 5);
          sum += 10 ** -hd[at * bands + band];
        }
        worst = Math.max(worst, Math.abs(sd[(row * 20 + col) * bands + band] + Math.log10(sum / 25)));
      }
    }
  }
  // Float32 of absorbances below 2: 1.2e-7 each, and of the transmittances they come from.
  expect(worst).toBeLessThan(1e-5);
});

test("tissue scatters more at its edges than inside", () => {
  const { truth } = annotate(plan, entry, optics.scene);
  const edge: number[] = [];
  const inner: number[] = [];
  for (let row = 8; row < 92; row++) {
    for (let col = 8; col < 92; col++) {
      if (truth[row * 100 + col] === 0) continue;
      let bare = 0;
      for (let r = -8; r <= 8; r++) {
        for (let c = -8; c <= 8; c++) if (truth[(row + r) * 100 + col + c] === 0) bare++;
      }
      // Nothing absorbs at the last band, 1799 cm-1: what is there is scatter.
      (bare > 40 ? edge : inner).push(hd[(row * 100 + col) * bands + bands - 1]);
      if (bare > 0 && bare <= 40) inner.pop();
    }
  }
  const mean = (list: number[]) => list.reduce((a, b) => a + b) / list.length;
  expect(edge.length).toBeGreaterThan(200);
  expect(inner.length).toBeGreaterThan(200);
  expect(mean(edge)).toBeGreaterThan(1.3 * mean(inner));
});
