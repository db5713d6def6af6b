/**
 * Send the listed rows down a tree of `growTree` and add what their leaf votes: `votes[row * classes + k]` grows by
 * `ballots[leaf * classes + k]`. Whole numbers, so that votes of many trees may be added in any order.
 */
export function voteOutOfBag(
  bins: Uint8Array,
  rows: number,
  classes: number,
  list: Int32Array,
  count: number,
  tree: Int32Array,
  ballots: Int32Array,
  votes: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = list[i];
    let node = 0;
    while (tree[3 * node] >= 0) {
      node = tree[3 * node + 2] + (bins[tree[3 * node] * rows + row] <= tree[3 * node + 1] ? 0 : 1);
    }
    const leaf = tree[3 * node + 2];
    for (let k = 0; k < classes; k++) votes[row * classes + k] += ballots[leaf * classes + k];
  }
}
