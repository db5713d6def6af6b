import { assembleForest } from "../classify/assemble-forest.js";
import { binFeatures } from "../classify/bins.js";
import type { ForestOptions } from "../classify/forest-options.js";
import type { Training } from "../classify/training.js";
import type { TreeRange } from "../classify/tree.js";
import type { Forest } from "../cube/forest.js";
import { type Crew, inOrder } from "./crew.js";
import type { RunOptions } from "./progress.js";
import { share } from "./share.js";

/** Fit a forest a few trees a job. The training and its bins stand in shared memory, so that no job copies them. */
export async function growForest(
  given: Training,
  options: ForestOptions,
  crew: Crew,
  run: RunOptions,
): Promise<Forest> {
  const training = share(given);
  const total = options.trees ?? 100;
  const step = Math.max(1, Math.ceil(total / (crew.size * 8)));
  const binned = share(binFeatures(training));
  const jobs = Array.from({ length: Math.ceil(total / step) }, (_, i) => ({
    training,
    binned,
    options,
    from: i * step,
    to: Math.min(total, (i + 1) * step),
  }));
  const ranges: TreeRange[] = [];
  await inOrder(crew, "growTrees", jobs, (range, index) => {
    ranges.push(range);
    run.onProgress?.({ stage: "fit the forest", done: jobs[index].to, total, unit: "trees" });
  });
  return assembleForest(ranges, training);
}
