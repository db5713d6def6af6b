import { CHANCE } from "../../cube/chance.js";
import type { ValidationFinding } from "../../cube/findings.js";
import { type Evidence, given } from "../evidence.js";
import { type Html, html } from "../html.js";
import { count, fixed, plain } from "../numbers.js";

/** Whether the null test tells the macro AUC from chance; undefined where it was not run, or by a version that gave no p. */
export function betterThanChance({ permutation }: ValidationFinding): boolean | undefined {
  return permutation?.p === undefined ? undefined : permutation.p <= CHANCE;
}

/** What the null test says of the macro AUC, and what it does not. */
export function chanceSentence(found: Evidence<ValidationFinding>): Html {
  const test = given(found.at("permutation"))!;
  const better = betterThanChance(found.value);
  const shuffled = html`The labels were shuffled ${count(test.at("repeats"))} times: patients of one class exchange their classes, a patient of several exchanges the names of its own. ${
    test.value.trees === undefined
      ? ""
      : html`Each time the forests of the first repeat, of ${count(test.at("trees"))} trees, were fitted and judged anew on the components of their folds. `
  }The macro AUC was ${fixed(test.at("mean"), 3)} on average, the central 95\u00a0% of the shuffles ${fixed(
    test.at("interval").at(0),
    3,
  )}–${fixed(test.at("interval").at(1), 3)}.`;
  if (better === undefined) return html`<p>${shuffled} This version of the findings gives no p.</p>`;
  return html`<p>${shuffled} The true labels gave ${fixed(test.at("observed"), 3)} under the same settings: p = ${plain(
    test.at("p"),
  )}, one-sided; with so many shuffles it cannot fall below ${plain(test.at("floor"))}. ${
    better
      ? html`The macro AUC is better than chance.`
      : test.value.floor! > CHANCE
        ? html`<b>So few shuffles cannot show that the macro AUC is better than chance.</b>`
        : html`<b>The macro AUC is not better than chance.</b>`
  } This tests for chance alone: a leak lifts the true labels and the shuffled ones do not show it.</p>`;
}
