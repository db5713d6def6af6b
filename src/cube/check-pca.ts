import { allFinite, allWithin, type Demand, isAxis } from "./check-values.js";
import type { Pca } from "./pca.js";

/** Whether the parts of a component model belong together, and are numbers. */
export function checkPca(pca: Pca, demand: Demand): void {
  const { bands, components, count, wavenumbers, mean, loadings, variance, totalVariance, residual } = pca;
  demand(components >= 1 && components <= bands && count >= 0, `${components} components of ${bands} bands`);
  demand(isAxis(wavenumbers) && wavenumbers.length === bands, `${wavenumbers.length} wavenumbers for ${bands} bands`);
  demand(mean.length === bands && allFinite(mean), "its mean spectrum is not one number a band");
  demand(
    loadings.length === bands * components && allFinite(loadings),
    "its loadings are not one number a band and component",
  );
  demand(
    variance.length === components && allWithin(variance, 0, Number.MAX_VALUE),
    "its variances are not numbers above 0",
  );
  demand(totalVariance >= 0 && allFinite(residual), "its variances are not numbers above 0");
}
