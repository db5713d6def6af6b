import type { CompositionFinding, StainFinding } from "../../cube/findings.js";
import { css } from "../class-colours.js";
import { type Evidence, each, entries, given } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, text } from "../numbers.js";
import type { Page } from "../page.js";
import { swatch } from "./swatch.js";

/** What a stained cube is made of, why pixels were left out, and how it agrees with its own labels. */
export function compositionTable(page: Page, stain: Evidence<StainFinding>): Html {
  const known = stain.value.pixelSizeUm !== undefined;
  const agreement = given(stain.at("scores"))?.at("auc");
  const head = html`<tr><th scope="col">Class</th><th scope="col" class="n">Pixels</th><th scope="col" class="n">Share / %</th><th scope="col" class="n">Area / mm²</th><th scope="col" class="n">Mean probability</th>${
    agreement && html`<th scope="col" class="n">AUC against labels</th>`
  }</tr>`;
  const rows = each(stain.at("composition")).map(
    (part) => html`<tr><th scope="row">${swatch(page, part.value.name, css(part.value.colour))}${text(
      part.at("name"),
    )}</th><td class="n">${count(part.at("pixels"))}</td><td class="n">${fixed(part.at("percent"), 1)}</td><td class="n">${fixed(
      part.at("areaMm2"),
      4,
    )}</td><td class="n">${fixed(part.at("meanProbability"), 3)}</td>${
      agreement &&
      html`<td class="n">${part.value.name in agreement.value ? fixed(agreement.at(part.value.name), 3) : ""}</td>`
    }</tr>
`,
  );
  const mode = given(stain.at("mode"));
  const caption = html`Composition of ${text(stain.at("name"))}${mode && html`, ${text(mode)}`}. Shares are of the classified pixels.${
    known ? "" : " Areas are not given, because the pixel size is not known."
  }${agreement ? " A dash under AUC: the labels do not allow one." : ""} ${rejected(stain)} ${labels(stain)}${polygons(stain)}`;
  return table(page, caption, head, rows);
}

function rejected(stain: Evidence<StainFinding>): Html {
  const found = entries(stain.at("rejected")).filter(([name, { value }]) => name !== "kept" && value > 0);
  if (!found.length) return html`No pixel was rejected.`;
  return html`Without a class: ${join(
    found.map(([name, pixels]) => html`<span data-key="${pixels.path}">${name}</span> ${count(pixels)}`),
    ", ",
  )} pixels.`;
}

/** Said where the file of polygons is not the whole map. */
function polygons(stain: Evidence<StainFinding>): Html | undefined {
  const found = given(stain.at("polygons"));
  if (!found?.value.leftOut.regions) return undefined;
  const leftOut = found.at("leftOut");
  return html` The file of polygons leaves out ${count(leftOut.at("regions"))} regions of fewer than ${count(
    found.at("minimumPixels"),
  )} pixels, ${count(leftOut.at("pixels"))} pixels in all; tables and maps hold them.`;
}

function labels(stain: Evidence<StainFinding>): Html {
  const scores = given(stain.at("scores"));
  if (!scores) return html`The cube carries no labels to compare with.`;
  return html`Against its own ${count(scores.at("labelledPixels"))} labelled pixels the accuracy is ${fixed(
    scores.at("accuracy"),
    3,
  )}; that is a figure of one cube, without an interval.`;
}

/** Shares of the classes in every mode of one core, side by side. */
export function pairTable(page: Page, group: readonly Evidence<StainFinding>[]): Html {
  const names = [
    ...new Set(
      group.flatMap(({ value }) => value.composition.filter((part) => part.percent !== null).map((part) => part.name)),
    ),
  ];
  const head = html`<tr><th scope="col">Class</th>${group.map(
    (cube) =>
      html`<th scope="col" class="n">${text(cube.at("mode"))}: share / %</th><th scope="col" class="n">${text(
        cube.at("mode"),
      )}: area / mm²</th>`,
  )}</tr>`;
  const rows = names.map((name) => {
    const cells = group.map((cube) => {
      const part = each(cube.at("composition")).find(({ value }: Evidence<CompositionFinding>) => value.name === name);
      if (!part) return html`<td></td><td></td>`;
      return html`<td class="n">${fixed(part.at("percent"), 1)}</td><td class="n">${fixed(part.at("areaMm2"), 4)}</td>`;
    });
    const named = group
      .flatMap((cube) => each(cube.at("composition")))
      .find(({ value }: Evidence<CompositionFinding>) => value.name === name)!;
    return html`<tr><th scope="row">${swatch(page, name)}${text(named.at("name"))}</th>${cells}</tr>
`;
  });
  return table(page, html`The modes of core ${text(group[0].at("core"))} compared.`, head, rows);
}
