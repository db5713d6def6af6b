import { describe, expect, test } from "vitest";
import { random } from "#cube/random";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { treeScratch } from "#kernels/twin/grow-tree";
import { forestScratch, LEAF_RANK } from "#kernels/twin/predict-forest";
import { rankScores } from "#kernels/twin/rank-scores";
import { twinKernels } from "#kernels/twin-kernels";

/** Around nothing, around the lane counts, around the 32 rows of a group and the 512 of a block. */
const counts = [...Array.from({ length: 18 }, (_, n) => n), 31, 32, 33, 255, 256, 257, 511, 512, 513];

/** What both forms make of the same numbers. */
const both = <T>(run: (kernels: Kernels) => T) => [twinKernels(), simdKernels()].map(run);

function grow(kernels: Kernels, rows: number, classes: number, minLeaf: number, maxDepth: number, tried = 2) {
  const features = 5;
  const stream = random(`${rows} rows`);
  const bins = kernels.uint8(features * rows);
  // Feature 4 is constant; feature 3 has all 256 bins, the others few, so that ties and gaps occur.
  for (let i = 0; i < bins.length; i++) {
    const feature = Math.floor(i / rows);
    bins[i] = feature === 4 ? 7 : feature === 3 ? stream.integer(256) : 40 * stream.integer(6);
  }
  const drawn = kernels.int32(2 * rows);
  for (let i = 0; i < rows; i++) {
    drawn[2 * i] = i;
    drawn[2 * i + 1] = (1 + stream.integer(3)) * 256 + stream.integer(classes);
  }
  const scratch = kernels.int32(treeScratch(features, classes, rows));
  const most = Math.max(1, 2 * rows - 1);
  const tree = kernels.int32(3 * most);
  const leafCounts = kernels.int32(Math.max(1, rows) * classes);
  const importances = kernels.float64(features);
  const nodes = kernels.growTree(
    bins,
    rows,
    features,
    classes,
    drawn,
    rows,
    tried,
    minLeaf,
    maxDepth,
    0xdeadbeef,
    scratch,
    tree,
    leafCounts,
    importances,
  );
  return { nodes, drawn: [...drawn], tree: [...tree], counts: [...leafCounts], importances: [...importances], bins };
}

describe("growTree", () => {
  test.each(counts)("SIMD grows the same tree as the twin on %i rows, to the bit", (rows) => {
    const [twin, simd] = both((kernels) => grow(kernels, rows, 3, 1, 2 ** 30));
    expect(simd).toEqual(twin);
    if (rows > 8) expect(twin.nodes).toBeGreaterThan(3);
  });

  test.each([
    [1, 1, 3],
    [2, 4, 1],
    [17, 30, 5],
  ])("SIMD grows the same tree of %i classes with %i in a leaf and depth %i", (classes, minLeaf, maxDepth) => {
    const [twin, simd] = both((kernels) => grow(kernels, 200, classes, minLeaf, maxDepth));
    expect(simd).toEqual(twin);
  });

  test("the weights in the leaves are the weights drawn, and every row lies in one leaf", () => {
    const { nodes, drawn, counts: leaves } = grow(twinKernels(), 256, 3, 1, 2 ** 30);
    const weight = drawn.filter((_, i) => i % 2 === 1).reduce((sum, code) => sum + (code >> 8), 0);
    expect(leaves.slice(0, 3 * ((nodes + 1) / 2)).reduce((sum, n) => sum + n, 0)).toBe(weight);
    expect(new Set(drawn.filter((_, i) => i % 2 === 0)).size).toBe(256);
  });

  test("two classes parted by one feature make one split, midway in the gap", () => {
    const kernels = twinKernels();
    const bins = kernels.uint8(4);
    bins.set([10, 12, 20, 21]);
    const drawn = kernels.int32(8);
    drawn.set([0, 256, 1, 256, 2, 257, 3, 257]);
    const tree = kernels.int32(3 * 7);
    const leaves = kernels.int32(8);
    const gains = kernels.float64(1);
    const scratch = kernels.int32(treeScratch(1, 2, 4));
    expect(kernels.growTree(bins, 4, 1, 2, drawn, 4, 1, 1, 9, 1, scratch, tree, leaves, gains)).toBe(3);
    // The gap runs from bin 12 to bin 20: (12 + 19) >> 1.
    expect([...tree.subarray(0, 3)]).toEqual([0, 15, 1]);
    expect([tree[3], tree[6]]).toEqual([-1, -1]);
    const [left, right] = [tree[5], tree[8]].map((leaf) => [...leaves.subarray(2 * leaf, 2 * leaf + 2)]);
    expect({ left, right }).toEqual({ left: [2, 0], right: [0, 2] });
    // Σ impurity·weight falls from 4·(1 − 2·¼) = 2 to 0.
    expect(gains[0]).toBe(2);
  });
});

