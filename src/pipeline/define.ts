import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { z } from "zod";
import { correctMethods } from "../correct/prepare.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import { noteInputs } from "../cube/inputs.js";
import type { Pipeline } from "../cube/model.js";
import type { Step } from "../cube/step.js";
import { normaliseMethods } from "../normalise/prepare.js";
import { quantityAfter } from "./step-order.js";

const folder = new URL("../../pipelines/", import.meta.url);

/** A step as written: `- correct: keep` with its `params` beside. */
function stepSchema(step: "correct" | "normalise", methods: Readonly<Record<string, { params: z.ZodType }>>) {
  return Object.entries(methods).map(([method, { params }]) =>
    z.strictObject({ [step]: z.literal(method), params: params.optional() }),
  );
}

/** A pipeline file. The JSON Schema beside the shipped pipelines is made from this. */
export const pipelineSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).describe("A short name, printed in the report"),
  description: z.string().default("").describe("What it is for, in a sentence"),
  steps: z
    .array(z.union([...stepSchema("correct", correctMethods), ...stepSchema("normalise", normaliseMethods)]))
    .describe("What happens to every spectrum, in order"),
  reduce: z
    .strictObject({
      components: z.int().min(1).max(200).default(20).describe("Principal components that the classifier sees"),
      outside: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.001)
        .describe(
          "Share of the training spectra beyond the limits of Q and T², each measured on components fitted without its patient; 0 switches the check off",
        ),
    })
    .prefault({}),
  classify: z
    .strictObject({
      trees: z.int().min(1).max(5000).default(100).describe("Trees in the forest"),
      minLeaf: z.int().min(1).default(2).describe("Training pixels in a leaf, at the least"),
      maxDepth: z.int().min(1).max(64).default(32).describe("Levels of a tree, at the most"),
      features: z.int().min(1).optional().describe("Components tried at a split; √components if not given"),
      pixelsPerClass: z
        .int()
        .min(10)
        .default(20_000)
        .describe("Training pixels a class, at the most, shared evenly among its patients"),
    })
    .prefault({}),
  stain: z
    .strictObject({
      threshold: z.number().min(0).max(1).default(0.35).describe("Below this probability a pixel is unclassified"),
      smoothing: z.enum(["none", "majority", "guided"]).default("none").describe("Smoothing of the finished map"),
    })
    .prefault({}),
});

/** The JSON Schema by which editors complete and check pipeline files. */
export function pipelineJsonSchema(): object {
  return z.toJSONSchema(pipelineSchema, { io: "input" });
}

/** The names of the pipelines that are shipped. */
export const shippedPipelines = ["digital-stain", "derivative", "quick-bands"] as const;

/** Read a pipeline by the name of a shipped one or by the path of a YAML or JSON file, and check every word of it. */
export function readPipeline(nameOrPath = "digital-stain"): Pipeline {
  const shipped = (shippedPipelines as readonly string[]).includes(nameOrPath);
  const path = shipped ? fileURLToPath(new URL(`${nameOrPath}.yaml`, folder)) : nameOrPath;
  if (!existsSync(path)) {
    throw new SpectraError(
      "missing",
      nameOrPath,
      `there is no pipeline "${nameOrPath}": name a file, or one of ${shippedPipelines.join(", ")}`,
    );
  }
  let document: unknown;
  try {
    // The core schema has no custom tags: nothing in the file can make objects or run code. An unknown tag is a warning there.
    noteInputs([path]);
    const parsed = parseDocument(readFileSync(path, "utf8"), { schema: "core", logLevel: "error" });
    const [wrong] = [...parsed.errors, ...parsed.warnings];
    if (wrong) throw wrong;
    document = parsed.toJS();
  } catch (cause) {
    throw new SpectraError("format", path, `${path} is not YAML: ${messageOf(cause)}`, { cause });
  }
  return definePipeline(document, path);
}

/** Check a pipeline given as data; `place` is named in errors. */
export function definePipeline(document: unknown, place = "pipeline"): Pipeline {
  const steps = namedSteps(document, place);
  const checked = pipelineSchema.safeParse(document);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw new SpectraError("params", place, `${place}: ${issue.path.join(".") || "the file"}: ${issue.message}`);
  }
  quantityAfter(steps, place);
  const { name, description, reduce, classify, stain } = checked.data;
  return { name, description, steps, reduce, classify, stain };
}

/** The steps with every parameter filled in; errors name the step, because a union's own error names all methods at once. */
function namedSteps(document: unknown, place: string): Step[] {
  const listed = (document as { steps?: unknown } | null)?.steps;
  if (!Array.isArray(listed)) throw new SpectraError("params", place, `${place} has no list of steps`);
  return listed.map((listedStep: unknown, index) => {
    const at = `${place}, step ${index + 1}`;
    if (typeof listedStep !== "object" || listedStep === null) {
      const said = JSON.stringify(listedStep);
      throw new SpectraError("params", at, `${at} is ${said}; a step is "correct: METHOD" or "normalise: METHOD"`);
    }
    const entry = listedStep as Record<string, unknown>;
    const step = "correct" in entry ? "correct" : "normalise" in entry ? "normalise" : undefined;
    if (!step) throw new SpectraError("params", at, `${at} is neither "correct: METHOD" nor "normalise: METHOD"`);
    const methods: Readonly<Record<string, { params: z.ZodType }>> =
      step === "correct" ? correctMethods : normaliseMethods;
    const method = String(entry[step]);
    if (!Object.hasOwn(methods, method)) {
      throw new SpectraError(
        "params",
        at,
        `${at}: ${step} has no method "${method}"; it has ${Object.keys(methods).join(", ")}`,
      );
    }
    const params = methods[method].params.safeParse(entry.params ?? {});
    if (!params.success) {
      const { path, message } = params.error.issues[0];
      throw new SpectraError("params", at, `${at} (${method}): ${path.join(".") || "params"}: ${message}`);
    }
    return { step, method, params: params.data as Step["params"] };
  });
}
