import type {
  BinaryConfusion,
  BinaryScores,
  MethodFinding,
  Spread,
  StudyFinding,
} from "../../cube/diagnosis-findings.js";
import type { Figure } from "../../cube/findings.js";
import { methodLooks } from "../charts/method-look.js";
import { patchesPerBag } from "../charts/patches-per-bag.js";
import { rocBandChart } from "../charts/roc-band.js";
import { thresholdSweep } from "../charts/threshold-sweep.js";
import { estimate } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, plainTable, table } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, percent, plain, share, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { baselines } from "./baselines.js";
import { calibrationFigure, decision } from "./decision.js";
import { nullTest } from "./null-test.js";
import { scoreHead, scoreKeys } from "./score-names.js";

/** How the diagnosis does on patients that its networks have not seen, beside other ways to make one. */
export function study(page: Page): Section | undefined {
  const found = given(page.findings.at("study"));
  if (!found) {
    if (!page.findings.value.cases?.length) return undefined;
    const content = html`<p class="missing">The performance of the diagnosis is not known here: no study was given to this report.</p>`;
    return { id: "study", title: "Performance of the diagnosis", content };
  }
  return { id: "study", title: "Performance of the diagnosis", content: studyContent(page, found) };
}

function studyContent(page: Page, found: Evidence<StudyFinding>): Html {
  const { methods, geometry, bags } = found.value;
  const looks = methodLooks(methods);
  const [best] = each(found.at("methods"));
  const baseline = methods.findIndex(({ role }) => role === "baseline");
  const swept = baseline > 0 ? [0, baseline] : [0];
  return html`
${geometry === "points" ? html`<p class="case-banner open" role="alert">Point spectra, not an image: every spectrum is an instance by itself, and nothing is known of its neighbours.</p>` : ""}
${saturated(found)}
<p>${flow(found)}</p>
<p class="note">Partitions: ${foldsOf(found)} The threshold and the epoch of a network were chosen by a fifth of its training patients; the fold it was tried on was looked at once. No patient is on both sides.</p>
${methodTable(page, found)}
${baselines(page, found)}
<h3>Over the folds</h3>
${spreadTable(page, found)}
${repeatTable(page, found)}
${figure(
  page,
  thresholdSweep(
    swept.map((m) => methods[m]),
    swept.map((m) => looks[m]),
  ),
  html`Accuracy, precision and recall over the threshold, mean over the folds and one standard deviation. The axes of the methods differ: ${join(
    swept.map(
      (m) => html`${text(found.at("methods").at(m).at("title"))}: ${text(found.at("methods").at(m).at("scoreName"))}`,
    ),
    "; ",
  )}.`,
)}
<div class="two">
${figure(page, rocBandChart(methods, looks), html`ROC curves: vertical average over the folds and one standard deviation. The diagonal is chance.`)}
${calibrationFigure(
  page,
  best.at("calibration"),
  html`Calibration of the raw scores of the first method, before any calibration: share of positive bags over the score; the area of a dot is its number of bags. A case is told another probability, see below.`,
)}
</div>
${figure(page, patchesPerBag(found.value), html`Patches of each of the ${count(found.at("bags").at("length"))} bags, in the colour of its label; the median bag stands in the middle.`)}
<h3>Confusion, ${text(best.at("title"))}</h3>
<div class="two">${each(best.at("confusion")).map((matrix, r) => confusion(page, found, matrix, found.at("seeds").at(r)))}</div>
${decision(page, found)}
${challenge(page, found)}
${unitTests(found)}
${nullTest(found)}
<h3>Uncertainty, and the bags judged worst</h3>
${worst(page, best)}
${fused(page, found)}
${bags.length ? hyperparameters(found) : ""}
`;
}

function flow(found: Evidence<StudyFinding>): Html {
  const counts = found.at("counts");
  return html`${count(counts.at("patients"))} patients, ${count(counts.at("positivePatients"))} of them ${text(
    found.at("classNames").at(1),
  )}; ${count(counts.at("bags"))} bags, each the patches of a ${text(found.at("unit"))}, ${count(
    counts.at("positiveBags"),
  )} of them ${text(found.at("classNames").at(1))}; ${count(counts.at("patches"))} ${found.value.geometry === "points" ? "spectra" : "patches"}.`;
}

function foldsOf(found: Evidence<StudyFinding>): Html {
  const file = given(found.at("foldFile"));
  return html`${count(found.at("folds"))} folds of whole patients, stratified by label, dealt ${found.value.repeats === 1 ? "once" : html`${count(found.at("repeats"))} times`} (${found.value.repeats === 1 ? "seed" : "seeds"} ${join(
    each(found.at("seeds")).map((seed) => plain(seed)),
    ", ",
  )})${file && html`; they stand in <code>${text(file.at("file"))}</code>, SHA-256 <code>${text(file.at("sha256"))}</code>`}.`;
}

