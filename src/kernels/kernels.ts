/**
 * Where kernels keep their numbers: plain arrays for the twin, one wasm memory for SIMD. What a room gives is zeroed,
 * 16-byte aligned, and lives as long as the room.
 */
export interface Room {
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
  int32(length: number): Int32Array;
  uint8(length: number): Uint8Array;
}

/**
 * The hot loops, each by one name in two forms: the TypeScript twin, which is the definition, and AssemblyScript SIMD.
 * All arrays given to a kernel must come from its own room. A room serves one job; make another for the next.
 */
export interface Kernels extends Room {
  readonly name: "typescript" | "simd";

  /** Scale each row to unit Euclidean length; a row of length zero stays zero. */
  vectorNorm(values: Float32Array, count: number, bands: number, out: Float32Array): void;

  /** Add the sums and the products of a block of 128 rows to Float64 moments; see `twin/add-moments.ts` for the layout. */
  addMoments(block: Float32Array, panels: number, sum: Float64Array, cross: Float64Array): void;

  /** Scores of each row on the principal axes, and |x − mean|²; see `twin/project.ts` for the layout. */
  project(
    values: Float32Array,
    count: number,
    bands: number,
    mean: Float32Array,
    loadings: Float32Array,
    components: number,
    scratch: Float32Array,
    out: Float32Array,
    squares: Float64Array,
  ): void;

  /** Grow one tree on binned features and give the number of its nodes; see `twin/grow-tree.ts` for the layout. */
  growTree(
    bins: Uint8Array,
    rows: number,
    features: number,
    classes: number,
    drawn: Int32Array,
    count: number,
    tried: number,
    minLeaf: number,
    maxDepth: number,
    seed: number,
    scratch: Int32Array,
    tree: Int32Array,
    counts: Int32Array,
    importances: Float64Array,
  ): number;

  /** Add the votes of one tree for the rows it did not see; see `twin/vote-out-of-bag.ts` for the layout. */
  voteOutOfBag(
    bins: Uint8Array,
    rows: number,
    classes: number,
    list: Int32Array,
    count: number,
    tree: Int32Array,
    ballots: Int32Array,
    votes: Int32Array,
  ): void;

  /** Mean leaf distribution over the trees of a forest, a row at a time; see `twin/predict-forest.ts` for the layout. */
  predictForest(
    nodes: Int32Array,
    leaf: Int32Array,
    starts: Int32Array,
    trees: number,
    distributions: Float32Array,
    classes: number,
    scores: Float32Array,
    count: number,
    features: number,
    scratch: Float32Array,
    out: Float32Array,
  ): void;
}
