import type { StainMap } from "../cube/stain-map.js";
import { type MapRow, mapFrom, mapRows } from "./map-rows.js";

/**
 * Give every kept pixel the class that most kept pixels of its 3 × 3 neighbourhood have, itself among them; where two classes are
 * equally many, the pixel keeps its own. At the edges the neighbourhood is what lies inside the map.
 * Probabilities and rejected pixels stay as they were, so that a probability is always what the classifier said.
 */
export function majority(map: StainMap): StainMap {
  const { cols, labels, probabilities, rejected } = map;
  const rows = majorityRows(mapRows([map], cols, labels.length), cols);
  return { ...mapFrom(map, rows), probabilities, rejected };
}

/** The same of rows that come one after another from the top; three are held. */
export function* majorityRows(rows: Iterable<MapRow>, cols: number): Generator<MapRow> {
  const votes = new Uint8Array(256);
  let above: MapRow | undefined;
  let row: MapRow | undefined;
  for (const below of rows) {
    if (row) yield { ...row, classes: voted([above, row, below], row, cols, votes) };
    [above, row] = [row, below];
  }
  if (row) yield { ...row, classes: voted([above, row], row, cols, votes) };
}

function voted(
  around: readonly (MapRow | undefined)[],
  { classes, rejected }: MapRow,
  cols: number,
  votes: Uint8Array,
): Uint8Array {
  const near = around.filter((row) => row !== undefined);
  const smoothed = classes.slice();
  for (let col = 0; col < cols; col++) {
    if (rejected[col] !== 0) continue;
    const left = Math.max(col - 1, 0);
    const right = Math.min(col + 1, cols - 1);
    let winner = 0;
    let most = 0;
    let tied = false;
    for (const row of near) {
      for (let i = left; i <= right; i++) {
        if (row.rejected[i] !== 0) continue;
        const label = row.classes[i];
        const count = ++votes[label];
        if (count > most) {
          most = count;
          winner = label;
          tied = false;
        } else if (count === most) tied = true;
      }
    }
    if (!tied) smoothed[col] = winner;
    for (const row of near) for (let i = left; i <= right; i++) votes[row.classes[i]] = 0;
  }
  return smoothed;
}
