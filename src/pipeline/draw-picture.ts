import type { Palette, StainMap } from "../cube/stain-map.js";
import { barePng } from "../stain/bare-png.js";
import { compositeBands } from "../stain/chemical.js";
import type { Composition } from "../stain/composition.js";
import type { Caption } from "../stain/figure.js";
import { classPaint, paintClasses } from "../stain/paint-classes.js";
import { compositePaint } from "../stain/paint-composite.js";
import { intensityPaint, type Plane } from "../stain/paint-intensity.js";
import { labelPaint } from "../stain/paint-labels.js";
import { probabilityPaint } from "../stain/paint-probabilities.js";
import { rejectedPaint } from "../stain/paint-rejected.js";
import type { Paint } from "../stain/raster.js";

/** One picture of a stain: the figure with all lettering, or a bare map. */
export type PictureKind =
  | "figure"
  | "classes"
  | "confidence"
  | "entropy"
  | "rejected"
  | "amide-i"
  | "composite"
  | "labels"
  | { readonly classOf: number };

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
  const { kind, map, palette, composition, caption } = input;
  if (kind === "figure") return { png: await paintClasses(map, composition, palette, caption) };
  return { png: barePng(map.rows, map.cols, paintOf(kind, input)) };
}

function paintOf(kind: Exclude<PictureKind, "figure">, { map, palette, chemical, labels }: DrawInput): Paint {
  if (typeof kind === "object") return probabilityPaint.ofClass(map, kind.classOf);
  const planes = chemical.map((values, i): Plane => ({ name: i ? compositeBands[i - 1].channel : "amide I", values }));
  const [amideI, red, green, blue] = planes;
  switch (kind) {
    case "classes":
      return classPaint(map, palette);
    case "confidence":
      return probabilityPaint.confidence(map);
    case "entropy":
      return probabilityPaint.entropy(map);
    case "rejected":
      return rejectedPaint(map);
    case "amide-i":
      return intensityPaint(amideI);
    case "composite":
      return compositePaint([red, green, blue]);
    case "labels":
      return labelPaint({ rows: map.rows, cols: map.cols, ...labels! }, palette);
  }
}
