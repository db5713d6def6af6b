import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { alignedSteps } from "./align.js";
import { readPipeline } from "./define.js";
import { type DescribedPlan, describePlan } from "./describe-plan.js";
import { readModel } from "./model-file.js";

/** The plan by which a cube would be stained: of a model, its axis reached by resampling if need be, or of a pipeline. */
export async function planFor(
  file: string,
  layout: LayoutOptions,
  by: { readonly pipeline?: string; readonly model?: string },
): Promise<DescribedPlan> {
  const reader = await openCube(file, layout);
  try {
    const { wavenumbers } = reader.cube.axis;
    if (by.model === undefined) {
      const { name, steps, reduce } = readPipeline(by.pipeline);
      return describePlan(name, steps, wavenumbers, reduce.components);
    }
    const model = await readModel(by.model);
    const { steps } = alignedSteps(model.pipeline.steps, wavenumbers, model.wavenumbers, file);
    return describePlan(model.pipeline.name, steps, wavenumbers, model.pca.components);
  } finally {
    reader.close();
  }
}
