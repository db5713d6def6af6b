import type { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import type { Quantity } from "../cube/spectra.js";
import type { PreparedStep, Step } from "../cube/step.js";
import { checkParams } from "./check-params.js";
import type { Kernels } from "./kernels.js";

/** A method by its name in pipeline files: what its parameters are, and how it is made ready for an axis. */
export interface Method {
  readonly params: z.ZodObject;
  /** What the numbers may be before the step. */
  readonly takes: readonly Quantity[];
  /** What they are after it; missing when they are what they were. */
  readonly gives?: (taken: Quantity, params: Step["params"]) => Quantity;
  /** Checks the parameters first. The gaps of the axis are told from its spacing if not given. */
  readonly prepare: (wavenumbers: Float64Array, params: unknown, kernels: Kernels, gaps?: Gaps) => PreparedStep;
}

/** Put the check of the parameters before a method's own preparation. */
export function method<Schema extends z.ZodObject>(
  verb: Step["step"],
  name: string,
  params: Schema,
  prepare: (wavenumbers: Float64Array, params: z.output<Schema>, kernels: Kernels, gaps?: Gaps) => PreparedStep,
  numbers: Pick<Method, "takes" | "gives">,
): Method {
  return {
    params,
    ...numbers,
    prepare: (wavenumbers, given, kernels, gaps) =>
      prepare(wavenumbers, checkParams(verb, name, params, given), kernels, gaps),
  };
}

/** Look a step's method up and make it ready for an axis; an unknown method is refused with the names there are. */
export function prepareStep(
  methods: Readonly<Record<string, Method>>,
  step: Step,
  wavenumbers: Float64Array,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  if (!Object.hasOwn(methods, step.method)) {
    const known = Object.keys(methods).join(", ");
    throw new SpectraError("params", step.step, `${step.step} has no method "${step.method}"; it has: ${known}`);
  }
  return methods[step.method].prepare(wavenumbers, step.params, kernels, gaps);
}
