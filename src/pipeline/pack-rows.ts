import type { Cube } from "../cube/cube.js";
import type { Model } from "../cube/model.js";
import type { ReadyChunk } from "../hdf5/attach-chunks.js";
import { addToComposition, type CompositionCounts, openComposition } from "../stain/composition.js";
import { deflateStrips, type StainShape } from "../stain/write-stain.js";
import { type ThinnedRows, thinRows } from "./overview.js";
import { type LabelScores, scoreLabels } from "./score-labels.js";
import type { StainedRows } from "./stain-rows.js";

/** All that a finished stain needs of some of its rows, ready for its files: about three bytes a pixel when nothing is drawn. */
export interface PackedRows {
  readonly row: number;
  readonly rows: number;
  readonly chunks: readonly ReadyChunk[];
  readonly counts: CompositionCounts;
  readonly scores?: LabelScores;
  /** For polygons, when they are wanted. */
  readonly classes?: Uint8Array;
  /** For pictures, when they are wanted. */
  readonly thinned?: ThinnedRows;
}

export interface Packing {
  /** How probabilities are stored. */
  readonly probabilities: NonNullable<StainShape["probabilities"]>;
  /** Every how many pixels a pixel of the pictures is taken; 0 when nothing is drawn. */
  readonly drawn: number;
  /** Whether polygons are traced, which takes every pixel's class. */
  readonly traced: boolean;
}

/** Count, hold against the labels of these rows, thin and deflate some stained rows: work that need not wait for the rest of the cube. */
export function packRows(
  stained: StainedRows,
  { rows, cols, classNames }: Pick<Cube, "rows" | "cols" | "classNames">,
  model: Model,
  labels: Uint8Array | undefined,
  { probabilities, drawn, traced }: Packing,
): PackedRows {
  const counts = openComposition(model.classNames, model.labels);
  addToComposition(counts, stained.classes, stained.probabilities, stained.rejected);
  return {
    row: stained.row,
    rows: stained.rows,
    chunks: deflateStrips({ rows, cols, labels: model.labels, probabilities }, stained),
    counts,
    ...(labels && { scores: scoreLabels(labels, classNames ?? [], model, stained) }),
    ...(traced && { classes: stained.classes }),
    ...(drawn && { thinned: thinRows(stained, cols, drawn) }),
  };
}