test.each(counts)("voteOutOfBag: SIMD counts the votes of %i rows as the twin does", (count) => {
  const rows = 300;
  const classes = 3;
  const [twin, simd] = both((kernels) => {
    const grown = grow(kernels, rows, classes, 1, 2 ** 30);
    const tree = kernels.int32(grown.tree.length);
    tree.set(grown.tree);
    const list = kernels.int32(count);
    for (let i = 0; i < count; i++) list[i] = (2 * i) % rows;
    const ballots = kernels.int32(grown.counts.length);
    ballots.set(grown.counts);
    const votes = kernels.int32(rows * classes);
    votes.fill(5);
    kernels.voteOutOfBag(grown.bins, rows, classes, list, count, tree, ballots, votes);
    return [...votes];
  });
  expect(simd).toEqual(twin);
  // Only even rows are listed: the others have no vote.
  expect(twin.slice(3, 6)).toEqual([5, 5, 5]);
  if (count > 0) expect(twin.slice(0, 3)).not.toEqual([5, 5, 5]);
});

/** Scores with NaN, both infinities and values that are thresholds among them. */
function scoresWith(kernels: Kernels, length: number, thresholds: Float32Array) {
  const stream = random(length);
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, ...thresholds.slice(0, 9)];
  const scores = kernels.float32(length);
  for (let i = 0; i < length; i++) {
    scores[i] = i % 7 === 6 ? special[stream.integer(special.length)] : 2 * stream.uniform() - 1;
  }
  return scores;
}

test.each([
  [0, 1],
  [1, 2],
  [6, 8],
  [7, 8],
  [200, 256],
])("rankScores counts the thresholds below a score; NaN is above all of %i", (length, places) => {
  const stream = random(length);
  const sorted = Float32Array.from({ length }, () => 2 * stream.uniform() - 1).sort();
  const thresholds = new Float32Array(3 + places).fill(Number.POSITIVE_INFINITY);
  thresholds.set(sorted, 3);
  const scores = scoresWith(twinKernels(), 2 * 300, sorted);
  const ranks = new Uint16Array(300);
  rankScores(scores, 300, 2, Int32Array.of(1, 3, places), 1, thresholds, ranks);
  for (let row = 0; row < 300; row++) {
    const score = scores[2 * row + 1];
    if (Number.isNaN(score)) expect(ranks[row]).toBe(places - 1);
    else expect(ranks[row]).toBe(sorted.filter((t) => t < score).length);
  }
});

/** A forest of three trees, one of them a bare leaf, laid out as `predictForest` wants it. */
function predict(kernels: Kernels, count: number, classes: number, features: number) {
  const width = (classes + 3) & ~3;
  // Tree 0 at 0, tree 1 at 5 (a leaf alone), tree 2 at 6. One column a feature, the thresholds the same for all.
  const starts = kernels.int32(3);
  starts.set([0, 5, 6]);
  const nodes = kernels.int32(2 * 9);
  const leaf = kernels.int32(9);
  const put = (at: number, feature: number, rank: number, left: number, row: number) => {
    nodes[2 * at] = (feature << 21) | rank;
    nodes[2 * at + 1] = left;
    leaf[at] = row;
  };
  put(0, features - 1, 2, 1, 0);
  put(1, 0, 0, 3, 0);
  put(2, 0, LEAF_RANK, 2, 0);
  put(3, 0, LEAF_RANK, 3, 1);
  put(4, 0, LEAF_RANK, 4, 2);
  put(5, 0, LEAF_RANK, 0, 1);
  put(6, 0, 1, 1, 0);
  put(7, 0, LEAF_RANK, 1, 2);
  put(8, 0, LEAF_RANK, 2, 3);
  const distributions = kernels.float32(4 * width);
  for (let row = 0; row < 4; row++) {
    for (let k = 0; k < classes; k++) distributions[row * width + k] = ((row + k) % 5) / 7;
  }
  const thresholds = kernels.float32(4);
  thresholds.set([-0.5, 0, 0.25, Number.POSITIVE_INFINITY]);
  const columns = kernels.int32(3 * features);
  for (let feature = 0; feature < features; feature++) columns.set([feature, 0, 4], 3 * feature);
  const scores = scoresWith(kernels, count * features, thresholds);
  const out = kernels.float32(count * classes);
  // What was there before must not show.
  out.fill(9);
  const scratch = kernels.float32(forestScratch(features, classes));
  kernels.predictForest(
    nodes,
    leaf,
    starts,
    3,
    distributions,
    classes,
    columns,
    features,
    thresholds,
    scores,
    count,
    features,
    scratch,
    out,
  );
  return [...out];
}

