import { type Html, html } from "../html.js";
import type { Page } from "../page.js";

/** A small square in the colour of a class, before its name in a table; nothing for what is not a class. */
export function swatch(page: Page, name: string, fill = page.styles.get(name)?.fill): Html | undefined {
  return fill
    ? html`<svg class="swatch" width="11" height="11" aria-hidden="true"><rect width="11" height="11" rx="2" fill="${fill}" stroke="#5b6470" stroke-width="0.5"/></svg>`
    : undefined;
}
