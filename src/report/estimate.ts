import type { Counts, Figure } from "../cube/findings.js";
import { type Evidence, given } from "./evidence.js";
import { type Html, html } from "./html.js";
import { count, fixed, text } from "./numbers.js";

const decimals: Record<Figure["unit"], number> = { "1": 3, "%": 1, mm2: 3, pixels: 0, "cm-1": 1, um: 1 };
const units: Record<Figure["unit"], string> = {
  "1": "",
  "%": "\u00a0%",
  mm2: " mm²",
  pixels: " pixels",
  "cm-1": " cm⁻¹",
  um: " µm",
};

/** The value of a figure alone; a dash when there is none. */
export function estimateValue(figure: Evidence<Figure>): Html {
  const { unit, value } = figure.value;
  return html`${fixed(figure.at("value"), decimals[unit])}${value === null ? "" : units[unit]}`;
}

/** The 95 % interval of a figure as "low–high"; nothing when there is none. */
export function estimateInterval(figure: Evidence<Figure>): Html | undefined {
  const interval = given(figure.at("interval"));
  if (!interval) return undefined;
  const places = decimals[figure.value.unit];
  return html`<span class="interval">${fixed(interval.at(0), places)}–${fixed(interval.at(1), places)}</span>`;
}

/** A figure as "value (low–high)", with the reason in words where the value or its interval is missing. */
export function estimate(figure: Evidence<Figure>): Html {
  const interval = estimateInterval(figure);
  const reason = given(figure.at("reason"));
  return html`${estimateValue(figure)}${interval && html` <span class="interval">(${interval})</span>`}${
    reason && html` <span class="reason">${text(reason)}</span>`
  }`;
}

/** How many of what, in words: "12 patients, 24 cores, 48 000 pixels". */
export function counts(found: Evidence<Counts>): Html {
  return html`${count(found.at("patients"))} patients, ${count(found.at("cores"))} cores, ${count(found.at("pixels"))} pixels`;
}
