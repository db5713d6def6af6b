import type { Figure } from "../cube/findings.js";

/** A figure as text: value and 95 % interval, or why there is none. */
export function figure({ value, interval, reason }: Figure, withInterval = true): string {
  if (value === null) return `– (${reason ?? "not known"})`;
  return withInterval && interval
    ? `${value.toFixed(3)} (${interval[0].toFixed(3)}–${interval[1].toFixed(3)})`
    : value.toFixed(3);
}
