import type { Figure } from "../cube/findings.js";

/** A p of a null test in two significant digits, such as 0.06. */
export function pValue(p: number): string {
  return String(Number(p.toPrecision(2)));
}

/** A figure as text: value and 95 % interval, or why there is none. */
export function figure({ value, interval, reason }: Figure, withInterval = true): string {
  if (value === null) return `– (${reason ?? "not known"})`;
  return withInterval && interval
    ? `${value.toFixed(3)} (${interval[0].toFixed(3)}–${interval[1].toFixed(3)})`
    : value.toFixed(3);
}
