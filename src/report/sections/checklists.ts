import { given } from "../evidence.js";
import { plainTable } from "../figure.js";
import { type Html, html } from "../html.js";
import type { Page, Section } from "../page.js";

type State = "filled" | "author" | "not applicable";

/** Filled in where a run has it. */
const has =
  (found: (findings: Page["findings"]["value"]) => unknown) =>
  ({ findings }: Page): State =>
    found(findings.value) ? "filled" : "author";

/** Topics that reporting checklists for diagnostic models share, in our words, and what of each a run can fill in by itself. */
const topics: readonly { topic: string; state: (page: Page) => State; where?: string }[] = [
  { topic: "Title names the kind of study", state: () => "author" },
  { topic: "Clinical background and aim", state: () => "author" },
  { topic: "Source of the data and dates of collection", state: () => "author" },
  { topic: "Eligibility of participants", state: () => "author" },
  { topic: "Number of participants and of specimens", state: () => "filled", where: "study" },
  { topic: "Reference standard and who set it", state: () => "author" },
  // The inputs have mode and pixel size; instrument, scans, resolution and substrate are in no file.
  { topic: "Instrument and acquisition", state: () => "author" },
  {
    topic: "Quality control and exclusions",
    state: has(({ quality, stains }) => quality?.length || stains?.length),
    where: "quality",
  },
  {
    topic: "Preprocessing with its parameters",
    state: has(({ pipeline }) => pipeline),
    where: "spectra",
  },
  { topic: "Missing data", state: has(({ quality, stains }) => quality?.length || stains?.length), where: "quality" },
  { topic: "Model, inputs and outputs", state: () => "filled", where: "study" },
  { topic: "Training, settings and seeds", state: () => "filled", where: "study" },
  { topic: "Partitions, and that no patient is on both sides", state: () => "filled", where: "study" },
  { topic: "How thresholds were chosen", state: () => "filled", where: "study" },
  { topic: "Measures of performance with their intervals", state: () => "filled", where: "study" },
  // Of the probability that a case is told, not of the raw score.
  { topic: "Calibration", state: has(({ study }) => study?.decision), where: "study" },
  {
    topic: "Comparison with other methods",
    state: has(({ study }) => (study?.methods.length ?? 0) > 1 || study?.baselines?.length),
    where: "study",
  },
  {
    topic: "Robustness: confounders, null test, unit test",
    state: has(({ study }) => study?.permutation?.p !== undefined && study.unitTests.length),
    where: "study",
  },
  { topic: "External testing", state: () => "author" },
  { topic: "Failures and worst cases", state: has(({ study }) => study?.bags.length), where: "study" },
  {
    topic: "Explanation of single answers and its limits",
    state: ({ findings }) => (findings.value.cases?.length ? "filled" : "not applicable"),
    where: "diagnosis",
  },
  { topic: "Sample size and its grounds", state: () => "author" },
  { topic: "Subgroups and fairness", state: () => "author" },
  { topic: "Code, data and model: where they can be had", state: () => "author" },
  { topic: "Ethics approval, registration, funding, conflicts of interest", state: () => "author" },
  { topic: "Limits of the study", state: () => "filled", where: "limits" },
];

const words: Readonly<Record<State, string>> = {
  filled: "filled in by the program",
  author: "author input needed",
  "not applicable": "not applicable to this run",
};

/** Which topics of the reporting checklists this page covers, and which only the authors can. */
export function checklists(page: Page): Section | undefined {
  if (!given(page.findings.at("study"))) return undefined;
  const rows = topics.map(({ topic, state, where }): Html => {
    const found = state(page);
    return html`<tr><th scope="row">${topic}</th><td class="${found === "author" ? "open" : ""}">${words[found]}</td><td>${
      where && found === "filled" ? html`<a href="#${where}">section</a>` : ""
    }</td></tr>
`;
  });
  const done = topics.filter(({ state }) => state(page) === "filled").length;
  const content = html`
<p>Topics that STARD-AI, TRIPOD+AI and CLAIM have in common, in our own words. This is an aid for writing and <b>no claim of compliance</b>: for the items and their numbers, see the checklists themselves.</p>
<div class="completeness" role="img" aria-label="share of the topics that are filled in"><span style="width: ${((100 * done) / topics.length).toFixed(1)}%"></span></div>
${plainTable(html`What this page fills in, and what its authors must.`, html`<tr><th scope="col">Topic</th><th scope="col">State</th><th scope="col">Where</th></tr>`, rows, "small")}`;
  return { id: "checklists", title: "Reporting checklists", content };
}
