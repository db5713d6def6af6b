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

  /** Divide each row by Σ weights[i] · y[first + i] over `length` bands; NaN where that is not above zero. */
  areaScale(
    values: Float32Array,
    count: number,
    bands: number,
    weights: Float64Array,
    first: number,
    length: number,
    out: Float32Array,
  ): void;

  /** Subtract an asymmetric least-squares baseline; `penalty` is 3 · bands, `scratch` 12 · bands, `iterations` count long. */
  asymmetricBaseline(
    values: Float32Array,
    count: number,
    bands: number,
    penalty: Float64Array,
    asymmetry: number,
    tolerance: number,
    cap: number,
    scratch: Float64Array,
    iterations: Int32Array,
    out: Float32Array,
  ): void;

  /** Put one of four `marks` at each row with the code 0 that fails a check: not finite, constant, saturated, too little in a range. */
  checkSpectra(
    values: Float32Array,
    count: number,
    bands: number,
    stretches: Int32Array,
    stretchCount: number,
    saturated: number,
    weights: Float64Array,
    first: number,
    length: number,
    minimum: number,
    marks: Uint8Array,
    codes: Uint8Array,
  ): void;

  /** Copy stretches of bands, each a first band and a length, one after another. */
  gather(
    values: Float32Array,
    count: number,
    bands: number,
    stretches: Int32Array,
    stretchCount: number,
    outBands: number,
    out: Float32Array,
  ): void;

  /** Subtract straight pieces through the values at `nodes`; `ramp[band]` is 0 at a piece's left node, 1 at its right. */
  linearBaseline(
    values: Float32Array,
    count: number,
    bands: number,
    nodes: Int32Array,
    nodeCount: number,
    ramp: Float32Array,
    out: Float32Array,
  ): void;

  /** Put 4-byte numbers back together whose bytes were sorted: `planes` and `out` are 4 · count. */
  unshuffle(planes: Uint8Array, count: number, out: Uint8Array): void;

  /** Put `code` at each row with a NaN or an infinity whose code is 0. */
  markNotFinite(
    values: Float32Array,
    count: number,
    bands: number,
    stretches: Int32Array,
    stretchCount: number,
    codes: Uint8Array,
    code: number,
  ): void;

  /** Bring each row to run from 0 to 1; a constant row becomes zero. */
  minMax(values: Float32Array, count: number, bands: number, out: Float32Array): void;

  /** Divide each row by its largest value among the bands [first, end); NaN where that is not above zero. */
  peakScale(values: Float32Array, count: number, bands: number, first: number, end: number, out: Float32Array): void;

  /** Subtract the convex hull, lower with `side` 1 and upper with −1; `hull` is scratch of 3 · `bands`. */
  rubberband(
    values: Float32Array,
    count: number,
    bands: number,
    wavenumbers: Float64Array,
    side: number,
    hull: Int32Array,
    out: Float32Array,
  ): void;

  /** Weighted sums over sliding windows; five numbers a run, see the twin. `scratch` is `bands` long. */
  slidingSum(
    values: Float32Array,
    count: number,
    bands: number,
    runs: Int32Array,
    runCount: number,
    weights: Float64Array,
    scratch: Float64Array,
    outBands: number,
    out: Float32Array,
  ): void;

  /** Subtract the mean of each row and divide by its standard deviation; a constant row becomes zero. */
  snv(values: Float32Array, count: number, bands: number, ddof: number, out: Float32Array): void;

  /** Weighted sums of the second differences around each band of [first, end); `weights` is `taps` long, `scratch` bands. */
  sumDifferences(
    values: Float32Array,
    count: number,
    bands: number,
    first: number,
    end: number,
    weights: Float32Array,
    taps: number,
    scratch: Float32Array,
    outFirst: number,
    outBands: number,
    out: Float32Array,
  ): void;

  /** Select bands of chosen rows, subtract straight pieces and scale, a row after another; see `twin/tidy.ts`. */
  tidy(
    values: Float32Array,
    bands: number,
    rows: Int32Array,
    count: number,
    stretches: Int32Array,
    stretchCount: number,
    nodes: Int32Array,
    nodeCount: number,
    ramp: Float32Array,
    scaling: number,
    weights: Float64Array,
    first: number,
    end: number,
    outBands: number,
    out: Float32Array,
  ): void;

  /** Subtract the fit by `curves`, whose amounts are the products with `project`; both curveCount × bands. */
  subtractFit(
    values: Float32Array,
    count: number,
    bands: number,
    project: Float64Array,
    curves: Float64Array,
    curveCount: number,
    amounts: Float64Array,
    out: Float32Array,
  ): void;

  /** Add the sums and the products of up to 64 rows to Float64 moments; see `twin/add-moments.ts` for the layout. */
  addMoments(
    values: Float32Array,
    count: number,
    bands: number,
    centre: Float32Array,
    scratch: Float32Array,
    sum: Float64Array,
    cross: Float64Array,
  ): void;

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
    columns: Int32Array,
    columnCount: number,
    thresholds: Float32Array,
    scores: Float32Array,
    count: number,
    features: number,
    scratch: Float32Array,
    out: Float32Array,
  ): void;
}
