import type { CaseFinding, StudyFinding } from "../../cube/diagnosis-findings.js";
import type { StainFinding, ValidationFinding } from "../../cube/findings.js";
import { counts, estimate, estimateInterval, estimateValue } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, percent, plain, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { answer, caseBanners } from "./case-banners.js";
import { betterThanChance } from "./chance.js";
import { notBetter } from "./null-test.js";
import { warnings } from "./warnings.js";

/** The summary gives the composition of this many cubes; the section on the stain gives all. */
const summaryLimit = 12;
/** Cases that the summary speaks of one by one. */
const caseLimit = 6;

/** The outcome in a few sentences, then as "data element: response". */
export function summary(page: Page): Section {
  const { findings } = page;
  const validation = given(findings.at("validation"));
  const stains = given(findings.at("stains"));
  const stained = stains ? each(stains) : [];
  const study = given(findings.at("study"));
  const found = given(findings.at("cases"));
  const cases = found ? each(found) : [];
  return {
    id: "summary",
    title: "Summary",
    content: html`
<p class="lead">${validation ? validated(validation) : html`No classifier was validated in this run. `}${
      stained.length ? stainedSentence(stains!) : html`No cube was stained in this run.`
    }${study ? studySentence(study) : ""}</p>
${cases.slice(0, caseLimit).flatMap((of) => caseBanners(of).map((banner) => html`<div class="of-case"><b>${text(of.at("id"))}</b>${banner}</div>`))}
<table class="synoptic"><caption class="unseen">Synoptic summary</caption><thead class="unseen"><tr><th scope="col">Data element</th><th scope="col">Response</th></tr></thead><tbody>
${row("Cubes read", count(findings.at("inputs").at("length")))}
${validation ? validationRows(validation) : row("Validation", html`not part of this run`)}
${stained.slice(0, summaryLimit).map(compositionRow)}${
  stained.length > summaryLimit
    ? row("Composition of the other cubes", html`see <a href="#stain">Digital stain</a>`)
    : ""
}
${study ? studyRow(study) : ""}
${cases.length ? cases.slice(0, caseLimit).map((of) => caseRows(page, of)) : row("Diagnosis", html`no case was diagnosed in this run`)}
${cases.length > caseLimit ? row("Other cases", html`see <a href="#concordance">Stain and diagnosis</a>`) : ""}
${row("Origin of the data", text(findings.at("origin")))}
${row("Limitations", html`<ul>${warnings(page).map((warning) => html`<li>${warning}</li>`)}</ul>`)}
</tbody></table>
`,
  };
}

function row(element: string | Html, response: Html): Html {
  return html`<tr><th scope="row">${element}</th><td>${response}</td></tr>
`;
}

function validated(validation: Evidence<ValidationFinding>): Html {
  const { byPatient, randomSplit } = validation.value;
  const scores = validation.at("byPatient");
  const auc = scores.at("macroAuc");
  const interval = estimateInterval(auc);
  const leak = randomSplit && given(validation.at("randomSplit"));
  const found =
    byPatient.macroAuc.value === null
      ? html`The area under the ROC curve could not be had (${text(auc.at("reason"))}). `
      : html`Averaged over the classes, the area under the ROC curve was <b>${estimateValue(auc)}</b>${
          interval && html` (95\u00a0% interval by patient ${interval})`
        }, where 1 is a perfect and 0.5 a random order${
          betterThanChance(validation.value) === false
            ? html`; <b>the test with shuffled labels does not tell it from chance</b> (p = ${plain(given(validation.at("permutation"))!.at("p"))})`
            : ""
        }. `;
  return html`A classifier of ${count(validation.at("classNames").at("length"))} tissue classes was tested on ${counts(
    scores.at("counts"),
  )}; every pixel was classified by a model that had seen no pixel of the same patient. ${found}${
    leak &&
    html`Splitting the same pixels at random, so that a patient stands on both sides, would have reported ${estimateValue(
      leak.at("macroAuc"),
    )}: that is what a leak looks like, and not a figure to quote. `
  }`;
}

function validationRows(validation: Evidence<ValidationFinding>): Html[] {
  const scores = validation.at("byPatient");
  const leak = given(validation.at("randomSplit"));
  const pair = given(validation.at("pair"));
  const stained = given(validation.at("stained"));
  return [
    row("Patients, cores, pixels tested", counts(scores.at("counts"))),
    row("Classes", join(each(validation.at("classNames")).map(text), ", ")),
    row("Macro AUC, patients held out", html`<b>${estimate(scores.at("macroAuc"))}</b>`),
    row("Better than chance", chance(validation)),
    row(
      "Macro AUC, pixels split at random",
      leak ? html`${estimate(leak.at("macroAuc"))} – what a leak would have reported` : html`not part of this run`,
    ),
    ...(pair
      ? [
          row(
            html`AUC of ${text(pair.at("names").at(0))} against ${text(pair.at("names").at(1))}, patients held out`,
            estimate(pair.at("auc")),
          ),
        ]
      : []),
    row("Balanced accuracy, patients held out", estimate(scores.at("balancedAccuracy"))),
    stained
      ? row(
          "Accuracy, patients held out",
          html`${estimate(stained.at("accuracy"))} of what is classified, which is ${estimateValue(stained.at("coverage"))} of the tested pixels`,
        )
      : row("Accuracy, patients held out", estimate(scores.at("accuracy"))),
  ];
}

