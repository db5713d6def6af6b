import type { Pca } from "../cube/pca.js";
import type { Step } from "../cube/step.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import type { Pass } from "./plan.js";
import { planSteps } from "./plan.js";

/** A pass of a plan, in words and numbers; `inspect --plan` prints it. */
export interface DescribedPass {
  readonly pass: Pass["kind"] | "project";
  readonly does: string;
  /** The steps that are done in it, as `correct keep`. */
  readonly steps: readonly string[];
  readonly bandsIn: number;
  readonly bandsOut: number;
  /** Additions and multiplications a spectrum; missing where they depend on the spectrum. */
  readonly operations?: number;
}

export interface DescribedPlan {
  readonly pipeline: string;
  readonly passes: readonly DescribedPass[];
  /** How often a spectrum comes from memory; the passes after the first find it in the cache. */
  readonly memoryPasses: number;
}

/** Say how a pipeline is done on an axis: what is folded into which pass, and what each costs. */
export function describePlan(
  name: string,
  steps: readonly Step[],
  wavenumbers: Float64Array,
  components: Pca["components"],
): DescribedPlan {
  const { passes, wavenumbers: axis } = planSteps(steps, wavenumbers, twinKernels());
  const described = passes.map(
    (pass): DescribedPass => ({
      pass: pass.kind,
      does: sayPass(pass),
      steps: pass.steps.map(({ step, method }) => `${step} ${method}`),
      bandsIn: pass.bandsIn,
      bandsOut: pass.bandsOut,
      operations: operationsOf(pass),
    }),
  );
  const bands = axis.length;
  const project: DescribedPass = {
    pass: "project",
    does: `mean-centring, ${components} components, Q and T²`,
    steps: ["reduce pca"],
    bandsIn: bands,
    bandsOut: components,
    // x − mean, its square and the sum of that; a product and a sum a component.
    operations: bands * (3 + 2 * components),
  };
  return { pipeline: name, passes: [...described, project], memoryPasses: 1 };
}

function sayPass({ kind, steps }: Pass): string {
  const named = steps.map(({ method }) => method).join(", ");
  if (kind === "kernel") return `${named}: a kernel of its own`;
  if (kind === "tidy") return steps.length > 1 ? `${named}: folded into one pass` : named;
  return steps.length ? `NaN, constant and ${named} in one look` : "NaN and infinities";
}

/** Operations a band of the steps that cost the same for every spectrum. */
const operationsPerBand: Readonly<Record<string, number>> = {
  // The difference that finds NaN, its sum, the maximum.
  quality: 3,
  keep: 0,
  cut: 0,
  // left · (1 − t) + right · t, and the subtraction.
  "baseline-two-point": 5,
  "baseline-linear": 5,
  // Square, sum, product with the scale.
  vector: 3,
  area: 3,
  "amide-i-area": 1,
  "amide-i-height": 1,
  "min-max": 4,
  snv: 6,
};

function operationsOf({ kind, steps, bandsIn, bandsOut }: Pass): number | undefined {
  if (kind === "check" && !steps.length) return 2 * bandsIn;
  let sum = 0;
  for (const { method, params } of steps) {
    const window = Number(params.window ?? 9);
    const perBand =
      method === "smooth" || (method === "derivative" && params.derivative === 1)
        ? 2 * window
        : method === "derivative"
          ? // Three differences and the middle's product, and a sum, a product and a sum for each pair of taps.
            4 + (3 * (window - 3)) / 2
          : operationsPerBand[method];
    if (perBand === undefined) return undefined;
    sum += perBand * (kind === "check" ? bandsIn : bandsOut);
  }
  return sum;
}
