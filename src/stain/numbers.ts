/** A count with commas between the thousands. */
export function countText(count: number): string {
  return count.toLocaleString("en-GB");
}

/** Three significant digits without an exponent or trailing zeros; "–" for what is not known. */
export function digitsText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  return value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });
}

/** An area in mm² with three significant digits. */
export function areaText(mm2: number): string {
  return mm2.toLocaleString("en-GB", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}

/** One digit after the point; "–" for what is not known. */
export function percentText(value: number | null): string {
  return value === null ? "–" : value.toFixed(1);
}
