import type { Palette, StainMap } from "../cube/stain-map.js";
import { barePng } from "../stain/bare-png.js";
import { compositeBands } from "../stain/chemical.js";
import type { Composition } from "../stain/composition.js";
import type { Caption } from "../stain/figure.js";
import { classPaint, paintClasses } from "../stain/paint-classes.js";
import { compositePaint, paintComposite } from "../stain/paint-composite.js";
import { intensityPaint, type Plane, paintIntensity } from "../stain/paint-intensity.js";
import { labelPaint } from "../stain/paint-labels.js";
import { confidencePaint, paintConfidence, paintEntropy, paintProbability } from "../stain/paint-probabilities.js";
import { paintRejected, rejectedPaint } from "../stain/paint-rejected.js";
import type { Paint } from "../stain/raster.js";

/** What is drawn a pixel a pixel without lettering, for the report, which adds its own. */
export const bareKinds = ["classes", "confidence", "rejected", "amide-i", "composite", "labels"] as const;
export type BareKind = (typeof bareKinds)[number];

/** What is drawn as a figure with title, scale bar and legend; `classOf` is the place of a class in the model's labels. */
export type FigureKind =
  | "classes"
  | "confidence"
  | "entropy"
  | "rejected"
  | "amide-i"
  | "composite"
  | { readonly classOf: number };

export type PictureKind = { readonly bare: BareKind } | { readonly figure: FigureKind };

export interface DrawInput {
  readonly kind: PictureKind;
  readonly map: StainMap;
  readonly palette: Palette;
  readonly composition: Composition;
  readonly caption: Caption;
  /** Planes of the measurement: amide I, red, green, blue. */
  readonly chemical: readonly Float32Array[];
  readonly labels?: { readonly classNames: readonly string[]; readonly labels: Uint8Array };
}

/** Draw one picture as a PNG. */
export async function drawPicture(input: DrawInput): Promise<{ png: Uint8Array }> {
  const { kind, map } = input;
  if ("figure" in kind) return { png: await figureOf(kind.figure, input) };
  return { png: barePng(map.rows, map.cols, paintOf(kind.bare, input)) };
}

function figureOf(kind: FigureKind, input: DrawInput): Promise<Uint8Array> {
  const { map, palette, composition, caption } = input;
  if (typeof kind === "object") return paintProbability(map, map.classNames[map.labels[kind.classOf]], caption);
  const [amideI, red, green, blue] = planesOf(input);
  switch (kind) {
    case "classes":
      return paintClasses(map, composition, palette, caption);
    case "confidence":
      return paintConfidence(map, caption);
    case "entropy":
      return paintEntropy(map, caption);
    case "rejected":
      return paintRejected(map, composition, caption);
    case "amide-i":
      return paintIntensity(amideI, map.rows, map.cols, caption);
    case "composite":
      return paintComposite([red, green, blue], map.rows, map.cols, caption);
  }
}

function paintOf(kind: BareKind, input: DrawInput): Paint {
  const { map, palette, labels } = input;
  const [amideI, red, green, blue] = planesOf(input);
  switch (kind) {
    case "classes":
      return classPaint(map, palette);
    case "confidence":
      return confidencePaint(map);
    case "rejected":
      return rejectedPaint(map);
    case "amide-i":
      return intensityPaint(amideI);
    case "composite":
      return compositePaint([red, green, blue]);
    case "labels":
      return labelPaint({ classNames: labels!.classNames, labels: labels!.labels }, palette);
  }
}

/** The planes with their names: the amide I integral in cm-1, and the absorbance at the three bands of the composite. */
function planesOf({ chemical }: DrawInput): Plane[] {
  return chemical.map((values, i) =>
    i ? { name: `${compositeBands[i - 1].wavenumber} cm⁻¹`, values } : { name: "amide I", values, unit: "cm⁻¹" },
  );
}
