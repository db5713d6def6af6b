/** bins: features × rows u8; list: count i32; tree: (feature, bin, left) i32 a node; ballots, votes: … × classes i32. */
export function voteOutOfBag(
  bins: usize,
  rows: i32,
  classes: i32,
  list: usize,
  count: i32,
  tree: usize,
  ballots: usize,
  votes: usize,
): void {
  const side = (<usize>classes) << 2;
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(list + ((<usize>i) << 2));
    let here = tree;
    for (let feature = load<i32>(here); feature >= 0; feature = load<i32>(here)) {
      const right = <i32>load<u8>(bins + <usize>feature * rows + row) > load<i32>(here, 4);
      here = tree + <usize>(load<i32>(here, 8) + <i32>right) * 12;
    }
    const from = ballots + <usize>load<i32>(here, 8) * side;
    const to = votes + row * side;
    for (let k: usize = 0; k < side; k += 4) store<i32>(to + k, load<i32>(to + k) + load<i32>(from + k));
  }
}
