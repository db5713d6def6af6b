/** A column of a table that holds a band: its place on the axis, and the unit that stands beside it. */
export interface BandHeader {
  readonly value: number;
  readonly unit?: string;
}

const number = String.raw`[+−-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?`;
const header = new RegExp(
  // R writes X900.0, and X900.0.cm.1 for "900.0 cm-1".
  String.raw`^(x(?=\d{3})|(?:wn|wavenumbers?|wavelengths?|nu|ν|λ|bands?)[ _:=]*)?(${number})[ _.]*[[(]?([^\d\s[(][^\])]*|1/cm)?[\])]?$`,
  "iu",
);
const units =
  /^(cm ?(\^|\*\*)? ?[({]?[-−–]1[)}]?|cm⁻¹|cm\.1|1 ?\/ ?cm|µm|μm|um|microns?|micromet(er|re)s?|nm|nanomet(er|re)s?)$/i;

/** What a header says of a band: a number, alone or with a unit; undefined for anything else. */
export function bandHeader(text: string): BandHeader | undefined {
  const [, , digits, unit] = header.exec(text.normalize("NFC").trim()) ?? [];
  if (digits === undefined || (unit !== undefined && !units.test(unit.trim()))) return undefined;
  const value = Number(digits.replace(",", ".").replace("−", "-"));
  const said = unit?.trim().toLowerCase().replaceAll("μ", "µ");
  return { value, unit: said === undefined || /^µm|^um|^micro|^n/.test(said) ? said : "cm-1" };
}

/** The columns with bands, and what they say, in the order of the header. */
export function bandColumns(fields: readonly string[]): { readonly column: number; readonly band: BandHeader }[] {
  return fields.flatMap((field, column) => {
    const band = bandHeader(field);
    return band ? [{ column, band }] : [];
  });
}
