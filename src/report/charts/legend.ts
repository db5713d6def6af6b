import type { ClassStyle } from "../class-colours.js";
import { type Html, html } from "../html.js";

/** Names beside boxes of their colours. */
export function boxLegend(entries: readonly { readonly name: string; readonly fill: string }[]): Html {
  return html`<ul class="legend">${entries.map(
    ({ name, fill }) =>
      html`<li><svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="2" fill="${fill}" stroke="#5b6470" stroke-width="0.5"/></svg>${name}</li>`,
  )}</ul>`;
}

/** Names beside lines of their colours and dashes. */
export function lineLegend(styles: readonly ClassStyle[]): Html {
  return html`<ul class="legend">${styles.map(
    ({ name, line, dash }) =>
      html`<li><svg width="30" height="12" aria-hidden="true"><line x1="0" y1="6" x2="30" y2="6" stroke="${line}" stroke-width="2" stroke-dasharray="${dash}"/></svg>${name}</li>`,
  )}</ul>`;
}
