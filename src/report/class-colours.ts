import type { Findings } from "../cube/findings.js";

type Rgb = readonly [number, number, number];

/** Okabe and Ito's set without black: told apart with any of the common colour vision deficiencies. */
const fallback: readonly Rgb[] = [
  [213, 94, 0],
  [0, 114, 178],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [120, 94, 60],
  [90, 90, 90],
];

/** Dashes, so that lines are told apart without colour. */
const dashes = ["", "7 3", "2 2.5", "9 3 2 3", "5 2 1 2 1 2", "12 3"];

/** How a class looks: `fill` as in the stain, `line` dark enough to be seen as a thin line on white. */
export interface ClassStyle {
  readonly name: string;
  readonly fill: string;
  readonly line: string;
  readonly dash: string;
}

/** Class names in the order of the report: as validated, else as in the spectra, else as stained. */
export function classNames(findings: Findings): string[] {
  const stained = (findings.stains ?? []).flatMap((stain) =>
    stain.composition.filter((part) => part.percent !== null).map((part) => part.name),
  );
  const spectra = findings.spectra?.classes.map((each) => each.name) ?? [];
  const curves = findings.validation?.roc.map((each) => each.name) ?? [];
  return [...new Set([...(findings.validation?.classNames ?? []), ...curves, ...spectra, ...stained])];
}

/** The look of every class, the same in all charts and tables of a report. */
export function classStyles(findings: Findings): Map<string, ClassStyle> {
  const stained = (findings.stains ?? []).flatMap((stain) => stain.composition);
  // A map, because a class may be called "constructor".
  const palette = new Map(Object.entries(findings.palette ?? {}));
  return new Map(
    classNames(findings).map((name, i) => {
      const own = palette.get(name) ?? stained.find((part) => part.name === name)?.colour;
      const colour = own ?? fallback[i % fallback.length];
      return [name, { name, fill: css(colour), line: css(darkened(colour)), dash: dashes[i % dashes.length] }];
    }),
  );
}

/** An sRGB colour for CSS. */
export function css(colour: Rgb): string {
  return `rgb(${colour.map((value) => Math.round(Math.min(255, Math.max(0, value)))).join(" ")})`;
}

/** Darken a colour, keeping its hue, until it stands out from white by 3 : 1. Source: WCAG 2.1, success criterion 1.4.11. */
export function darkened(colour: Rgb): Rgb {
  let shade = colour;
  while (contrastWithWhite(shade) < 3) shade = [shade[0] * 0.95, shade[1] * 0.95, shade[2] * 0.95];
  return shade;
}

/** Contrast ratio of an sRGB colour with white, 1…21. Source: WCAG 2.1, definitions of contrast ratio and relative luminance. */
export function contrastWithWhite(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const c = value / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}
