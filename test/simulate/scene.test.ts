import { expect, test } from "vitest";
import { annotate, annotationOfBlocks } from "#simulate/annotate";
import { planCohort } from "#simulate/plan-cohort";
import { sceneOf } from "#simulate/scene";

const plan = planCohort({ seed: 1, patients: 10 });
const { rows, cols } = plan;
const cores = plan.entries.map((entry) => {
  const fine = annotate(plan, entry, sceneOf(plan, entry));
  return { entry, fine, blocks: annotationOfBlocks(fine, rows, cols) };
});
const count = (labels: Uint8Array, label: number) => labels.reduce((n, value) => n + (value === label ? 1 : 0), 0);

test("each of the six classes is annotated in at least five of ten patients, in SD too", () => {
  for (let label = 1; label <= 6; label++) {
    // Eight SD pixels are a patch of 3 × 3; of HD 100, a disc of 11 µm.
    expect(cores.filter(({ blocks }) => count(blocks.labels, label) >= 8).length).toBeGreaterThanOrEqual(5);
    expect(cores.filter(({ fine }) => count(fine.labels, label) >= 100).length).toBeGreaterThanOrEqual(5);
  }
});

test("only patients with cancer have cancer", () => {
  for (const { entry, fine } of cores) {
    expect(count(fine.truth, 1) > 0, entry.core).toBe(entry.diagnosis === "cancer");
  }
});

test("about the wished share of the tissue is annotated, and every annotation is true", () => {
  for (const { fine } of cores) {
    const tissue = fine.truth.length - count(fine.truth, 0);
    const marked = fine.labels.length - count(fine.labels, 0);
    // A class with little pure tissue gets less than its share, a last patch may pass it.
    expect(marked / tissue).toBeGreaterThan(0.04);
    expect(marked / tissue).toBeLessThan(0.1);
    expect(fine.labels.every((label, i) => label === 0 || label === fine.truth[i])).toBe(true);
  }
});

test("annotated pixels keep away from other classes", () => {
  const { fine } = cores[0];
  let mixed = 0;
  fine.labels.forEach((label, i) => {
    if (!label) return;
    const row = Math.floor(i / cols);
    for (let r = Math.max(0, row - 5); r <= Math.min(rows - 1, row + 5); r++) {
      for (let c = Math.max(0, (i % cols) - 5); c <= Math.min(cols - 1, (i % cols) + 5); c++) {
        const near = Math.hypot(r - row, c - (i % cols)) <= 5;
        if (near && fine.truth[r * cols + c] !== label) mixed++;
      }
    }
  });
  expect(mixed).toBe(0);
});

test("an SD pixel is annotated only where its 5 × 5 block is of one class", () => {
  const { fine, blocks } = cores[1];
  const width = cols / 5;
  blocks.labels.forEach((label, i) => {
    if (!label) return;
    const block = Array.from({ length: 25 }, (_, k) => {
      const row = 5 * Math.floor(i / width) + Math.floor(k / 5);
      return fine.truth[row * cols + 5 * (i % width) + (k % 5)];
    });
    expect(new Set(block)).toEqual(new Set([label]));
  });
  expect(blocks.labels.some((label) => label > 0)).toBe(true);
});

test("borders are curved: hardly any of them runs straight along the pixels", () => {
  let border = 0;
  let straight = 0;
  for (const { fine } of cores) {
    for (let row = 0; row + 1 < rows; row++) {
      let run = 0;
      for (let col = 0; col <= cols; col++) {
        const at = row * cols + col;
        if (col < cols && fine.truth[at] !== fine.truth[at + cols]) run++;
        else {
          border += run;
          // Square blocks of 20 pixels would have all of their border in such runs.
          if (run >= 16) straight += run;
          run = 0;
        }
      }
    }
  }
  expect(border).toBeGreaterThan(1000);
  expect(straight / border).toBeLessThan(0.05);
});

test("a square core is round with bare slide in its corners, a tall image is filled", () => {
  const { fine } = cores[0];
  for (const corner of [0, cols - 1, (rows - 1) * cols, rows * cols - 1]) expect(fine.truth[corner]).toBe(0);
  const tall = planCohort({ seed: 1, patients: 1, size: 100, height: 500 });
  const { truth } = annotate(tall, tall.entries[0], sceneOf(tall, tall.entries[0]));
  // Lumens and tears are bare too.
  expect(count(truth, 0) / truth.length).toBeLessThan(0.25);
  for (let label = 1; label <= 6; label++) expect(count(truth, label)).toBeGreaterThan(0);
});

test("small cores still have every class", () => {
  const small = planCohort({ seed: 1, patients: 1, size: 120 });
  const { truth } = annotate(small, small.entries[0], sceneOf(small, small.entries[0]));
  for (let label = 1; label <= 6; label++) expect(count(truth, label)).toBeGreaterThan(20);
});
