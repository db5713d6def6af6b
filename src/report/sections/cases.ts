import type { CaseFinding, MapFinding } from "../../cube/diagnosis-findings.js";
import { colourRamp } from "../charts/colour-ramp.js";
import { methodLooks } from "../charts/method-look.js";
import { patchSpectrum } from "../charts/patch-spectrum.js";
import { thresholdSweep } from "../charts/threshold-sweep.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, table } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, percent, plain, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { picture } from "../picture.js";
import { answer, caseBanners } from "./case-banners.js";

/** Cases shown with their maps and patches; the table of the section on concordance has all of them. */
const shown = 12;
/** Top patches shown of a case. */
const gallery = 15;

/** What was said of every case, whether it was fit to be diagnosed, and where the answer comes from. */
export function cases(page: Page): Section {
  const found = given(page.findings.at("cases"));
  if (!found?.value.length) {
    const content = html`<p class="missing">There is no patch diagnosis, because no case was diagnosed in this run.</p>`;
    return { id: "diagnosis", title: "Patch diagnosis", content };
  }
  const all = each(found);
  return {
    id: "diagnosis",
    title: "Patch diagnosis",
    content: html`
<p>The networks of all folds of the study score the patches of a case; the score of the case is their mean, calibrated on patients held out. A map shows what raised the score, and not why: it is no segmentation, and a bright place is no finding by itself.</p>
${thresholds(page, all)}
${all.slice(0, shown).map((of) => caseContent(page, of))}
${all.length > shown ? html`<p class="note">The other cases stand in the table of <a href="#concordance">Stain and diagnosis</a>; their maps and tables are files beside this page.</p>` : ""}
`,
  };
}

function thresholds(page: Page, all: readonly Evidence<CaseFinding>[]): Html {
  const study = given(page.findings.at("study"));
  if (!study) return html``;
  const [method] = study.value.methods;
  const marks = all
    .slice(0, 40)
    .flatMap(({ value }) => (value.diagnosis ? [{ name: value.id, score: value.diagnosis.score }] : []));
  return figure(
    page,
    thresholdSweep([method], methodLooks([method]), marks),
    html`How the method of these cases did over its threshold on patients held out, mean over the folds and one standard deviation; the dotted lines are the scores of the cases of this report. The score is the ${text(study.at("methods").at(0).at("scoreName"))}.`,
  );
}

function caseContent(page: Page, found: Evidence<CaseFinding>): Html {
  const { diagnosis, maps, gallery: patches, geometry } = found.value;
  return html`
<section class="case">
<h3>Case ${text(found.at("id"))}</h3>
${caseBanners(found)}
<p>${answer(found)}${diagnosis ? said(found) : "."}</p>
${gateTable(page, found)}
${
  maps.length
    ? mapFigure(page, found)
    : html`<p class="missing">There are no maps of this case, because ${geometry === "points" ? "its spectra are points and not an image" : diagnosis ? "it has no windows" : "it was not diagnosed"}.</p>`
}
${patches.length ? galleryFigure(page, found) : ""}
${files(found)}
</section>
`;
}

function said(found: Evidence<CaseFinding>): Html {
  const diagnosis = given(found.at("diagnosis"))!;
  return html`: score ${fixed(diagnosis.at("score"), 3)}, threshold ${fixed(diagnosis.at("threshold"), 3)}, ${band(
    diagnosis.at("bandLimits"),
  )}. Calibrated probability ${fixed(diagnosis.at("probability"), 3)}; the ${count(
    diagnosis.at("members"),
  )} networks range from ${fixed(diagnosis.at("interval").at(0), 3)} to ${fixed(
    diagnosis.at("interval").at(1),
    3,
  )}, and their scores have a standard deviation of ${fixed(diagnosis.at("memberSd"), 3)}.${
    found.value.truth === undefined ? "" : html` Known truth: ${text(found.at("truth"))}.`
  }`;
}

/** Which scores are called, and why not the others. */
function band(limits: Evidence<NonNullable<CaseFinding["diagnosis"]>["bandLimits"]>): Html {
  const [low, high] = limits.value;
  const unsure = "the study had too few bags, or too many errors among them, to be sure of";
  if (low === null && high === null) return html`every score indeterminate: ${unsure} either answer`;
  if (low === null) return html`indeterminate below ${fixed(limits.at(1), 3)}: ${unsure} a negative`;
  if (high === null) return html`indeterminate from ${fixed(limits.at(0), 3)} on: ${unsure} a positive`;
  return low < high
    ? html`indeterminate from ${fixed(limits.at(0), 3)} to ${fixed(limits.at(1), 3)}`
    : html`with no indeterminate band, for at least 95\u00a0% of the study’s bags on either side were right`;
}

