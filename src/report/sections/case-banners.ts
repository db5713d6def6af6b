import type { CaseFinding } from "../../cube/diagnosis-findings.js";
import { type Evidence, given } from "../evidence.js";
import { type Html, html } from "../html.js";
import { text } from "../numbers.js";

/** What a reader must not miss of a case. */
export function caseBanners(found: Evidence<CaseFinding>): Html[] {
  const { withheld, concordance, diagnosis, geometry } = found.value;
  const banners: Html[] = [];
  const say = (kind: string, what: Html) => banners.push(html`<p class="case-banner ${kind}" role="alert">${what}</p>`);
  if (withheld !== undefined) say("alarm", html`No diagnosis: ${text(found.at("withheld"))}.`);
  if (concordance.verdict === "discordant") {
    say("alarm", html`Discordant: review – ${text(found.at("concordance").at("reason"))}.`);
  }
  if (diagnosis?.band === "indeterminate") {
    say(
      "open",
      html`Indeterminate: the score lies where the study was wrong too often, or had too few bags, for a word. That is an answer.`,
    );
  }
  if (geometry === "points") say("open", html`Point spectra, not an image: there are no neighbours and no maps.`);
  for (const [i] of found.value.stamps.entries()) say("alarm", text(found.at("stamps").at(i)));
  return banners;
}

/** What is said of a case, in a few words. */
export function answer(found: Evidence<CaseFinding>): Html {
  const diagnosis = given(found.at("diagnosis"));
  if (!diagnosis) return html`withheld: ${text(found.at("withheld"))}`;
  const { band } = diagnosis.value;
  return band === "indeterminate" ? html`<b>indeterminate</b>` : html`<b>${text(diagnosis.at("className"))}</b>`;
}
