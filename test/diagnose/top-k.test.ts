import fc from "fast-check";
import { expect, test } from "vitest";
import { kFor, topK } from "#diagnose/top-k";

test("three per cent of a bag count, at least one patch and at most fifteen", () => {
  expect([1, 10, 49, 50, 83, 84, 500, 517, 1197].map((n) => kFor(n, "rule"))).toEqual([1, 1, 1, 2, 2, 3, 15, 15, 15]);
  expect([3, 15, 40].map((n) => kFor(n, 15))).toEqual([3, 15, 15]);
});

test("the k highest are those of a full sort, of equal ones the first in the bag, and a short bag gives all it has", () => {
  let checked = 0;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 20 }),
      (scores, before, k) => {
        const all = [...Array(before).fill(9), ...scores];
        const brute = scores
          .map((score, i) => ({ score, i: i + before }))
          .sort((a, b) => b.score - a.score || a.i - b.i)
          .slice(0, k)
          .map(({ i }) => i);
        expect([...topK(all, before, all.length, k)]).toEqual(brute);
        checked++;
      },
    ),
  );
  expect(checked).toBeGreaterThan(50);
});

test("a score that is not a number is the lowest", () => {
  expect([...topK([Number.NaN, -5, Number.NaN, 1], 0, 4, 3)]).toEqual([3, 1, 0]);
});