function saturated(found: Evidence<StudyFinding>): Html[] {
  return each(found.at("methods"))
    .filter(({ value }) => value.saturated.warning)
    .map(
      (method) =>
        html`<p class="case-banner open">Saturated scores: ${percent(
          method.at("saturated").at("share"),
        )} of the scores of ${text(method.at("title"))} are next to nought or one, so that its AUC says little beyond its balanced accuracy.</p>`,
    );
}

function methodTable(page: Page, found: Evidence<StudyFinding>): Html {
  const line = (label: Html, scores: Evidence<BinaryScores<Figure>>) =>
    html`<tr><th scope="row">${label}</th>${scoreKeys.map((key) => html`<td>${estimate(scores.at(key))}</td>`)}</tr>
`;
  const rows = each(found.at("methods")).flatMap((method) => [
    line(
      html`<b>${text(method.at("title"))}</b> (${text(method.at("role"))}), by ${text(found.at("unit"))}`,
      method.at("pooled"),
    ),
    line(html`${text(method.at("title"))}, by patient`, method.at("byPatient")),
  ]);
  return table(
    page,
    html`The mean of the repeats, every bag scored by networks that have seen nothing of its patient, at the threshold that the inner patients of its fold chose; 95\u00a0% intervals by patient. By patient: the highest score of the patient’s bags.`,
    scoreHead("Method"),
    rows,
    "small wide",
  );
}

function spreadTable(page: Page, found: Evidence<StudyFinding>): Html {
  const line = (label: Html, scores: Evidence<BinaryScores<Spread>>) =>
    html`<tr><th scope="row">${label}</th>${scoreKeys.map((key) => html`<td>${spread(scores.at(key))}</td>`)}</tr>
`;
  const rows = each(found.at("methods")).flatMap((method) => [
    line(html`${text(method.at("title"))}, chosen threshold`, method.at("overFolds")),
    line(html`${text(method.at("title"))}, threshold one half`, method.at("overFoldsAtHalf")),
  ]);
  return table(
    page,
    html`Mean ± standard deviation over all folds, at the threshold that the inner patients chose, and at one half. The standard deviation of so small folds is large whatever the method.`,
    scoreHead("Method"),
    rows,
    "small wide",
  );
}

function repeatTable(page: Page, found: Evidence<StudyFinding>): Html {
  const method = found.at("methods").at(0);
  const rows = each(method.at("perRepeat")).map(
    (of, r) =>
      html`<tr><th scope="row">seed ${plain(found.at("seeds").at(r))}</th>${scoreKeys.map((key) => html`<td>${spread(of.at("scores").at(key))}</td>`)}</tr>
`,
  );
  const wilson = method.at("wilson");
  return table(
    page,
    html`${text(method.at("title"))}, mean ± standard deviation over the folds of each deal. Wilson’s 95\u00a0% interval of the first deal, as if bags were independent: accuracy ${estimate(
      wilson.at("accuracy"),
    )}, precision ${estimate(wilson.at("precision"))}, recall ${estimate(wilson.at("recall"))}.`,
    scoreHead("Deal"),
    rows,
    "small wide",
  );
}

function spread(found: Evidence<Spread>): Html {
  return html`${fixed(found.at("mean"), 3)} ± ${fixed(found.at("sd"), 3)}`;
}

function confusion(
  page: Page,
  found: Evidence<StudyFinding>,
  matrix: Evidence<BinaryConfusion>,
  seed: Evidence<number>,
): Html {
  const head = html`<tr><th scope="col">Truth ↓ &nbsp; called →</th>${each(found.at("classNames")).map((name) => html`<th scope="col" class="n">${text(name)}</th>`)}</tr>`;
  const rows = ([0, 1] as const).map((truth) => {
    const row = matrix.at(truth);
    const total = row.value[0] + row.value[1];
    return html`<tr><th scope="row">${text(found.at("classNames").at(truth))}</th>${([0, 1] as const).map((called) => {
      const depth = total > 0 ? row.value[called] / total : 0;
      return html`<td class="n ${truth === called ? "right" : "wrong"}" style="--depth: ${depth.toFixed(3)}">${count(row.at(called))}<small>${share(row.at(called), row)}</small></td>`;
    })}</tr>
`;
  });
  return table(page, html`Bags, deal of seed ${plain(seed)}.`, head, rows, "confusion");
}

function challenge(page: Page, found: Evidence<StudyFinding>): Html {
  const what = given(found.at("challenge"));
  if (!what)
    return html`<h3>Challenge</h3><p class="missing">No bags measured otherwise were given, so that it is not known whether a confounder carries the figures above.</p>`;
  const head = html`<tr><th scope="col">Method</th><th scope="col">AUC, as measured</th><th scope="col">AUC, challenge</th><th scope="col">Accuracy, as measured</th><th scope="col">Accuracy, challenge</th></tr>`;
  const rows = each(found.at("methods")).flatMap((method) => {
    const moved = given(method.at("challenge"));
    if (!moved) return [];
    const failed = (moved.value.auc.value ?? 0) < 0.5;
    return html`<tr><th scope="row">${text(method.at("title"))}</th><td>${estimate(method.at("pooled").at("auc"))}</td><td class="${failed ? "verdict fail" : ""}">${estimate(
      moved.at("auc"),
    )}</td><td>${estimate(method.at("pooled").at("accuracy"))}</td><td>${estimate(moved.at("accuracy"))}</td></tr>
`;
  });
  return html`<h3>Challenge: ${text(what)}</h3>
${table(page, html`The same networks on ${text(what)}: bags of the same held-out patients, never learned from. A method that falls has learned from what was changed, and not from the tissue.`, head, rows, "small")}`;
}