/** The checks of the quality gate. */
function gateTable(page: Page, found: Evidence<CaseFinding>): Html {
  const head = html`<tr><th scope="col">Check</th><th scope="col" class="n">Value</th><th scope="col">Limit</th><th scope="col">Verdict</th></tr>`;
  const rows = each(found.at("gate").at("checks")).map(
    (check) =>
      html`<tr><th scope="row">${text(check.at("name"))}</th><td class="n">${plain(check.at("value"))} ${check.value.unit === "1" ? "" : unit(check.value.unit)}</td><td>${text(
        check.at("limit"),
      )}</td><td class="verdict ${check.value.verdict}">${text(check.at("verdict"))}</td></tr>
`,
  );
  const caption = html`Quality gate of case ${text(found.at("id"))}: ${text(
    found.at("gate").at("verdict"),
  )}. One failed check withholds the diagnosis. The limits are of this program, and of no standard.`;
  return table(page, caption, head, rows, "small");
}

const unit = (name: string) => (name === "mm2" ? "mm²" : name);

function mapFigure(page: Page, found: Evidence<CaseFinding>): Html {
  const stains = page.findings.value.stains ?? [];
  const maps = each(found.at("maps"));
  const cubes = [...new Set(maps.map(({ value }) => value.cube))];
  const cells = cubes.flatMap((name) => {
    const at = stains.findIndex((stain) => stain.name === name);
    const path = at < 0 ? undefined : stains[at].pictures.classes;
    const composite = at < 0 ? undefined : stains[at].pictures.composite;
    const own = maps.filter(({ value }) => value.cube === name);
    const { cols } = own[0].value;
    const subject = { cols, pixelSizeUm: found.value.pixelSizeUm };
    const cell = (title: Html | string, of: string, description: string, below?: Html) =>
      html`<div class="cell"><span class="title">${title}</span>${picture(page.pictures(of), { ...subject, path: of, description })}${below}</div>
`;
    return [
      ...(composite === undefined ? [] : [cell("Composite", composite, `Composite of ${name}`)]),
      ...(path === undefined ? [] : [cell("Class map", path, `Class map of ${name}`)]),
      ...own.map((map) => cell(text(map.at("name")), map.value.picture, `${map.value.name} of ${name}`, ramp(map))),
    ];
  });
  return figure(
    page,
    html`<div class="plates" style="--columns: ${Math.min(3, Math.max(2, cells.length))}">${cells}</div>`,
    html`Where the diagnosis of ${text(found.at("id"))} comes from: every pixel of a map is the mean over the windows that cover it (${join(
      maps.map((map) => html`${count(map.at("windows"))} windows, highest ${fixed(map.at("highest"), 3)}`),
      "; ",
    )}). The colours run from zero to the ninety-ninth percentile of the whole slide, and no window is stretched by itself. White: no tissue.`,
    found.at("origin"),
  );
}

function ramp(map: Evidence<MapFinding>): Html {
  return colourRamp("inferno", fixed(map.at("range").at(0), 2), html`≥ ${fixed(map.at("range").at(1), 3)}`);
}

function galleryFigure(page: Page, found: Evidence<CaseFinding>): Html {
  const patches = each(found.at("gallery")).slice(0, gallery);
  const diagnosis = given(found.at("diagnosis"));
  const cells = patches.map((patch) => {
    const { picture: path } = patch.value;
    const mix = each(patch.at("mix"))
      .sort((a, b) => b.value.percent - a.value.percent)
      .slice(0, 3)
      .map((part) => html`${text(part.at("name"))} ${fixed(part.at("percent"), 0)}\u00a0%`);
    const where = html`<b>${count(patch.at("rank"))}</b> at column ${count(patch.at("x"))}, row ${count(patch.at("y"))}`;
    const subject = { path: path ?? "", description: `Class map of patch ${patch.value.rank}`, cols: -1 };
    return html`<div class="patch">${path === undefined ? "" : picture(page.pictures(path), subject)}<div class="about">${where}<br>score ${fixed(
      patch.at("score"),
      3,
    )}${mix.length ? html`<br>${join(mix, ", ")}` : ""}</div>${
      patch.value.spectrum.values.length ? patchSpectrum(patch.value) : ""
    }</div>
`;
  });
  return figure(
    page,
    html`<div class="gallery">${cells}</div>`,
    html`The patches of ${text(found.at("id"))} with the highest scores${diagnosis ? html`; the diagnosis rests on the first ${count(diagnosis.at("k"))}` : ""}: class map in the colours of the stain, place in pixels of the cube, the classes that it holds most of, and its mean spectrum after the steps of the pipeline.`,
    found.at("origin"),
  );
}

/** Said where a grid was not covered by patches. */
function without(file: Evidence<CaseFinding["exports"][number]>): Html | undefined {
  const leftOut = given(file.at("leftOut"));
  if (!leftOut?.value.patches) return undefined;
  return html` (without ${count(leftOut.at("patches"))} places that hold less than ${percent(leftOut.at("tissueBelow"))} tissue)`;
}

function files(found: Evidence<CaseFinding>): Html {
  const list = each(found.at("exports"));
  if (!list.length) return html``;
  return html`<p class="note">Files beside this page: ${join(
    list.map((file) => html`${text(file.at("kind"))} <code>${text(file.at("file"))}</code>${without(file)}`),
    ", ",
  )}.</p>`;
}
