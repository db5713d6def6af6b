import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { random } from "#cube/random";
import { limitsFrom } from "#reduce/distances";

const golden = JSON.parse(readFileSync(new URL("golden/pca.golden.json", import.meta.url), "utf8"));

test("limits are the quantiles that numpy gives", () => {
  const t2 = Float64Array.from(golden.t2);
  for (const [i, outside] of [0.1, 0.5].entries()) {
    expect(limitsFrom({ q: t2, t2 }, outside).t2).toBeCloseTo(golden.quantiles[i], 12);
  }
});

test("of eleven distances the limit that leaves a tenth outside is the second largest, NaN not counted", () => {
  const q = Float64Array.of(3, 1, 4, 10, 5, 9, Number.NaN, 2, 6, 8, 7, 0);
  expect(limitsFrom({ q, t2: q }, 0.1)).toEqual({ q: 9, t2: 9 });
});

test("the share asked for lies beyond each limit, and no more", () => {
  const stream = random(3);
  const q = Float64Array.from({ length: 1000 }, () => stream.normal() ** 2);
  const t2 = Float64Array.from({ length: 1000 }, () => stream.uniform());
  const limits = limitsFrom({ q, t2 }, 0.02);
  expect(q.filter((value) => value > limits.q).length).toBe(20);
  expect(t2.filter((value) => value > limits.t2).length).toBe(20);
});

test("nothing outside, or nothing to go by, is no limit", () => {
  const q = Float64Array.of(1, 2);
  expect(limitsFrom({ q, t2: q }, 0)).toEqual({ q: Infinity, t2: Infinity });
  expect(limitsFrom({ q: new Float64Array(0), t2: Float64Array.of(Number.NaN) }, 0.1)).toEqual({
    q: Infinity,
    t2: Infinity,
  });
});
