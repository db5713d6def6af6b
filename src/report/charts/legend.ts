import type { ClassStyle } from "../class-colours.js";
import { type Html, html } from "../html.js";

/** A name and its colour, or "hatch" for the hatching of pixels that are excluded. */
export interface Swatch {
  readonly name: string;
  readonly fill: string;
}

/** Names beside boxes of their colours. */
export function boxLegend(entries: readonly Swatch[]): Html {
  return html`<ul class="legend">${entries.map(
    ({ name, fill }) =>
      html`<li><svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="2" fill="${
        fill === "hatch" ? "#e8e8e8" : fill
      }" stroke="#5b6470" stroke-width="0.5"/>${
        fill === "hatch" ? html`<path d="M0 7L7 0M0 14L14 0M7 14L14 7" stroke="#969696" stroke-width="1.5"/>` : ""
      }</svg>${name}</li>`,
  )}</ul>`;
}

/** Names beside lines of their colours and dashes. */
export function lineLegend(styles: readonly ClassStyle[]): Html {
  return html`<ul class="legend">${styles.map(
    ({ name, line, dash }) =>
      html`<li><svg width="30" height="12" aria-hidden="true"><line x1="0" y1="6" x2="30" y2="6" stroke="${line}" stroke-width="2" stroke-dasharray="${dash}"/></svg>${name}</li>`,
  )}</ul>`;
}
