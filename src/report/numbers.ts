import type { Evidence } from "./evidence.js";
import { type Html, html } from "./html.js";

type Missing = null | undefined;

/** A number as text: fixed decimals, thousands apart by a narrow space, a true minus sign. */
export function format(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? "\u2212" : "";
  return sign + grouped + (fraction ? `.${fraction}` : "");
}

const absent = html`<span class="absent" title="not available">–</span>`;

/** A number of the findings rounded to `decimals`; a dash when it is missing or not finite. */
export function fixed(found: Evidence<number | Missing>, decimals: number): Html {
  const { value, path } = found;
  if (typeof value !== "number" || !Number.isFinite(value)) return absent;
  return html`<span data-finding="${path}">${format(value, decimals)}</span>`;
}

/** A wavenumber in whole cm-1, its thousands not set apart, as on every axis. */
export function wavenumber(found: Evidence<number | Missing>): Html {
  const { value, path } = found;
  if (typeof value !== "number" || !Number.isFinite(value)) return absent;
  return html`<span data-finding="${path}">${value.toFixed(0)}</span>`;
}

/** A count, in full. */
export function count(found: Evidence<number | Missing>): Html {
  return fixed(found, 0);
}

/** A number with as many digits as it was written with, at most six significant ones: pixel sizes, parameters. */
export function plain(found: Evidence<number | Missing>): Html {
  const { value, path } = found;
  if (typeof value !== "number" || !Number.isFinite(value)) return absent;
  return html`<span data-finding="${path}" data-digits="6">${String(Number(value.toPrecision(6))).replace("-", "\u2212")}</span>`;
}

/** A share in 0…1 of the findings, printed in per cent. */
export function percent(found: Evidence<number | Missing>, decimals = 1): Html {
  const { value, path } = found;
  if (typeof value !== "number" || !Number.isFinite(value)) return absent;
  return html`<span data-finding="${path}" data-scale="100">${format(100 * value, decimals)}\u00a0%</span>`;
}

/**
 * A count as per cent of the sum of counts that it is one of: the one thing a report works out, and it names both.
 * A dash when the whole is zero.
 */
export function share(
  part: Evidence<number>,
  whole: Evidence<readonly number[] | Readonly<Record<string, number>>>,
  decimals = 1,
): Html {
  const total = Object.values(whole.value).reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return absent;
  const printed = format((100 * part.value) / total, decimals);
  return html`<span data-finding="${part.path}" data-of="${whole.path}">${printed}\u00a0%</span>`;
}

/** A word of the findings: a name, a file, a reason. A dash when it is missing. */
export function text(found: Evidence<string | Missing>): Html {
  return found.value ? html`<span data-finding="${found.path}">${found.value}</span>` : absent;
}
