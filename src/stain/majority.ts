import type { StainMap } from "../cube/stain-map.js";

/**
 * Give every kept pixel the class that most kept pixels of its 3 × 3 neighbourhood have, itself among them; where two classes are
 * equally many, the pixel keeps its own. At the edges the neighbourhood is what lies inside the map.
 * Probabilities and rejected pixels stay as they were, so that a probability is always what the classifier said.
 */
export function majority(map: StainMap): StainMap {
  const { rows, cols, classes, rejected } = map;
  const smoothed = classes.slice();
  const votes = new Uint8Array(256);
  for (let row = 0; row < rows; row++) {
    const top = Math.max(row - 1, 0);
    const bottom = Math.min(row + 1, rows - 1);
    for (let col = 0; col < cols; col++) {
      const pixel = row * cols + col;
      if (rejected[pixel] !== 0) continue;
      const left = Math.max(col - 1, 0);
      const right = Math.min(col + 1, cols - 1);
      let winner = 0;
      let most = 0;
      let tied = false;
      for (let y = top; y <= bottom; y++) {
        for (let i = y * cols + left; i <= y * cols + right; i++) {
          if (rejected[i] !== 0) continue;
          const label = classes[i];
          const count = ++votes[label];
          if (count > most) {
            most = count;
            winner = label;
            tied = false;
          } else if (count === most) tied = true;
        }
      }
      if (!tied) smoothed[pixel] = winner;
      for (let y = top; y <= bottom; y++) {
        for (let i = y * cols + left; i <= y * cols + right; i++) votes[classes[i]] = 0;
      }
    }
  }
  return { ...map, classes: smoothed };
}
