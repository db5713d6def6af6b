import type { MethodFinding } from "../cube/diagnosis-findings.js";
import { SpectraError } from "../cube/errors.js";
import type { EncoderKind, MilSpec } from "../cube/mil.js";
import { defaultSpec, paperSpec } from "../diagnose/default-spec.js";

/** A way to diagnose: a network and its training under the name that it has in the report. */
export interface Method extends Pick<MethodFinding, "id" | "title" | "role" | "scoreName"> {
  readonly spec: MilSpec;
}

const known = {
  "top-k": { title: "top-k max pooling", scoreName: "mean probability of the k highest patches" },
  paper: { title: "top-k max pooling as published", scoreName: "highest probability of a patch" },
  "gated-attention": { title: "gated attention", scoreName: "probability of the bag" },
  attention: { title: "attention", scoreName: "probability of the bag" },
  clam: { title: "gated attention with instance loss (CLAM)", scoreName: "probability of the bag" },
  mean: { title: "mean pooling", scoreName: "probability of the bag" },
  supervised: {
    title: "supervised patches, percentage threshold",
    scoreName: "fraction of patches that are called positive",
  },
} as const;

export type MethodName = keyof typeof known;

export const methodNames = Object.keys(known) as MethodName[];

const usual: readonly MethodName[] = ["top-k", "gated-attention", "mean", "supervised"];

/** Methods by their names with `change` made to the defaults of each; the first is the one that a model is made of. */
export function methodsOf(
  names: readonly string[] = usual,
  { encoder = "features", change = {} }: { encoder?: EncoderKind; change?: Partial<MilSpec> } = {},
): Method[] {
  const wrong = names.find((name) => !methodNames.includes(name as MethodName));
  if (wrong !== undefined || names.length === 0 || new Set(names).size < names.length) {
    throw new SpectraError(
      "params",
      "diagnose",
      `methods are "${names.join(",")}"; name one or several of ${methodNames.join(", ")}, each once`,
    );
  }
  return (names as readonly MethodName[]).map((id, place) => {
    const spec = id === "paper" ? { ...paperSpec(), encoder } : defaultSpec(id, encoder);
    const role = id === "supervised" ? "baseline" : place === 0 ? "default" : "comparator";
    return { id, ...known[id], role, spec: { ...spec, ...change } };
  });
}
