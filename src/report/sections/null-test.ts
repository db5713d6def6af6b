import { CHANCE } from "../../cube/chance.js";
import type { StudyFinding } from "../../cube/diagnosis-findings.js";
import { type Evidence, given } from "../evidence.js";
import { type Html, html } from "../html.js";
import { count, fixed } from "../numbers.js";

type Permutation = Evidence<NonNullable<StudyFinding["permutation"]>>;

/** How the figure of one repeat stands among those of shuffled labels. */
export function nullTest(found: Evidence<StudyFinding>): Html {
  const test = given(found.at("permutation"));
  if (!test)
    return html`<h3>Null test</h3><p class="missing">No null test with shuffled labels was part of this run, so that it is not known whether the figures are better than chance.</p>`;
  return html`<h3>Null test</h3><p>The labels were shuffled among the patients ${count(test.at("repeats"))} times, and each time the first repeat was done again: dealt into folds by the shuffled labels and trained from the start with the same settings. The AUC was ${fixed(
    test.at("mean"),
    3,
  )} on average, and the central 95\u00a0% of the shuffles lay between ${fixed(test.at("interval").at(0), 3)} and ${fixed(
    test.at("interval").at(1),
    3,
  )}. ${verdict(test)} Shuffling asks whether a figure is better than chance, and nothing else: a leak or a slide effect that goes with the true labels is not seen by it.</p>`;
}

function verdict(test: Permutation): Html {
  const { p, observed, atLeast, floor } = test.value;
  if (p === undefined || observed === undefined || atLeast === undefined || floor === undefined) {
    return html`An earlier version of this program made it, and did not compare the figure of the study with it.`;
  }
  const [ownP, own, reached, least] = [
    given(test.at("p"))!,
    given(test.at("observed"))!,
    given(test.at("atLeast"))!,
    given(test.at("floor"))!,
  ];
  const compared = html`With the true labels that repeat had ${fixed(own, 3)}, which ${count(reached)} of the shuffles reached: p = ${fixed(
    ownP,
    3,
  )}; of so many shuffles no p can be below ${fixed(least, 3)}.`;
  if (p <= CHANCE) return html`${compared} The order of the bags is better than chance.`;
  if (floor > CHANCE)
    return html`${compared} <b>So few shuffles cannot show that the figure is better than chance.</b>`;
  return html`${compared} <b>The figure is not better than chance</b> by this test, whatever else is said of it here.`;
}

/** What the summary and the limits must say of a study that is not shown to be better than chance; nothing where it is. */
export function notBetter(found: Evidence<StudyFinding>): Html | undefined {
  const test = given(found.at("permutation"));
  if (!test) return html`No null test with shuffled labels was part of the study of the diagnosis.`;
  const p = given(test.at("p"));
  const floor = given(test.at("floor"));
  if (!p || !floor || p.value <= CHANCE) return undefined;
  return floor.value > CHANCE
    ? html`The null test of the diagnosis had too few shuffles to show that its figures are better than chance (p = ${fixed(p, 3)}, the lowest that they can give ${fixed(floor, 3)}).`
    : html`<b>The diagnosis is not better than chance</b> (p = ${fixed(p, 3)}, AUC of shuffled labels ${fixed(test.at("interval").at(0), 3)} to ${fixed(test.at("interval").at(1), 3)}).`;
}
