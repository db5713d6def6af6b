import type { Pipeline } from "../../cube/model.js";
import { type Evidence, each, entries, evidence, given } from "../evidence.js";
import { type Html, html, join } from "../html.js";
import { percent, plain, text } from "../numbers.js";

/** The pipeline in words, one step a line, with every parameter as it was used. */
export function pipelineSteps(pipeline: Evidence<Pipeline>): Html {
  const reduce = pipeline.at("reduce");
  const classify = pipeline.at("classify");
  const stain = pipeline.at("stain");
  const features = given(classify.at("features"));
  const checked = reduce.value.outside > 0;
  return html`<p>Pipeline <b>${text(pipeline.at("name"))}</b>: ${text(pipeline.at("description"))}</p>
<ol class="steps">
${each(pipeline.at("steps")).map(
  (
    step,
  ) => html`<li><b>${step.value.step === "correct" ? "Correct" : "Normalise"}</b>: <span data-finding="${step.path}.method" data-words>${step.value.method.replaceAll("-", " ")}</span>${parameters(step.value.method, step.at("params"))}</li>
`,
)}<li><b>Reduce</b>: principal components, ${plain(reduce.at("components"))} kept${
    checked
      ? html`; spectra beyond the limits of Q and T², which leave out ${percent(reduce.at("outside"))} of the training spectra when their patients are held out, are outside the domain of the model`
      : html`; whether a spectrum lies in the domain of the model is not checked`
  }</li>
<li><b>Classify</b>: random forest of ${plain(classify.at("trees"))} trees, at least ${plain(
    classify.at("minLeaf"),
  )} drawn pixels a leaf (one drawn twice counts twice), depth at most ${plain(classify.at("maxDepth"))}, ${
    features
      ? html`${plain(features)} components tried at a split`
      : html`the square root of the components tried at a split`
  }, fitted on at most ${plain(classify.at("pixelsPerClass"))} pixels a class, shared evenly among its patients</li>
<li><b>Stain</b>: every pixel takes its most probable class; below a calibrated probability of ${plain(
    stain.at("threshold"),
  )} it is “unclassified”; smoothing: ${text(stain.at("smoothing"))}</li>
</ol>
`;
}

/** Parameters of a method that are used only while one of some others is switched on. */
const usedWith: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  quality: { signalToNoise: ["quiet"], amideI: ["minimumMean", "minimumIntegral", "position", "quiet"] },
};

/** The parameters that were in force; what is null was switched off, and so is what only goes with it. */
function parameters(method: string, params: Evidence<Readonly<Record<string, unknown>>>): Html | undefined {
  const idle = (name: string) => {
    const others = Object.hasOwn(usedWith, method) ? usedWith[method][name] : undefined;
    return others?.every((other) => params.value[other] === null) ?? false;
  };
  const shown = entries(params)
    .filter(([name, { value }]) => value !== null && !idle(name))
    .map(([name, value]) => html`<span class="parameter">${words(name)} ${parameter(name, value)}</span>`);
  return shown.length ? html` (${join(shown, ", ")})` : undefined;
}

/** Single numbers that are wavenumbers or integrals over them; a list of numbers holds wavenumbers in every method. */
const inWavenumbers = ["start", "stop", "step", "range", "minimumIntegral"];

function parameter(name: string, { value, path }: Evidence<unknown>): Html {
  if (typeof value === "number") {
    return html`${plain(evidence(value, path))}${inWavenumbers.includes(name) ? "\u00a0cm⁻¹" : ""}`;
  }
  if (typeof value === "string") return text(evidence(value, path));
  if (isNumbers(value)) return html`${range(evidence(value, path))}\u00a0cm⁻¹`;
  if (Array.isArray(value) && value.every(isNumbers)) {
    return html`${join(each(evidence(value as number[][], path)).map(range), ", ")}\u00a0cm⁻¹`;
  }
  return html`<span data-finding="${path}" data-json>${JSON.stringify(value)}</span>`;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "number");
}

/** Two wavenumbers as from–to, any other number of them as a list. */
function range(numbers: Evidence<readonly number[]>): Html {
  return join(each(numbers).map(plain), numbers.value.length === 2 ? "–" : ", ");
}

/** `minimumMean` as "minimum mean", `amideI` as "amide I". */
function words(name: string): string {
  return name
    .replace(/([a-z])([A-Z])(?=[a-z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replace(/([a-z])([A-Z])/g, "$1 $2");
}
