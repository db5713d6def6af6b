import { each, given } from "../evidence.js";
import { type Html, html } from "../html.js";
import { plain, text } from "../numbers.js";
import type { Page } from "../page.js";

const origins: Readonly<Record<string, string>> = {
  real: "measured data",
  simulated: "simulated data: nothing here was measured on tissue",
  derived: "data made from measured data",
  mixed: "measured and simulated or derived data together",
  unknown: "data of unknown origin",
};

/** Title, notice, origin, warnings, and what made this report. */
export function header(page: Page): Html {
  const { findings } = page;
  const created = createdAt(page);
  const stamps = each(findings.at("stamps"));
  return html`<header>
<h1>${text(findings.at("title"))}</h1>
<p class="notice">${text(findings.at("notice"))}</p>
<p class="data-origin">Origin: <b>${text(findings.at("origin"))}</b> – ${origins[findings.value.origin]}.</p>
${stamps.map((stamp) => html`<p class="banner" role="alert">${text(stamp)}</p>`)}
<dl class="run">
${created ? html`<div><dt>Created</dt><dd>${created}</dd></div>` : html``}
<div><dt>Version</dt><dd>spectrastain ${text(findings.at("version"))}</dd></div>
<div><dt>Seed</dt><dd>${plain(findings.at("seed"))}</dd></div>
<div class="wide"><dt>Command</dt><dd><code>${text(findings.at("command"))}</code></dd></div>
</dl>
</header>
`;
}

/** When the run ended: from its log, or from the findings of an earlier version. */
export function createdAt({ findings, log }: Page): Html | undefined {
  const said = given(findings.at("created"));
  return said ? text(said) : log && html`<span data-log="created">${log.created}</span>`;
}
