import { expect, test } from "vitest";
import { nullTest } from "#classify/null-test";

const shuffled = Array.from({ length: 99 }, (_, i) => i / 98);

test("p counts the shuffles that reach the true labels, and these themselves", () => {
  // 0.95 · 98 = 93.1: the shuffles 94 … 98 are higher.
  expect(nullTest(0.95, shuffled)).toMatchObject({ repeats: 99, observed: 0.95, p: 6 / 100, floor: 1 / 100 });
  expect(nullTest(2, shuffled)!.p).toBe(1 / 100);
  expect(nullTest(-1, shuffled)!.p).toBe(1);
});

test("a shuffle that gives the same figure counts as one that reaches it", () => {
  expect(nullTest(0.7, [0.7, 0.7, 0.2])!.p).toBe(3 / 4);
});

test("the central 95 % and the mean are those of the shuffles", () => {
  const { mean, interval } = nullTest(
    1,
    Array.from({ length: 41 }, (_, i) => ((i * 7) % 41) / 40),
  )!;
  expect(mean).toBeCloseTo(0.5, 14);
  expect(interval).toEqual([1 / 40, 39 / 40]);
});

test("without shuffles there is no test", () => expect(nullTest(1, [])).toBeUndefined());
