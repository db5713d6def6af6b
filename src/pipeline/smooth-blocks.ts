import type { Cube } from "../cube/cube.js";
import type { Model } from "../cube/model.js";
import { smooth } from "../stain/smooth.js";
import { openOverview, thinRows } from "./overview.js";
import type { StainedRows } from "./stain-rows.js";

/** The blocks of a whole map after smoothing as the pipeline says. A thinned amide I image guides each pixel by its nearest. */
export function smoothBlocks(blocks: readonly StainedRows[], cube: Cube, model: Model, thin: number): StainedRows[] {
  const whole = openOverview(cube, model, 1);
  const pictures = openOverview(cube, model, thin);
  for (const block of blocks) {
    pictures.add(thinRows(block, cube.cols, thin));
    // The whole map needs no chemical planes; with none given they stay empty.
    whole.add(thinRows({ ...block, chemical: new Float32Array(0) }, cube.cols, 1));
  }
  const [amideI] = pictures.finish().chemical;
  const width = Math.ceil(cube.cols / thin);
  const guide = new Float32Array(cube.rows * cube.cols);
  for (let row = 0; row < cube.rows; row++) {
    for (let col = 0; col < cube.cols; col++) {
      guide[row * cube.cols + col] = amideI[Math.floor(row / thin) * width + Math.floor(col / thin)];
    }
  }
  const { classes, probabilities, rejected } = smooth(whole.finish().map, model.pipeline.stain, guide);
  const size = model.labels.length;
  return blocks.map((block) => {
    const [start, end] = [block.row * cube.cols, (block.row + block.rows) * cube.cols];
    return {
      ...block,
      classes: classes.slice(start, end),
      probabilities: probabilities.slice(start * size, end * size),
      rejected: rejected.slice(start, end),
    };
  });
}
