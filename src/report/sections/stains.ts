import type { StainFinding } from "../../cube/findings.js";
import { stackedBars } from "../charts/stacked-bars.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure } from "../figure.js";
import { type Html, html } from "../html.js";
import type { Page, Section } from "../page.js";
import { stainFigures } from "./stain-figures.js";
import { compositionTable, pairTable } from "./stain-tables.js";

/** The chart of all compositions shows this many cubes; the tables show all. */
const chartLimit = 60;

/** The stain of every cube; the modes of one core stand together. */
export function stains(page: Page): Section {
  const found = given(page.findings.at("stains"));
  const cubes = found ? each(found) : [];
  const content = cubes.length
    ? html`
${compositions(page, cubes)}
${groups(cubes).map((group) => cores(page, group))}
`
    : html`<p class="missing">There are no stain maps, because no cube was stained in this run.</p>`;
  return { id: "stain", title: "Digital stain", content };
}

/** Cubes of the same patient and core in different modes are one group; the order is that of the findings. */
export function groups(cubes: readonly Evidence<StainFinding>[]): Evidence<StainFinding>[][] {
  const found = new Map<string, Evidence<StainFinding>[]>();
  for (const cube of cubes) {
    const { patient, core, mode } = cube.value;
    const key = core !== undefined ? JSON.stringify([patient, core]) : cube.path;
    const group = found.get(key);
    if (!group) found.set(key, [cube]);
    else if (
      mode !== undefined &&
      group.every((other) => other.value.mode !== undefined && other.value.mode !== mode)
    ) {
      group.push(cube);
    } else found.set(cube.path, [cube]);
  }
  return [...found.values()];
}

function cores(page: Page, group: readonly Evidence<StainFinding>[]): Html {
  return html`
<section class="core">
${stainFigures(page, group)}
${group.length > 1 ? pairTable(page, group) : ""}
${group.map((cube) => compositionTable(page, cube))}
</section>
`;
}

function compositions(page: Page, cubes: readonly Evidence<StainFinding>[]): Html {
  const bars = cubes.slice(0, chartLimit).map(({ value }) => ({
    name: value.name,
    parts: value.composition
      .filter(({ percent }) => percent !== null)
      .map(({ name, pixels }) => ({ name, amount: pixels })),
  }));
  const fills = new Map([...page.styles.values()].map(({ name, fill }) => [name, fill]));
  const which = cubes.length > chartLimit ? "the first cubes of the run" : "every stained cube";
  return figure(
    page,
    stackedBars("Composition of the stained cubes by class", bars, fills),
    html`Composition of ${which}: shares of the classified pixels. Rejected and unclassified pixels are left out here and counted in the tables.`,
  );
}
