import type { Figure, ValidationFinding } from "../../cube/findings.js";
import { type Split, splitsChart } from "../charts/splits.js";
import { counts, estimate } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, fixed, text } from "../numbers.js";
import type { Page } from "../page.js";
import { chanceSentence } from "./chance.js";

interface Row {
  readonly split: Split;
  readonly printed: Html;
  readonly basis: Html;
}

/** The figure to quote between what a leak would have given and what chance gives, drawn and as a table. */
export function splitComparison(page: Page, found: Evidence<ValidationFinding>): Html {
  const permutation = given(found.at("permutation"));
  const leak = given(found.at("randomSplit"));
  const modes = given(found.at("byMode"));
  const rows: Row[] = [row("Patients held out", "held-out", found.at("byPatient"))];
  for (const mode of modes ? each(modes) : []) {
    rows.push(row(`Patients held out, ${mode.value.mode}`, "held-out", mode.at("scores")));
  }
  if (leak) rows.push(row("Pixels at random (leak)", "leak", leak));
  if (permutation) {
    const { mean, interval } = permutation.value;
    const [low, high] = [permutation.at("interval").at(0), permutation.at("interval").at(1)];
    rows.push({
      split: { name: "Labels shuffled (null)", kind: "null", value: mean, interval },
      printed: html`${fixed(permutation.at("mean"), 3)} <span class="interval">(${fixed(low, 3)}–${fixed(high, 3)})</span>`,
      basis: html`${count(permutation.at("repeats"))} shuffles; the central 95\u00a0% of them`,
    });
  }
  const absent = [leak ? "" : "the random split", permutation ? "" : "the null test with shuffled labels"].filter(
    Boolean,
  );
  const head = html`<tr><th scope="col">Split</th><th scope="col">Macro AUC (95\u00a0%)</th><th scope="col">Rests on</th></tr>`;
  return html`
${figure(
  page,
  splitsChart(rows.map(({ split }) => split)),
  html`Macro AUC by way of splitting. Blue: patients held out, the figures to quote. Red: the same pixels split at random, so that the classifier has seen the patient before; what a leak would have reported. Grey: the labels shuffled. Bars are 95\u00a0% intervals, of the shuffles their central 95\u00a0%.${
    absent.length ? html` Not part of this run: ${absent.join(" and ")}.` : ""
  }`,
)}
${table(
  page,
  html`The numbers of the figure above.`,
  head,
  rows.map(
    ({ split, printed, basis }) => html`<tr><th scope="row">${split.name}</th><td>${printed}</td><td>${basis}</td></tr>
`,
  ),
)}
${pairSentence(found)}
${permutation ? chanceSentence(found) : ""}`;
}

/** Easy classes lift every macro figure: of the pair that was named the gap between the splits is told by itself. */
function pairSentence(found: Evidence<ValidationFinding>): Html | "" {
  const pair = given(found.at("pair"));
  const random = pair && given(pair.at("randomSplit"));
  if (!pair || !random) return "";
  const [one, other] = [text(pair.at("names").at(0)), text(pair.at("names").at(1))];
  return html`<p>Of ${one} against ${other} alone the area is ${estimate(pair.at("auc"))} with patients held out, and would have been ${estimate(random)} with the same pixels split at random.</p>`;
}

function row(name: string, kind: Split["kind"], scores: Evidence<ValidationFinding["byPatient"]>): Row {
  const auc: Figure = scores.value.macroAuc;
  return {
    split: { name, kind, value: auc.value, interval: auc.interval },
    printed: estimate(scores.at("macroAuc")),
    basis: counts(scores.at("counts")),
  };
}
