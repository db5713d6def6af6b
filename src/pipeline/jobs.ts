/**
 * What can be asked of a worker. A job is a pure function of its input, so it may be done anywhere, and again.
 * Each is loaded when it is first asked for: a worker that stains need not load what fits.
 */
export const jobs = {
  bagRows: async () => (await import("./bag-rows.js")).bagRows,
  drawPicture: async () => (await import("./draw-picture.js")).drawPicture,
  gatherCube: async () => (await import("./gather-cube.js")).gatherCube,
  growTrees: async () => (await import("./grow-trees.js")).growTrees,
  judgeFold: async () => (await import("./judge-fold.js")).judgeFold,
  judgeShuffled: async () => (await import("./judge-shuffled.js")).judgeShuffled,
  makeCore: async () => (await import("./make-core.js")).makeCore,
  projectRange: async () => (await import("./project-range.js")).projectRange,
  shuffledStudy: async () => (await import("./shuffled-study.js")).shuffledStudy,
  stainRows: async () => (await import("./stain-rows.js")).stainRows,
  testHead: async () => (await import("./test-head.js")).testHead,
  trainFold: async () => (await import("./train-fold.js")).trainFold,
  sumMoments: async () => (await import("./sum-moments.js")).sumMoments,
};

/** The jobs as the functions that they load. */
export type Jobs = { [J in keyof typeof jobs]: Awaited<ReturnType<(typeof jobs)[J]>> };
