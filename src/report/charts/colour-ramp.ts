import { scale } from "@observablehq/plot";
import { type Html, html } from "../html.js";

/** The colours of a picture of one number a pixel, low to high, with what its ends mean. The pictures take theirs from the same scheme. */
export function colourRamp(scheme: "viridis" | "inferno", low: Html | string, high: Html | string): Html {
  const colours = scale({ color: { type: "linear", domain: [0, 8], scheme } })!;
  const stops = Array.from({ length: 9 }, (_, i) => colours.apply(i) as string);
  return html`<div class="ramp"><span class="colours" style="background: linear-gradient(to right, ${stops.join(", ")})"></span><span>${low}</span><span>${high}</span></div>`;
}
