import { Matrix } from "ml-matrix";
import { PCA } from "ml-pca";
import type { Instances } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import type { MilSpec, Preparation } from "../cube/mil.js";

/** The rows of an instance matrix that belong to some bags, bag after bag. */
export function rowsOf({ first }: Pick<Instances, "first">, bags: readonly number[]): Int32Array {
  const count = bags.reduce((sum, bag) => sum + first[bag + 1] - first[bag], 0);
  const rows = new Int32Array(count);
  let at = 0;
  for (const bag of bags) for (let row = first[bag]; row < first[bag + 1]; row++) rows[at++] = row;
  return rows;
}

/**
 * Learn from the training bags how patches are fed to a network: the mean and standard deviation of every feature (of every channel,
 * for pixels), and as many principal components of the scaled features as the spec asks for. A feature that does not vary is only
 * centred; one that is not a number somewhere is refused.
 */
export function fitPreparation(instances: Instances, bags: readonly number[], spec: MilSpec): Preparation {
  const rows = rowsOf(instances, bags);
  if (!rows.length) throw new SpectraError("shape", "diagnose", "the training bags hold no patch");
  const { values, width, each } = matrixOf(instances, spec);
  const mean = new Float64Array(width);
  const sd = new Float64Array(width);
  const count = rows.length * each;
  for (const row of rows) {
    for (let i = 0, at = row * each * width; i < each; i++) for (let f = 0; f < width; f++) mean[f] += values[at++];
  }
  for (let f = 0; f < width; f++) mean[f] /= count;
  for (const row of rows) {
    for (let i = 0, at = row * each * width; i < each; i++) {
      for (let f = 0; f < width; f++) sd[f] += (values[at++] - mean[f]) ** 2;
    }
  }
  const broken = mean.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    const name = spec.encoder === "features" ? instances.featureNames[broken] : instances.images!.channelNames[broken];
    throw new SpectraError(
      "range",
      "diagnose",
      `${name} of a training patch is NaN or infinite: nothing can be learned from it; leave out such patches, or this feature`,
    );
  }
  // Rounding alone leaves a constant feature a spread of some 10⁻⁸ of its size: scaled by that it would be noise.
  for (let f = 0; f < width; f++) {
    const deviation = Math.sqrt(sd[f] / count);
    sd[f] = deviation > 1e-6 * Math.abs(mean[f]) ? deviation : 1;
  }
  if (!spec.components || spec.encoder !== "features") return { mean, sd };
  const components = Math.min(spec.components, width, rows.length - 1);
  const scaled = new Matrix(rows.length, width);
  for (const [r, row] of rows.entries()) {
    for (let f = 0; f < width; f++) scaled.set(r, f, (values[row * width + f] - mean[f]) / sd[f]);
  }
  const vectors = new PCA(scaled, { center: true, scale: false }).getLoadings();
  const loadings = new Float64Array(components * width);
  for (let c = 0; c < components; c++) {
    const vector = vectors.getRow(c);
    // A component has no sign of its own: its largest weight is made positive.
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    for (let f = 0; f < width; f++) loadings[c * width + f] = largest < 0 ? -vector[f] : vector[f];
  }
  return { mean, sd, loadings };
}

/** Patches as a network is fed with them, row after row. */
export interface Prepared {
  readonly values: Float32Array;
  /** Of one patch: `[features]`, or `[size, size, channels]`. */
  readonly shape: readonly number[];
}

/** Numbers of one patch. */
export function lengthOf({ shape }: Prepared): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Scale some patches as was learned from the training bags, or each by its own mean and spread. */
export function prepareRows(
  instances: Instances,
  rows: Int32Array,
  { mean, sd, loadings }: Preparation,
  spec: MilSpec,
): Prepared {
  const { values, width, each, size } = matrixOf(instances, spec);
  const length = each * width;
  const out = new Float32Array(rows.length * length);
  const own = spec.scaling === "instance" && spec.encoder !== "features";
  for (const [r, row] of rows.entries()) {
    const from = row * length;
    const [centre, spread] = own ? spreadOf(values.subarray(from, from + length), width) : [mean, sd];
    for (let i = 0; i < length; i++) out[r * length + i] = (values[from + i] - centre[i % width]) / spread[i % width];
  }
  if (spec.encoder !== "features") return { values: out, shape: [size, size, width] };
  if (!loadings) return { values: out, shape: [width] };
  const components = loadings.length / width;
  const scores = new Float32Array(rows.length * components);
  for (let r = 0; r < rows.length; r++) {
    for (let c = 0; c < components; c++) {
      let sum = 0;
      for (let f = 0; f < width; f++) sum += loadings[c * width + f] * out[r * width + f];
      scores[r * components + c] = sum;
    }
  }
  return { values: scores, shape: [components] };
}

function matrixOf({ features, featureNames, images }: Instances, { encoder }: MilSpec) {
  if (encoder === "features") return { values: features, width: featureNames.length, each: 1, size: 1 };
  if (!images) {
    throw new SpectraError(
      "shape",
      "diagnose",
      `the encoder ${encoder} looks at pixels, and the bags hold none; make them with: spectrastain bags … --pixels 32`,
    );
  }
  return { values: images.values, width: images.channels, each: images.size ** 2, size: images.size };
}

function spreadOf(values: Float32Array, width: number): [mean: Float64Array, sd: Float64Array] {
  const mean = new Float64Array(width);
  const sd = new Float64Array(width);
  const count = values.length / width;
  for (let i = 0; i < values.length; i++) mean[i % width] += values[i] / count;
  for (let i = 0; i < values.length; i++) sd[i % width] += (values[i] - mean[i % width]) ** 2 / count;
  return [mean, sd.map((variance) => Math.sqrt(variance) || 1)];
}
