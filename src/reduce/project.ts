import { SpectraError } from "../cube/errors.js";
import type { Pca } from "../cube/pca.js";
import type { Scores, Spectra } from "../cube/spectra.js";
import type { Kernels } from "../kernels/kernels.js";
import { PROJECT_RUN } from "../kernels/twin/project.js";

/**
 * Projection made ready for one model: `values[row * bands + band]` to `scores[row * components + component]`, and the
 * squared distance of each spectrum from the mean into `squares`. All three must come from the room of the kernels.
 */
export type Projector = (values: Float32Array, count: number, scores: Float32Array, squares: Float64Array) => void;

/** Lay a model out for the kernels: loadings in float32, band by band. */
export function prepareProjection(pca: Pca, kernels: Kernels): Projector {
  const { bands, components } = pca;
  const width = (components + 3) & ~3;
  const mean = kernels.float32(bands + 3);
  mean.set(pca.mean);
  const loadings = kernels.float32(Math.ceil(bands / PROJECT_RUN) * PROJECT_RUN * width);
  for (let component = 0; component < components; component++) {
    for (let band = 0; band < bands; band++) {
      loadings[band * width + component] = pca.loadings[component * bands + band];
    }
  }
  const scratch = kernels.float32(4 * PROJECT_RUN + 8 * (width + 1));
  return (values, count, scores, squares) =>
    kernels.project(values, count, bands, mean, loadings, components, scratch, scores, squares);
}

/**
 * Scores of spectra on the principal axes, (x − mean)·loadingsᵀ; a spectrum with NaN gets NaN scores and touches no other.
 * For one array at a time; a stream of tiles uses `prepareProjection`. `squares` is |x − mean|², for `distances`.
 */
export function project(
  spectra: Spectra,
  pca: Pca,
  { kernels }: { kernels: Kernels },
): Scores & { squares: Float64Array } {
  const { count, bands } = spectra;
  if (bands !== pca.bands) {
    throw new SpectraError(
      "shape",
      "reduce",
      `the model has ${pca.bands} bands, the spectra ${bands}; use the steps of the model's pipeline`,
    );
  }
  const values = kernels.float32(count * bands);
  values.set(spectra.values);
  const scores = kernels.float32(count * pca.components);
  const squares = kernels.float64(count);
  prepareProjection(pca, kernels)(values, count, scores, squares);
  return { count, components: pca.components, values: scores, squares };
}
