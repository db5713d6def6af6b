import { each, given } from "../evidence.js";
import { type Html, html } from "../html.js";
import { count, fixed, plain, text } from "../numbers.js";
import type { Page } from "../page.js";
import { betterThanChance } from "./chance.js";
import { notBetter } from "./null-test.js";

/** Below this many patients an interval by patient is wide and its ends are themselves uncertain. */
const fewPatients = 30;

/** What limits the reading of this run, each for a reason found in the run itself. */
export function warnings({ findings }: Page): Html[] {
  const { origin, inputs } = findings.value;
  const validation = given(findings.at("validation"));
  const study = given(findings.at("study"));
  const found: Html[] = [html`Research use only: no figure here was tested for diagnostic use.`];
  for (const stamp of each(findings.at("stamps"))) found.push(html`<b>${text(stamp)}</b>.`);
  if (origin === "simulated" || origin === "mixed") {
    found.push(
      html`Some or all of the data are simulated; such figures say how the program works, not how tissue behaves.`,
    );
  }
  if (study) {
    found.push(html`The diagnosis was tested on patients held out, and on those of no other hospital.`);
    const chance = notBetter(study);
    if (chance) found.push(chance);
  }
  if (!validation && !study)
    found.push(html`Nothing was validated in this run, so it does not say how far the classes can be trusted.`);
  if (validation) {
    found.push(
      html`Patients of other laboratories, instruments or preparations were not tested (no external validation).`,
    );
    const patients = validation.at("byPatient").at("counts").at("patients");
    if (patients.value < fewPatients) {
      found.push(html`Only ${count(patients)} patients were tested: the intervals are wide.`);
    }
    const permutation = given(validation.at("permutation"));
    if (!permutation) found.push(html`No null test with shuffled labels was part of this run.`);
    else if (betterThanChance(validation.value) === false) {
      found.push(
        html`<b>The macro AUC, ${fixed(permutation.at("observed"), 3)}, is not shown to be better than chance</b>: with shuffled labels p = ${plain(
          permutation.at("p"),
        )}.`,
      );
    }
  }
  if (inputs.some((input) => !input.sha256)) {
    found.push(html`Some inputs carry no hash: it cannot be checked later that they are the same files.`);
  }
  const failures = given(findings.at("failures"));
  if (failures?.value.length) {
    found.push(
      html`Cubes that failed and are in no figure: ${count(failures.at("length"))}; they are listed under <a href="#failed">What failed</a>.`,
    );
  }
  return found;
}
