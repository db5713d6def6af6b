import { SpectraError } from "../cube/errors.js";
import type { Palette } from "../cube/stain-map.js";

type Colour = readonly [red: number, green: number, blue: number];

/** The colour of what has no class; no palette gives it to a class. */
export const unclassifiedColour: Colour = [217, 217, 217];

/** Names of label value 0, which is no class and uses up no colour. */
const notAClass = new Set(["unclassified", "unlabelled"]);

/**
 * Colours for class names that a palette does not know, in this order. The first eight are Okabe and Ito's ("Color universal
 * design", 2008), the rest are from Tol's "muted" scheme (SRON technical note 09-002). Only among the first six do all pairs stay
 * more than 20 ΔE*ab apart under simulated protanopia, deuteranopia and tritanopia; beyond them, read the legend.
 */
const distinct: readonly Colour[] = [
  [213, 94, 0],
  [0, 114, 178],
  [86, 180, 233],
  [204, 121, 167],
  [240, 228, 66],
  [0, 0, 0],
  [0, 158, 115],
  [230, 159, 0],
  [136, 34, 85],
  [153, 153, 51],
  [51, 34, 136],
  [221, 204, 119],
];

/** The profile of OpenVibSpec's `change2color_profile`: colour i belongs to the i-th class, whatever its name. */
const openVibSpec: readonly Colour[] = [
  [255, 145, 145],
  [255, 255, 0],
  [171, 135, 115],
  [0, 255, 255],
  [0, 255, 0],
  [0, 128, 255],
  [255, 0, 128],
  [255, 0, 255],
  [255, 128, 0],
  [0, 0, 0],
  [255, 0, 0],
  [128, 0, 128],
  [0, 0, 196],
  [64, 191, 255],
  [255, 255, 255],
  [0, 0, 255],
  [0, 196, 0],
  [128, 128, 0],
  [196, 0, 0],
  [0, 196, 196],
];

/**
 * The named palettes as data: colours by class name in lower case, and the list that other names take theirs from, in order.
 *
 * `colour-blind-safe` (the default): six of Okabe and Ito's colours, every pair more than 20 ΔE*ab apart under simulated protanopia,
 * deuteranopia and tritanopia (Machado, Oliveira and Fernandes 2009).
 * `pathologist`: QuPath's defaults for tumour, stroma, immune cells, necrosis and "other" (here blood, whose red would not be told
 * from the tumour's), and the green that annotators give to normal epithelium. Not safe for the colour-blind.
 * `openvibspec`: the colours of OpenVibSpec in the order of the classes.
 */
export const palettes = {
  "colour-blind-safe": {
    named: {
      cancer: [213, 94, 0],
      benign: [0, 114, 178],
      stroma: [86, 180, 233],
      inflammation: [204, 121, 167],
      blood: [240, 228, 66],
      necrosis: [0, 0, 0],
    },
    others: distinct,
  },
  pathologist: {
    named: {
      cancer: [200, 0, 0],
      benign: [0, 255, 0],
      stroma: [150, 200, 150],
      inflammation: [160, 90, 160],
      blood: [255, 200, 0],
      necrosis: [50, 50, 50],
    },
    others: distinct,
  },
  openvibspec: { named: {}, others: openVibSpec },
} as const satisfies Record<string, { named: Palette; others: readonly Colour[] }>;

export type PaletteName = keyof typeof palettes;

/**
 * Give every class name a colour: the palette's own where it knows the name (case does not matter), otherwise the next colour of its
 * list that is not yet taken, in the order of `classNames`; after the last it starts again, so that colours repeat.
 * "unclassified" and "unlabelled" are light grey and use up no colour. Default palette: `colour-blind-safe`.
 */
export function paletteFor(classNames: readonly string[], name: string = "colour-blind-safe"): Palette {
  if (!Object.hasOwn(palettes, name)) {
    throw new SpectraError(
      "params",
      "palette",
      `there is no palette "${name}"; choose from ${Object.keys(palettes).join(", ")}`,
    );
  }
  const { named, others }: { named: Palette; others: readonly Colour[] } = palettes[name as PaletteName];
  const known = new Map(Object.entries(named));
  const taken = new Set(classNames.flatMap((each) => known.get(each.toLowerCase())?.join() ?? []));
  const free = others.filter((colour) => !taken.has(colour.join()));
  let next = 0;
  // fromEntries, because a class named "__proto__" assigned by [] would be lost.
  return Object.fromEntries(
    classNames.map((each) => {
      if (notAClass.has(each.toLowerCase())) return [each, unclassifiedColour];
      return [each, known.get(each.toLowerCase()) ?? free[next++ % free.length]];
    }),
  );
}

/** The colour of a class; light grey for a name that the palette lacks. */
export function colourOf(palette: Palette, className: string): Colour {
  return Object.hasOwn(palette, className) ? palette[className] : unclassifiedColour;
}
