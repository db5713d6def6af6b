import { basename } from "node:path";
import { reasons } from "../../cube/rejected.js";
import { stackedBars } from "../charts/stacked-bars.js";
import { css } from "../class-colours.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, share, text } from "../numbers.js";
import type { Page, Section } from "../page.js";

/** The chart shows this many cubes; the table shows all. */
const chartLimit = 40;

const known: readonly string[] = reasons.map(({ name }) => name);

/** The pixels of one cube by reason, `kept` among them. */
interface Sorted {
  readonly label: string;
  readonly name: Html;
  readonly pixels: Html;
  readonly byReason: Evidence<Readonly<Record<string, number>>>;
}

/** Which pixels were kept and which were not, and why: those that were read for fitting, and all of every stained cube. */
export function quality(page: Page): Section {
  const read = given(page.findings.at("quality"));
  const stained = given(page.findings.at("stains"));
  const annotated = (read ? each(read) : []).map((cube): Sorted => {
    const label = basename(cube.value.file);
    return { label, name: text(cube.at("file")), pixels: count(cube.at("pixels")), byReason: cube.at("byReason") };
  });
  const whole = (stained ? each(stained) : []).map((cube): Sorted => {
    const pixels = html`${count(cube.at("rows"))} × ${count(cube.at("cols"))}`;
    return { label: cube.value.name, name: text(cube.at("name")), pixels, byReason: cube.at("rejected") };
  });
  const content = html`${annotated.length ? sorted(page, "Annotated pixels that were read for fitting", annotated) : ""}
${whole.length ? sorted(page, "All pixels of the stained cubes", whole) : ""}
${annotated.length || whole.length ? meanings([...annotated, ...whole]) : html`<p class="missing">Pixels were not examined for quality in this run.</p>`}`;
  return { id: "quality", title: "Quality of the pixels", content };
}

function sorted(page: Page, title: string, cubes: readonly Sorted[]): Html {
  const present = presentIn(cubes);
  const head = html`<tr><th scope="col">Cube</th><th scope="col" class="n">Pixels</th><th scope="col" class="n">Kept share</th>${present.map(
    (name) => html`<th scope="col" class="n">${name}</th>`,
  )}</tr>`;
  const rows = cubes.map(
    ({ name, pixels, byReason }) => html`<tr><td class="file">${name}</td><td class="n">${pixels}</td><td class="n">${
      byReason.value.kept === undefined ? "" : share(byReason.at("kept"), byReason)
    }</td>${present.map(
      (reason) => html`<td class="n">${byReason.value[reason] === undefined ? "" : count(byReason.at(reason))}</td>`,
    )}</tr>
`,
  );
  return html`<h3>${title}</h3>
${present.some((name) => name !== "kept") ? bars(page, title, cubes, present) : html`<p>None of them was rejected.</p>`}
${table(page, html`${title}, by reason. A pixel has the first reason that applied; a rejected pixel takes no part in anything that follows.`, head, rows, "small")}
`;
}

function bars(page: Page, title: string, cubes: readonly Sorted[], present: readonly string[]): Html {
  const keptShare = ({ byReason: { value } }: Sorted) =>
    (value.kept ?? 0) / Object.values(value).reduce((sum, amount) => sum + amount, 0);
  const few = cubes.length <= chartLimit;
  const drawn = few ? cubes : [...cubes].sort((a, b) => keptShare(a) - keptShare(b)).slice(0, chartLimit);
  const colours = new Map(
    present.map((name) => [name, css(reasons.find((reason) => reason.name === name)?.colour ?? [119, 119, 119])]),
  );
  const parts = drawn.map(({ label, byReason: { value } }) => ({
    name: label,
    parts: Object.entries(value).map(([name, amount]) => ({ name, amount })),
  }));
  return figure(
    page,
    stackedBars(`${title}: share kept and rejected, by reason`, parts, colours),
    html`${title}, kept and rejected by reason${few ? "" : ": the cubes with the smallest share kept"}.`,
  );
}

/** The reasons that occur, in the order of their codes; names that are not known here come last. */
function presentIn(cubes: readonly Sorted[]): string[] {
  const foreign = cubes.flatMap(({ byReason }) => Object.keys(byReason.value)).filter((name) => !known.includes(name));
  return [...known, ...new Set(foreign)].filter((name) => cubes.some(({ byReason }) => byReason.value[name] > 0));
}

function meanings(cubes: readonly Sorted[]): Html {
  const present = presentIn(cubes);
  return html`<dl class="meanings">${reasons
    .filter(({ name }) => present.includes(name))
    .map(({ name, text: meaning }) => html`<div><dt>${name}</dt><dd>${meaning}</dd></div>`)}</dl>
`;
}
