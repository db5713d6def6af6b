import fc from "fast-check";
import { expect, test } from "vitest";
import { auc } from "#classify/auc";
import { addScore, binnedAuc, openScoreBins } from "#classify/score-bins";
import type { Model } from "#cube/model";
import { random } from "#cube/random";
import { type LabelScores, openTally } from "#pipeline/score-labels";

const counted = (scores: ArrayLike<number>, positive: ArrayLike<number>, bins: number) => {
  const of = openScoreBins(bins);
  for (let i = 0; i < scores.length; i++) addScore(of, scores[i], positive[i] > 0);
  return binnedAuc(of);
};

test("an AUC from bins is off by no more than it says", () => {
  const score = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.float({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(score, fc.nat(1)), { minLength: 2, maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, bins) => {
        const scores = Float32Array.from(rows, ([value]) => value);
        const positive = rows.map(([, of]) => of);
        const exact = auc(scores, positive);
        const { figure, within } = counted(scores, positive, bins);
        if (exact.value === null) expect(figure).toEqual(exact);
        // Both are sums of halves over the same number of pairs: no rounding beyond the last division.
        else expect(Math.abs(figure.value! - exact.value)).toBeLessThanOrEqual(within + 1e-15);
      },
    ),
  );
});

test("one positive at 0.30 and one negative at 0.35 share a bin of a tenth: 0.5, off by up to 0.5; they do not share one of a hundredth", () => {
  expect(counted([0.3, 0.35], [1, 0], 10)).toEqual({ figure: { value: 0.5, unit: "1" }, within: 0.5 });
  expect(counted([0.3, 0.35], [1, 0], 100)).toEqual({ figure: { value: 0, unit: "1" }, within: 0 });
});

test("scores that are equal are equal: 0, 1 and shares of few trees lose nothing", () => {
  const draw = random(5);
  const scores = Float32Array.from({ length: 5000 }, () => draw.integer(101) / 100);
  const positive = scores.map((value) => (draw.uniform() < value ? 1 : 0));
  expect(counted(scores, positive, 1 << 16)).toEqual({ figure: auc(scores, positive), within: 0 });
});

/** A model of three classes, as far as scores go. */
const model = { labels: Uint8Array.of(1, 2, 3), classNames: ["", "a", "b", "c"] } as unknown as Model;

/** So many labelled pixels with random scores, in parts of random sizes. */
function parts(pixels: number, seed: number): LabelScores[] {
  const draw = random("scores");
  const cut = random(seed);
  const truth = Uint8Array.from({ length: pixels }, () => draw.integer(3));
  const scores = Float32Array.from({ length: 3 * pixels }, () => draw.uniform());
  const found: LabelScores[] = [];
  for (let at = 0; at < pixels; ) {
    const end = Math.min(pixels, at + 1 + cut.integer(700));
    found.push({
      labelled: end - at,
      right: [...truth.subarray(at, end)].filter((k) => k === 1).length,
      truth: truth.slice(at, end),
      scores: scores.slice(3 * at, 3 * end),
    });
    at = end;
  }
  return found;
}

test("the scores of a stain are the same in whatever parts they come, ranked or in bins", () => {
  for (const ranked of [1e6, 10]) {
    const findings = [1, 2].map((seed) => {
      const tally = openTally(model, 4000, ranked);
      for (const part of parts(4000, seed)) tally.add(part);
      return JSON.stringify(tally.finish());
    });
    expect(findings[0]).toBe(findings[1]);
  }
});

test("beyond so many scores they are counted: accuracy as before, AUC within what the findings say", () => {
  const [exact, binned] = [3 * 4000, 3 * 4000 - 1].map((ranked) => {
    const tally = openTally(model, 4000, ranked);
    for (const part of parts(4000, 1)) tally.add(part);
    return tally.finish()!;
  });
  expect(exact.aucWithin).toBeUndefined();
  expect({ ...binned, auc: {}, aucWithin: undefined }).toEqual({ ...exact, auc: {}, aucWithin: undefined });
  for (const name of ["a", "b", "c"]) {
    // 65,536 bins for random scores: a pixel shares its bin with 1 in 16 others of 4000.
    expect(binned.aucWithin![name]).toBeLessThan(1e-4);
    expect(Math.abs(binned.auc[name]! - exact.auc[name]!)).toBeLessThanOrEqual(binned.aucWithin![name]);
  }
});
