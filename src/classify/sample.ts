import { random } from "../cube/random.js";

/**
 * Choose training rows: at most `pixelsPerClass` of every class, shared evenly among the patients that have it.
 *
 * A patient with fewer pixels than its share gives all it has and the others share the rest (water-filling); when a
 * share does not divide, the pixels left over go one each to patients drawn by the seed. Which rows are drawn depends
 * only on the seed, the class, the patient and the order of that patient's rows of that class, not on what else is there
 * or how it was read. Row numbers in ascending order.
 */
export function sampleRows(rows: {
  readonly truth: ArrayLike<number>;
  readonly patient: ArrayLike<number>;
  readonly pixelsPerClass: number;
  readonly seed: number | string;
  /** The rows to choose from; all if not given. */
  readonly among?: ArrayLike<number>;
}): Int32Array {
  const { truth, patient, pixelsPerClass, seed, among } = rows;
  const count = (among ?? truth).length;
  const rowAt = (i: number) => (among ? among[i] : i);
  const sizes = new Map<number, Map<number, number>>();
  for (let i = 0; i < count; i++) addToGroup(sizes, truth[rowAt(i)], patient[rowAt(i)], 1);
  const chosen = sampleGroups(sizes, pixelsPerClass, seed);
  const cursors = new Map(
    [...chosen].map(([k, of]) => [k, new Map([...of].map(([id, places]) => [id, cursor(places)]))]),
  );
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (cursors.get(truth[row])?.get(patient[row])?.()) found.push(row);
  }
  return Int32Array.from(found).sort();
}

/** Rows by class and patient. */
export type GroupSizes = ReadonlyMap<number, ReadonlyMap<number, number>>;

export function addToGroup(sizes: Map<number, Map<number, number>>, k: number, patient: number, rows: number): void {
  const ofClass = sizes.get(k) ?? new Map<number, number>();
  sizes.set(k, ofClass);
  ofClass.set(patient, (ofClass.get(patient) ?? 0) + rows);
}

/**
 * The same choice where only the sizes of the groups are known: which rows of each class and patient, by their number among the rows of
 * that class and patient, ascending. Nothing is held but what is chosen.
 */
export function sampleGroups(
  sizes: GroupSizes,
  pixelsPerClass: number,
  seed: number | string,
): Map<number, Map<number, Int32Array>> {
  const stream = random(seed).fork("sample");
  const chosen = new Map<number, Map<number, Int32Array>>();
  for (const [k, ofClass] of sizes) {
    const patients = [...ofClass.keys()].sort((a, b) => a - b);
    const most = patients.map((id) => ofClass.get(id)!);
    const shares = shareEvenly(most, pixelsPerClass, stream.fork(`class ${k}`).integer);
    const places = new Map<number, Int32Array>();
    for (const [p, id] of patients.entries()) {
      const draw = stream.fork(`class ${k} patient ${id}`);
      places.set(id, drawn(shares[p], most[p], draw.integer).sort());
    }
    chosen.set(k, places);
  }
  return chosen;
}

/** So many of the numbers below `from`, without replacement. */
function drawn(share: number, from: number, integer: (n: number) => number): Int32Array {
  // Fisher and Yates, stopped after the share: the first places hold the draw. Only places that were exchanged are kept.
  const moved = new Map<number, number>();
  const at = (place: number) => moved.get(place) ?? place;
  return Int32Array.from({ length: share }, (_, i) => {
    const j = i + integer(from - i);
    const taken = at(j);
    moved.set(j, at(i));
    moved.delete(i);
    return taken;
  });
}

/** Tells of one row of a group after another whether it is among the places, which ascend. */
export function cursor(places: ArrayLike<number>): () => boolean {
  let seen = 0;
  let next = 0;
  return () => {
    const chosen = next < places.length && places[next] === seen++;
    if (chosen) next++;
    return chosen;
  };
}

/**
 * Share `total` among vessels of the given sizes so that the smallest share is as large as can be; what does not divide
 * goes one each to vessels picked by `integer(n)`.
 */
function shareEvenly(sizes: readonly number[], total: number, integer: (n: number) => number): number[] {
  const shares = sizes.map(() => 0);
  let open = [...sizes.keys()];
  let left = Math.min(
    Math.floor(total),
    sizes.reduce((sum, n) => sum + n, 0),
  );
  while (left >= open.length && open.length > 0) {
    const level = Math.floor(left / open.length);
    for (const p of open) {
      const more = Math.min(level, sizes[p] - shares[p]);
      shares[p] += more;
      left -= more;
    }
    open = open.filter((p) => shares[p] < sizes[p]);
  }
  for (; left > 0; left--) shares[open.splice(integer(open.length), 1)[0]]++;
  return shares;
}
