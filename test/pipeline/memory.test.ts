import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Model } from "#cube/model";
import { openTally } from "#pipeline/score-labels";
import { openSmoothing } from "#pipeline/smooth-blocks";
import type { StainedRows } from "#pipeline/stain-rows";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const modelWith = (smoothing: string) =>
  ({
    labels: Uint8Array.of(1, 2, 3),
    classNames: ["", "a", "b", "c"],
    pipeline: { stain: { smoothing, threshold: 0.3 } },
  }) as unknown as Model;

test("the scores of 40 parts of 100,000 labelled pixels leave no more behind than those of 4", async () => {
  /** What is not held any more is swept beside the program: that has to have ended before it is measured. */
  const sweep = async () => {
    for (let time = 0; time < 3; time++) {
      collect();
      await new Promise((later) => setTimeout(later, 20));
    }
  };
  const held = async (parts: number) => {
    await sweep();
    const before = process.memoryUsage().arrayBuffers;
    const tally = openTally(modelWith("none"), parts * 100_000, 1000);
    for (let part = 0; part < parts; part++) {
      const scores = new Float32Array(300_000).fill(1 / 3);
      tally.add({ labelled: 100_000, right: 1, truth: new Uint8Array(100_000), scores });
    }
    await sweep();
    const after = process.memoryUsage().arrayBuffers;
    expect(tally.finish()?.labelledPixels).toBe(parts * 100_000);
    return after - before;
  };
  // 40 parts are 52 MB; held is what the bins take, 5 MB.
  expect(await held(40)).toBeLessThan((await held(4)) + 5e6);
});

for (const smoothing of ["majority", "guided"]) {
  test(`${smoothing} gives a row when the rows that it sees have come, not when the map has ended`, () => {
    const [rows, cols, height] = [400, 10, 5];
    let came = 0;
    function* blocks(): Generator<StainedRows> {
      came = 0;
      for (let row = 0; row < rows; row += height) {
        came = row + height;
        const pixels = height * cols;
        yield {
          row,
          rows: height,
          classes: new Uint8Array(pixels).fill(1),
          probabilities: new Float32Array(3 * pixels).fill(1 / 3),
          rejected: new Uint8Array(pixels),
          chemical: new Float32Array(4 * pixels),
        };
      }
    }
    const map = { rows, cols } as never;
    let given = 0;
    let ahead = 0;
    for (const block of openSmoothing(blocks, map, modelWith(smoothing), 1).blocks(height)) {
      given += block.rows;
      ahead = Math.max(ahead, came - given);
    }
    expect(given).toBe(rows);
    // A guided pixel sees 4 rows down, the fits of windows that see 2 rows down; then a block is filled.
    expect(ahead).toBeLessThanOrEqual(height);
  });
}