function unitTests(found: Evidence<StudyFinding>): Html {
  const tests = each(found.at("unitTests"));
  if (!tests.length)
    return html`<h3>Unit test of the heads</h3><p class="missing">The unit test was not part of this run.</p>`;
  const head = html`<tr><th scope="col">Head</th><th scope="col">Verdict</th><th scope="col">AUC, drawn as in training</th><th scope="col">AUC, poisoned</th><th scope="col">AUC, mirrored</th></tr>`;
  const numbers = (list: Evidence<readonly number[]>) =>
    join(
      each(list).map((value) => fixed(value, 3)),
      ", ",
    );
  const rows = tests.map(
    (test) =>
      html`<tr><th scope="row">${text(test.at("title"))}</th><td class="verdict ${test.value.passed ? "pass" : "fail"}">${
        test.value.passed ? "passed" : "failed"
      }</td><td>${numbers(test.at("sameDistribution"))}</td><td>${numbers(test.at("poisoned"))}</td><td>${test.value.mirrored ? numbers(given(test.at("mirrored"))!) : ""}</td></tr>
`,
  );
  return html`<h3>Unit test of the heads</h3>
${plainTable(
  html`The unit test of Raff and Holt (NeurIPS, in the year of its publication given in the model card): while training, negative bags carry a marker; in the poisoned bags the positive ones do. A head that falls below one half has learned that a marker makes a bag negative, as a slide effect would. It passes with nine tenths for every seed, trained with the settings of the model on made data; one value a seed. Mirrored: the marker in positive bags while training, then in negative ones. Every head learns what positive bags hold, a slide effect too: a known limit, and no part of the verdict.`,
  head,
  rows,
  "small",
)}`;
}

function worst(page: Page, method: Evidence<MethodFinding>): Html {
  const head = html`<tr><th scope="col">Bag</th><th scope="col">Truth</th><th scope="col" class="n">Score</th></tr>`;
  const rows = each(method.at("worst")).map(
    (
      bag,
    ) => html`<tr><th scope="row">${text(bag.at("bag"))}</th><td>${text(bag.at("truth"))}</td><td class="n">${fixed(bag.at("score"), 3)}</td></tr>
`,
  );
  return table(
    page,
    html`The bags of the first deal whose scores were furthest from the truth. With a limit set on these bags themselves, just below the lowest positive one, ${percent(
      method.at("removable"),
    )} of all bags score lower: a limit that is set beforehand would set fewer aside, or miss some.`,
    head,
    rows,
    "small",
  );
}

function fused(page: Page, found: Evidence<StudyFinding>): Html {
  const of = given(found.at("fused"));
  if (!of) return html`<p class="missing">Score and stain were not fused: there was no stain with a tumour class.</p>`;
  const rows = [
    html`<tr><th scope="row">fused</th>${scoreKeys.map((key) => html`<td>${estimate(of.at("scores").at(key))}</td>`)}</tr>
`,
  ];
  return table(
    page,
    html`Score and tumour share fused by a logistic regression on their logits, fitted in every fold on its inner patients alone; mean weights ${fixed(
      of.at("mil"),
      2,
    )} for the score and ${fixed(of.at("stain"), 2)} for the tumour share. It is shown beside the two, and decides nothing.`,
    scoreHead(""),
    rows,
    "small wide",
  );
}

/** Every setting of every method, as it was used. */
function hyperparameters(found: Evidence<StudyFinding>): Html {
  const methods = each(found.at("methods"));
  // In an order that does not depend on how the findings were read.
  const fields = (Object.keys(methods[0].value.spec) as (keyof MethodFinding["spec"])[]).sort();
  const head = html`<tr><th scope="col">Setting</th>${methods.map((method) => html`<th scope="col">${text(method.at("title"))}</th>`)}</tr>`;
  const rows = fields.map(
    (field) =>
      html`<tr><th scope="row">${words(field)}</th>${methods.map((method) => {
        const value = method.at("spec").at(field);
        return html`<td><span data-finding="${value.path}" data-json="">${JSON.stringify(value.value)}</span></td>`;
      })}</tr>
`,
  );
  const backend = found.at("backend");
  return html`<h3>Settings</h3>
${plainTable(
  html`Settings of every network, as used. Computed by ${text(backend.at("name"))}: ${text(backend.at("why"))}.`,
  head,
  rows,
  "small wide",
)}`;
}

function words(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
