// The library's front door. Nouns first, then the verbs in the order of the sentence, then whole runs.
export type { Axis } from "./cube/axis.js";
export type { Cohort, CohortRow } from "./cube/cohort.js";
export type { Cube, Origin } from "./cube/cube.js";
export { type ErrorKind, SpectraError } from "./cube/errors.js";
export type { Findings, StainFinding, ValidationFinding } from "./cube/findings.js";
export type { Forest } from "./cube/forest.js";
export type { Model, Pipeline } from "./cube/model.js";
export type { Pca } from "./cube/pca.js";
export type { Predictions } from "./cube/predictions.js";
export { reasons } from "./cube/rejected.js";
export type { Quantity, Scores, Spectra, Tile } from "./cube/spectra.js";
export type { Palette, StainMap } from "./cube/stain-map.js";
export type { Step } from "./cube/step.js";

export type { Kernels } from "./kernels/kernels.js";
export { simdKernels } from "./kernels/simd-kernels.js";
export { twinKernels } from "./kernels/twin-kernels.js";

export { cohortOf, readCohort } from "./read/cohort.js";
export { type Examination, examine } from "./read/examine.js";
export { type CubeReader, type LayoutOptions, openCube } from "./read/open-cube.js";
export { readTiles } from "./read/read-tiles.js";

export { baselineAsymmetric } from "./correct/baseline-asymmetric.js";
export { baselineLinear } from "./correct/baseline-linear.js";
export { baselinePolynomial } from "./correct/baseline-polynomial.js";
export { baselineRubberband } from "./correct/baseline-rubberband.js";
export { baselineTwoPoint } from "./correct/baseline-two-point.js";
export { cut } from "./correct/cut.js";
export { derivative } from "./correct/derivative.js";
export { keep } from "./correct/keep.js";
export { offset } from "./correct/offset.js";
export { quality } from "./correct/quality.js";
export { resample } from "./correct/resample.js";
export { smooth } from "./correct/smooth.js";

export { amideIArea } from "./normalise/amide-i-area.js";
export { amideIHeight } from "./normalise/amide-i-height.js";
export { areaNorm } from "./normalise/area-norm.js";
export { minMax } from "./normalise/min-max.js";
export { snv } from "./normalise/snv.js";
export { vectorNorm } from "./normalise/vector-norm.js";

export { distances } from "./reduce/distances.js";
export { fitPca } from "./reduce/fit-pca.js";
export { momentAdder } from "./reduce/moments.js";
export { project } from "./reduce/project.js";
export { reconstruct } from "./reduce/reconstruct.js";

export { auc } from "./classify/auc.js";
export { fitForest } from "./classify/fit-forest.js";
export { patientFolds } from "./classify/folds.js";
export { predictForest } from "./classify/predict-forest.js";
export { score } from "./classify/score.js";

export { composition } from "./stain/composition.js";
export { paletteFor } from "./stain/palettes.js";
export { readStain } from "./stain/read-stain.js";

export { readFindings } from "./report/read-findings.js";
export { renderReport } from "./report/render-report.js";

export { definePipeline, pipelineJsonSchema, readPipeline } from "./pipeline/define.js";
export { demo } from "./pipeline/demo.js";
export { fit } from "./pipeline/fit.js";
export { readModel, writeModel } from "./pipeline/model-file.js";
export type { ProgressEvent, RunOptions } from "./pipeline/progress.js";
export { publish } from "./pipeline/publish.js";
export { simulateCohort } from "./pipeline/simulate-cohort.js";
export { stainCohort } from "./pipeline/stain-cohort.js";
export { validate } from "./pipeline/validate.js";
