import { SpectraError } from "../cube/errors.js";
import type { Forest } from "../cube/forest.js";
import type { Pca } from "../cube/pca.js";

/**
 * Carry the importances of the components back to the bands: each component hands its importance out in proportion to its
 * squared loadings, which are the shares that the bands have in its unit length. One number a band, in the order of
 * `pca.wavenumbers`, summing to 1; all zero for a forest without a single split.
 *
 * The sign of a loading is lost: the curve says where the classifier looks, not in which direction a band moves it. Bands
 * that rise and fall together share what one of them would have alone. It is an importance a band, not a cm-1: where the
 * spacing of the axis changes, so does the height of the curve.
 */
export function importanceByWavenumber(pca: Pca, forest: Forest): Float64Array {
  const { bands, components, loadings } = pca;
  if (forest.features !== components) {
    throw new SpectraError(
      "shape",
      "classify",
      `the forest has ${forest.features} features, the model ${components} components; they must be of one fit`,
    );
  }
  const importance = new Float64Array(bands);
  for (let component = 0; component < components; component++) {
    const of = loadings.subarray(component * bands, (component + 1) * bands);
    // 1 but for the rounding of loadings from elsewhere.
    let length = 0;
    for (const loading of of) length += loading * loading;
    if (length === 0) continue;
    const scale = forest.importances[component] / length;
    for (let band = 0; band < bands; band++) importance[band] += scale * of[band] * of[band];
  }
  return importance;
}
