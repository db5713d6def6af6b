import { basename } from "node:path";
import type { QualityFinding } from "../../cube/findings.js";
import { reasons } from "../../cube/rejected.js";
import { stackedBars } from "../charts/stacked-bars.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, share, text } from "../numbers.js";
import type { Page, Section } from "../page.js";

const fills: Readonly<Record<string, string>> = {
  kept: "#8fb8a8",
  "no tissue": "#e3e6ea",
  "not finite": "#1f2328",
  saturated: "#d55e00",
  "amide I": "#cc79a7",
  noise: "#56b4e9",
  constant: "#8b6f4e",
  masked: "#aab2bd",
  "outside domain": "#6a4c93",
  unclassified: "#f0c541",
};

/** The chart shows this many cubes; the table shows all. */
const chartLimit = 40;

/** Which pixels were kept and which were not, and why. */
export function quality(page: Page): Section {
  const found = given(page.findings.at("quality"));
  const cubes = found ? each(found) : [];
  const content = cubes.length
    ? qualityContent(page, cubes)
    : html`<p class="missing">Pixels were not examined for quality in this run.</p>`;
  return { id: "quality", title: "Quality of the pixels", content };
}

function qualityContent(page: Page, cubes: readonly Evidence<QualityFinding>[]): Html {
  const known: readonly string[] = reasons.map(({ name }) => name);
  const foreign = cubes.flatMap(({ value }) => Object.keys(value.byReason)).filter((name) => !known.includes(name));
  const present = [...known, ...new Set(foreign)].filter((name) =>
    cubes.some(({ value }) => (value.byReason[name] ?? 0) > 0),
  );
  const keptShare = ({ value }: Evidence<QualityFinding>) => (value.byReason.kept ?? 0) / value.pixels;
  const drawn =
    cubes.length > chartLimit ? [...cubes].sort((a, b) => keptShare(a) - keptShare(b)).slice(0, chartLimit) : cubes;
  const bars = drawn.map(({ value }) => ({
    name: basename(value.file),
    parts: Object.entries(value.byReason).map(([name, amount]) => ({ name, amount })),
  }));
  const colours = new Map(present.map((name) => [name, fills[name] ?? "#777777"]));
  const which = drawn === cubes ? "all pixels of every cube" : "all pixels of the cubes with the smallest share kept";
  const head = html`<tr><th scope="col">Cube</th><th scope="col" class="n">Pixels</th><th scope="col" class="n">Kept share</th>${present.map(
    (name) => html`<th scope="col" class="n">${name}</th>`,
  )}</tr>`;
  const rows = cubes.map(
    (cube) => html`<tr><td class="file">${text(cube.at("file"))}</td><td class="n">${count(
      cube.at("pixels"),
    )}</td><td class="n">${share(kept(cube), cube.at("pixels"))}</td>${present.map(
      (name) =>
        html`<td class="n">${cube.value.byReason[name] === undefined ? "" : count(cube.at("byReason").at(name))}</td>`,
    )}</tr>
`,
  );
  const meanings = reasons.filter(({ name }) => present.includes(name));
  return html`
${figure(
  page,
  stackedBars("Share of the pixels of each cube kept and rejected, by reason", bars, colours),
  html`Pixels kept and rejected by reason; ${which}.`,
)}
${table(page, html`Pixels by reason. A pixel has the first reason that applied; a rejected pixel takes no part in anything that follows.`, head, rows, "small")}
<dl class="meanings">${meanings.map(({ name, text: meaning }) => html`<div><dt>${name}</dt><dd>${meaning}</dd></div>`)}</dl>
`;
}

function kept(cube: Evidence<QualityFinding>): Evidence<number> {
  return cube.at("byReason").at("kept");
}