function chance(validation: Evidence<ValidationFinding>): Html {
  const test = given(validation.at("permutation"));
  const better = betterThanChance(validation.value);
  if (!test || better === undefined) return html`not tested`;
  return html`<b>${better ? "yes" : "not shown"}</b>, p = ${plain(test.at("p"))} of ${count(test.at("repeats"))} shuffles of the labels`;
}

function stainedSentence(stains: Evidence<readonly StainFinding[]>): Html {
  const several = stains.value.length !== 1;
  return html`${count(stains.at("length"))} ${several ? "cubes were" : "cube was"} stained pixel by pixel; ${
    several ? "their" : "its"
  } composition is given below.`;
}

function compositionRow(stain: Evidence<StainFinding>): Html {
  const parts = each(stain.at("composition"))
    .filter((part) => part.value.percent !== null && part.value.percent > 0)
    .sort((a, b) => b.value.percent! - a.value.percent!)
    .slice(0, 3)
    .map((part) => html`${text(part.at("name"))} ${fixed(part.at("percent"), 1)}\u00a0%`);
  const mode = given(stain.at("mode"));
  return row(
    html`Main composition of ${text(stain.at("name"))}${mode && html` (${text(mode)})`}`,
    parts.length ? join(parts, ", ") : html`no pixel was classified`,
  );
}

function studySentence(study: Evidence<StudyFinding>): Html {
  const pooled = study.at("methods").at(0).at("pooled");
  return html` A diagnosis was tested on ${count(study.at("counts").at("bags"))} bags of ${count(
    study.at("counts").at("patients"),
  )} patients, each scored by networks that had seen nothing of its patient: accuracy <b>${estimateValue(
    pooled.at("accuracy"),
  )}</b>, area under the ROC curve <b>${estimateValue(pooled.at("auc"))}</b>. ${notBetter(study)}`;
}

function studyRow(study: Evidence<StudyFinding>): Html[] {
  const pooled = study.at("methods").at(0).at("pooled");
  const beside = given(study.at("baselines"));
  const stain = beside
    ? each(beside).map(
        (of) =>
          html`${text(of.at("title"))}: accuracy ${estimate(of.at("pooled").at("accuracy"))}, AUC ${estimate(of.at("pooled").at("auc"))}`,
      )
    : [];
  return [
    row(
      "Diagnosis, patients held out",
      html`${text(study.at("methods").at(0).at("title"))}: accuracy ${estimate(pooled.at("accuracy"))}, AUC ${estimate(
        pooled.at("auc"),
      )}, balanced accuracy ${estimate(pooled.at("balancedAccuracy"))}${
        study.value.geometry === "points" ? "; point spectra, not an image" : ""
      }`,
    ),
    ...(stain.length ? [row("The stain alone, the same patients", join(stain, "; "))] : []),
  ];
}

/** A case as data elements and responses. */
function caseRows(page: Page, found: Evidence<CaseFinding>): Html[] {
  const { geometry } = found.value;
  const diagnosis = given(found.at("diagnosis"));
  const pixel = given(found.at("pixelSizeUm"));
  const patient = given(found.at("patient"));
  const truth = given(found.at("truth"));
  const agreement = found.at("concordance");
  const stains = given(page.findings.at("stains"));
  const own = stains ? each(stains).filter(({ value }) => found.value.cubes.includes(value.name)) : [];
  const parts = own.flatMap((stain) => each(stain.at("composition")).filter(({ value }) => (value.percent ?? 0) > 0));
  return [
    html`<tr class="case-head"><th scope="row">Specimen</th><td><b>${text(found.at("id"))}</b>${patient && html`, patient ${text(patient)}`}; origin: ${text(
      found.at("origin"),
    )}</td></tr>
`,
    row(
      "Modality and resolution",
      html`infrared, ${geometry === "points" ? "point spectra, not an image" : html`image${pixel ? html`, ${plain(pixel)} µm a pixel` : ""}`}`,
    ),
    row(
      "Tissue measured",
      html`${found.value.tissueMm2 === null ? "area not known" : html`${fixed(found.at("tissueMm2"), 2)} mm²`} in ${count(found.at("patches"))} ${
        geometry === "points" ? "spectra" : "patches"
      }`,
    ),
    row("Adequacy", html`quality gate: ${text(found.at("gate").at("verdict"))}`),
    row(
      "Composition",
      parts.length
        ? join(
            parts.map((part) => html`${text(part.at("name"))} ${fixed(part.at("percent"), 1)}\u00a0%`),
            ", ",
          )
        : html`not stained in this run`,
    ),
    row(
      "Diagnosis",
      diagnosis
        ? html`${answer(found)}; band: ${text(diagnosis.at("band"))}; calibrated probability of a positive ${fixed(diagnosis.at("probability"), 3)} (networks from ${fixed(diagnosis.at("interval").at(0), 3)} to ${fixed(
            diagnosis.at("interval").at(1),
            3,
          )})${truth && html`; known truth: ${text(truth)}`}`
        : answer(found),
    ),
    row(
      "Concordance of stain and diagnosis",
      html`<b>${text(agreement.at("verdict"))}</b>: ${text(agreement.at("reason"))}${
        agreement.value.tumourTop === null
          ? ""
          : html`; tumour in the top patches ${percent(agreement.at("tumourTop"))}, in all tissue ${percent(agreement.at("tumourAll"))}`
      }`,
    ),
  ];
}
