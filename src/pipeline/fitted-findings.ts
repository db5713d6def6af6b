import { importanceByWavenumber } from "../classify/importance.js";
import type { Findings, SpectraFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import type { Table } from "./table.js";

/** Loadings that a report shows. */
const SHOWN = 6;

/** What can be said of a model and the spectra it was fitted on. */
export function fittedFindings(
  table: Table,
  model: Model,
): Pick<Findings, "inputs" | "pipeline" | "palette" | "quality" | "spectra" | "pca" | "importances" | "stamps"> {
  const { pca, forest } = model;
  const wavenumbers = Array.from(pca.wavenumbers);
  const { gaps } = table;
  return {
    inputs: table.inputs,
    pipeline: model.pipeline,
    palette: model.palette,
    quality: table.quality,
    stamps: table.stamps,
    spectra: classSpectra(table),
    pca: {
      wavenumbers,
      gaps,
      explained: Array.from(pca.variance, (variance) => variance / pca.totalVariance),
      loadings: Array.from({ length: Math.min(SHOWN, pca.components) }, (_, c) =>
        Array.from(pca.loadings.subarray(c * pca.bands, (c + 1) * pca.bands)),
      ),
      spectra: pca.count,
    },
    importances: { wavenumbers, gaps, importance: Array.from(importanceByWavenumber(pca, forest)) },
  };
}

/** Mean and standard deviation (n − 1) of the spectra of each class, summed in Float64. */
function classSpectra(table: Table): SpectraFinding {
  const bands = table.wavenumbers.length;
  const classes = Array.from(table.labels, (value, k) => {
    const mean = new Float64Array(bands);
    const squares = new Float64Array(bands);
    let pixels = 0;
    for (let row = 0; row < table.count; row++) {
      if (table.truth[row] !== k) continue;
      pixels++;
      // Welford's update: the sum of squares about a moving mean keeps its digits.
      for (let band = 0; band < bands; band++) {
        const value = table.values[row * bands + band];
        const delta = value - mean[band];
        mean[band] += delta / pixels;
        squares[band] += delta * (value - mean[band]);
      }
    }
    const sd = Array.from(squares, (sum) => (pixels > 1 ? Math.sqrt(sum / (pixels - 1)) : 0));
    return { name: table.classNames[value], mean: Array.from(mean), sd, pixels };
  });
  return { wavenumbers: Array.from(table.wavenumbers), gaps: table.gaps, quantity: table.quantity, classes };
}
