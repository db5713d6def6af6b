import type { Cube } from "../cube/cube.js";
import type { Model } from "../cube/model.js";
import { type GuidedRow, guidedRows } from "../stain/guided.js";
import { majorityRows } from "../stain/majority.js";
import { type MapRow, mapFrom, mapRows } from "../stain/map-rows.js";
import { rangeStride, robustRange } from "../stain/robust-range.js";
import { openOverview, thinRows } from "./overview.js";
import type { StainedRows } from "./stain-rows.js";

/** A map that is smoothed as its pipeline says while its blocks go by: some rows are held, never the whole. */
export interface Smoothing {
  /** Planes of the chemical pictures, thinned. */
  readonly chemical: readonly Float32Array[];
  /** The smoothed map in blocks of so many rows; without chemical planes. */
  blocks(height: number): Generator<StainedRows>;
}

/**
 * Smooth the blocks of a map, which can be gone through twice: first for the thinned amide I image that guides each pixel by its
 * nearest, then for the map. The same bytes for any height of blocks.
 */
export function openSmoothing(
  blocks: () => Iterable<StainedRows>,
  { rows, cols }: Cube,
  model: Model,
  thin: number,
): Smoothing {
  const size = model.labels.length;
  const { smoothing, threshold } = model.pipeline.stain;
  const pictures = openOverview({ rows, cols }, model, thin);
  const stride = rangeStride(rows * cols);
  const kept = new Uint8Array(Math.ceil((rows * cols) / stride));
  for (const block of blocks()) {
    pictures.add(thinRows(block, cols, thin));
    const first = block.row * cols;
    for (let i = Math.ceil(first / stride); i * stride < first + block.rejected.length; i++) {
      kept[i] = block.rejected[i * stride - first] === 0 ? 1 : 0;
    }
  }
  const { chemical } = pictures.finish();
  const width = Math.ceil(cols / thin);
  const guideAt = (row: number, col: number) => chemical[0][Math.floor(row / thin) * width + Math.floor(col / thin)];

  const rowsOf = () => mapRows(blocks(), cols, size);
  function* withGuide(): Generator<GuidedRow> {
    let at = 0;
    for (const row of rowsOf()) {
      const y = at++;
      yield { ...row, guide: Float32Array.from({ length: cols }, (_, col) => guideAt(y, col)) };
    }
  }
  const smoothed = () => {
    if (smoothing !== "guided") return majorityRows(rowsOf(), cols);
    const seen = Float32Array.from(kept, (of, i) =>
      of ? guideAt(Math.floor((i * stride) / cols), (i * stride) % cols) : Number.NaN,
    );
    return guidedRows(withGuide(), cols, model.labels, robustRange(seen), { threshold });
  };
  return {
    chemical,
    *blocks(height) {
      const waiting: MapRow[] = [];
      let row = 0;
      const block = (): StainedRows => {
        const shape = { rows: waiting.length, cols, classNames: model.classNames, labels: model.labels };
        const { classes, probabilities, rejected } = mapFrom(shape, waiting);
        const made = { row, rows: waiting.length, classes, probabilities, rejected, chemical: new Float32Array(0) };
        row += waiting.length;
        waiting.length = 0;
        return made;
      };
      for (const next of smoothed()) {
        if (waiting.push(next) === height) yield block();
      }
      if (waiting.length) yield block();
    },
  };
}
