import { describe, expect, test } from "vitest";
import { random } from "#cube/random";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { treeScratch } from "#kernels/twin/grow-tree";
import { forestScratch } from "#kernels/twin/predict-forest";
import { twinKernels } from "#kernels/twin-kernels";

/** Around nothing, around the lane counts, and around the 256 rows of a block. */
const counts = [...Array.from({ length: 18 }, (_, n) => n), 255, 256, 257];

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

/** A forest of three trees, one of them a bare leaf, laid out as `predictForest` wants it. */
function predict(kernels: Kernels, count: number, classes: number, features: number) {
  const width = (classes + 3) & ~3;
  // Places: tree 0 at 0, tree 1 at 6 (a leaf alone), tree 2 at 8; one empty place before each root.
  const starts = kernels.int32(3);
  starts.set([0, 6, 8]);
  const nodes = kernels.int32(2 * 12);
  const leaf = kernels.int32(12);
  const thresholds = new Float32Array(nodes.buffer, nodes.byteOffset, nodes.length);
  const put = (at: number, feature: number, threshold: number, left: number, row: number) => {
    thresholds[2 * at] = threshold;
    nodes[2 * at + 1] = (feature << 24) | left;
    leaf[at] = row;
  };
  put(1, features - 1, 0.25, 2, 0);
  put(2, 0, -0.5, 4, 0);
  put(3, 0, Number.NaN, 2, 0);
  put(4, 0, Number.NaN, 3, 1);
  put(5, 0, Number.NaN, 4, 2);
  put(7, 0, Number.NaN, 0, 1);
  put(9, 0, 0, 2, 0);
  put(10, 0, Number.NaN, 1, 2);
  put(11, 0, Number.NaN, 2, 3);
  const distributions = kernels.float32(4 * width);
  for (let row = 0; row < 4; row++) {
    for (let k = 0; k < classes; k++) distributions[row * width + k] = ((row + k) % 5) / 7;
  }
  const stream = random(count);
  const scores = kernels.float32(count * features);
  for (let i = 0; i < scores.length; i++) scores[i] = i % 31 === 30 ? Number.NaN : 2 * stream.uniform() - 1;
  const out = kernels.float32(count * classes);
  // What was there before must not show.
  out.fill(9);
  const scratch = kernels.float32(forestScratch(features, classes));
  kernels.predictForest(nodes, leaf, starts, 3, distributions, classes, scores, count, features, scratch, out);
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

  test("features beyond the 128th, whose number fills the sign bit, are read", () => {
    const [twin, simd] = both((kernels) => predict(kernels, 40, 2, 256));
    expect(simd).toEqual(twin);
    // Rows must fall on both sides of the split on feature 255.
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
