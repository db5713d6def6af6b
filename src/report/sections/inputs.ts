import type { InputFinding } from "../../cube/findings.js";
import { type Evidence, each, given } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, plain, text, wavenumber } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { pipelineSteps } from "./pipeline-steps.js";

/** Which files went in, and what happened to every spectrum. */
export function inputs(page: Page): Section {
  const { findings } = page;
  const pipeline = given(findings.at("pipeline"));
  const files = each(findings.at("inputs"));
  return {
    id: "inputs",
    title: "Inputs and provenance",
    content: html`
${files.length ? inputTable(page, files) : html`<p class="missing">No cube was read in this run.</p>`}
<h3>What happened to every spectrum</h3>
${pipeline ? pipelineSteps(pipeline) : html`<p class="missing">No pipeline is recorded, because no spectra were processed in this run.</p>`}
`,
  };
}

function inputTable(page: Page, files: readonly Evidence<InputFinding>[]): Html {
  const head = html`<tr><th scope="col">File</th><th scope="col">Patient</th><th scope="col">Core</th><th scope="col">Mode</th><th scope="col" class="n">Rows × columns</th><th scope="col" class="n">Pixel / µm</th><th scope="col" class="n">Bands</th><th scope="col" class="n">Range / cm⁻¹</th><th scope="col" class="n">Labelled pixels</th><th scope="col">Origin</th><th scope="col" class="hash">SHA-256</th></tr>`;
  const rows = files.map(
    (file) => html`<tr><td class="file">${text(file.at("file"))}</td><td>${text(file.at("patient"))}</td><td>${text(
      file.at("core"),
    )}</td><td>${text(file.at("mode"))}</td><td class="n">${count(file.at("rows"))} × ${count(file.at("cols"))}</td><td class="n">${plain(
      file.at("pixelSizeUm"),
    )}</td><td class="n">${count(file.at("bands"))}</td><td class="n">${wavenumber(
      file.at("range").at(1),
    )}–${wavenumber(file.at("range").at(0))}</td><td class="n">${count(file.at("labelledPixels"))}</td><td>${text(file.at("origin"))}</td><td class="hash">${hash(file)}</td></tr>
`,
  );
  const caption = html`The ${count(page.findings.at("inputs").at("length"))} cubes that were read, as stored. Of the SHA-256 of each file the first places are printed; the whole stands in findings.json and under the pointer.`;
  return table(page, caption, head, rows, "small");
}

function hash(file: Evidence<InputFinding>): Html {
  const whole = given(file.at("sha256"));
  if (!whole) return text(file.at("sha256"));
  return html`<code title="${whole.value}" data-finding="${whole.path}" data-start>${whole.value.slice(0, 8)}</code>`;
}
