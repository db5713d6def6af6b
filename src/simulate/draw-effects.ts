import { type Random, random } from "../cube/random.js";
import { type Substance, substances } from "./band-tables.js";
import type { CohortPlan, CorePlan } from "./plan-cohort.js";

/** What makes a core's spectra its own: drawn for the patient, then for the core at half that size. */
export interface Effects {
  /** Factor on the weight of each substance in each class, 1 = as the recipe. */
  readonly weights: (className: string, substance: Substance) => number;
  /** Factor on the height of a band of a substance. */
  readonly bandHeight: (substance: Substance, band: number) => number;
  /** Factor on all absorbance: how thick the section is. */
  readonly thickness: number;
  /** Shift of all bands, cm-1. */
  readonly shift: number;
  /** Absorbance of the CH2 stretch of wax left in the section. */
  readonly wax: number;
  /** Weight of scatter inside the tissue, and added at its edges. */
  readonly scatter: number;
  readonly edgeScatter: number;
  /** Radius in µm and refractive index of two scatterers. */
  readonly scatterers: readonly { radius: number; index: number }[];
  /** Absorbance at 1350 cm-1 and its change from 900 to 1800 cm-1. */
  readonly offset: number;
  readonly slope: number;
}

/** How far a difficulty from 0 to 1 scales noise and effects: 0.4, at 0.5 just 1, to 1.6. */
export function severity(difficulty: number): number {
  return 0.4 + 1.2 * difficulty;
}

/**
 * Spread of the weights at an ordinary difficulty, as the standard deviation of a logarithm: over patients in all classes alike, over
 * patients in one class, and from place to place. Set so that the spectra of a class spread as real ones do (docs/validation.md).
 */
interface Spread {
  readonly patients: number;
  readonly ofClass: number;
  readonly places: number;
}
const proteins: Spread = { patients: 0.08, ofClass: 0.015, places: 0.05 };
const lipids: Spread = { patients: 0.27, ofClass: 0.03, places: 0.2 };
const spreads: Partial<Readonly<Record<Substance, Spread>>> = {
  "nucleic-acid": { patients: 0.14, ofClass: 0.02, places: 0.65 },
  phospholipid: lipids,
  triacylglycerol: lipids,
  glycogen: { patients: 0.9, ofClass: 0.03, places: 0.35 },
  mucin: { patients: 0.4, ofClass: 0.04, places: 0.4 },
};

/** How far the weight of a substance spreads. */
export function spreadOf(substance: Substance): Spread {
  return spreads[substance] ?? proteins;
}
/** Spread of the height of single bands: chemistry that the components do not know. */
const bandSpread = 0.03;

/** Draw the effects of a core: those of its patient, and half as large ones of its own. */
export function drawEffects(plan: CohortPlan, entry: CorePlan): Effects {
  const size = severity(plan.difficulty);
  const patient = random(entry.patientSeed);
  const core = random(entry.coreSeed).fork("core");
  const both = (name: string) => size * (patient.fork(name).normal() + 0.5 * core.fork(name).normal());
  const once = new Map<string, number>();
  const remembered = (name: string) => {
    const known = once.get(name) ?? both(name);
    once.set(name, known);
    return known;
  };
  const lots = core.fork("scatter");
  const scatterer = (stream: Random, low: number, high: number) => ({
    radius: low + (high - low) * stream.uniform(),
    index: 1.1 + 0.2 * stream.uniform(),
  });
  return {
    weights(className, substance) {
      const { patients, ofClass } = spreadOf(substance);
      return Math.exp(
        patients * remembered(`weight/${substance}`) + ofClass * remembered(`weight/${className}/${substance}`),
      );
    },
    bandHeight: (substance, band) => Math.exp((bandSpread * remembered(`band/${substance}/${band}`)) / Math.sqrt(1.25)),
    thickness: Math.exp(0.15 * both("thickness")),
    shift: 0.5 * both("shift"),
    wax: size * (0.05 * patient.fork("wax").uniform() + 0.01 * core.fork("wax").uniform()),
    scatter: 0.08 * lots.uniform() * size,
    edgeScatter: 0.05 + 0.25 * lots.uniform(),
    scatterers: [scatterer(lots, 2, 4), scatterer(lots, 4, 7.1)],
    offset: 0.01 * both("offset"),
    slope: 0.01 * both("slope"),
  };
}

/** The position of a substance in the component planes. */
export function planeOf(substance: Substance): number {
  return substances.indexOf(substance);
}