describe("predictForest", () => {
  test.each(counts)("SIMD predicts %i rows as the twin does, to the bit, NaN scores too", (count) => {
    const [twin, simd] = both((kernels) => predict(kernels, count, 3, 4));
    expect(simd).toEqual(twin);
    expect(twin.length).toBe(3 * count);
  });

  test.each(Array.from({ length: 17 }, (_, n) => n + 1))("SIMD predicts %i classes as the twin does", (classes) => {
    const [twin, simd] = both((kernels) => predict(kernels, 21, classes, 2));
    expect(simd).toEqual(twin);
  });

  test("columns beyond the 1024th, whose number fills the sign bit, are read", () => {
    const [twin, simd] = both((kernels) => predict(kernels, 40, 2, 2048));
    expect(simd).toEqual(twin);
    // Rows must fall on both sides of the split on column 2047.
    expect(new Set(twin).size).toBeGreaterThan(2);
  });
});

describe("addMoments", () => {
  test.each([...Array.from({ length: 18 }, (_, n) => n), 127, 128])(
    "SIMD sums %i rows as the twin does, to the bit",
    (rows) => {
      const bands = rows % 18;
      const side = (bands + 7) & ~7;
      const [twin, simd] = both((kernels) => {
        const stream = random(rows);
        const values = kernels.float32(rows * bands);
        for (let i = 0; i < values.length; i++) values[i] = stream.normal();
        const centre = kernels.float32(bands);
        for (let band = 0; band < bands; band++) centre[band] = stream.normal();
        // What an earlier block left in the scratch must not come back.
        const scratch = kernels.float32(side * 128).fill(Number.NaN);
        const sum = kernels.float64(side);
        const cross = kernels.float64(side * side);
        // Twice: the second adds to the first.
        kernels.addMoments(values, rows, bands, centre, scratch, sum, cross);
        kernels.addMoments(values, rows, bands, centre, scratch, sum, cross);
        return { sum: [...sum], cross: [...cross] };
      });
      expect(simd).toEqual(twin);
      if (rows % 18 > 0) expect(twin.cross[0]).toBeGreaterThan(0);
    },
  );
});

function projected(kernels: Kernels, count: number, bands: number, components: number) {
  const width = (components + 3) & ~3;
  const stream = random(`${count} ${bands} ${components}`);
  const fill = (array: Float32Array) => {
    for (let i = 0; i < array.length; i++) array[i] = stream.normal();
    return array;
  };
  const values = fill(kernels.float32(count * bands));
  if (count > 2 && bands > 0) values[bands] = Number.NaN;
  const mean = kernels.float32(bands + 3);
  fill(mean.subarray(0, bands));
  const loadings = kernels.float32(Math.ceil(bands / 64) * 64 * width);
  for (let band = 0; band < bands; band++) fill(loadings.subarray(band * width, band * width + components));
  const scratch = kernels.float32(4 * 64 + 8 * (width + 1));
  const out = kernels.float32(count * components);
  const squares = kernels.float64(count);
  kernels.project(values, count, bands, mean, loadings, components, scratch, out, squares);
  return { out: [...out], squares: [...squares] };
}

describe("project", () => {
  test.each([...counts, 63, 64, 65])("SIMD projects spectra of %i bands as the twin does, to the bit", (bands) => {
    const [twin, simd] = both((kernels) => projected(kernels, 5, bands, 3));
    expect(simd).toEqual(twin);
    // The second spectrum starts with NaN, and is alone with it.
    expect(twin.squares.map(Number.isNaN)).toEqual([false, bands > 0, false, false, false]);
  });

  test.each(Array.from({ length: 18 }, (_, n) => n))("SIMD projects %i spectra as the twin does", (count) => {
    const [twin, simd] = both((kernels) => projected(kernels, count, 70, 5));
    expect(simd).toEqual(twin);
  });

  test.each(Array.from({ length: 29 }, (_, n) => n + 1))("SIMD projects on %i components as the twin does", (n) => {
    const [twin, simd] = both((kernels) => projected(kernels, 6, 67, n));
    expect(simd).toEqual(twin);
  });
});
