import { power } from "../cube/power.js";
import { random, shuffle } from "../cube/random.js";
import { type CohortPlan, type CorePlan, check } from "./plan-cohort.js";

/** What a simulated diagnostic study is to be. All but the seed have defaults. */
export interface BiopsyOptions {
  readonly seed: number;
  /** Biopsies; 61 if not given, 35 of them malignant, of 59 patients: two of these have two malignant biopsies each. */
  readonly biopsies?: number;
  /** Edge of the patches that sizes are counted in, µm; 160 if not given. */
  readonly patchUm?: number;
  /** Fewest and most patches of a biopsy; 12 and 120 if not given. */
  readonly patches?: readonly [fewest: number, most: number];
  /** Smallest and largest share of the area that a tumour is to take, drawn evenly on a logarithmic scale; 0.005 and 0.6 if not given. */
  readonly tumour?: readonly [least: number, most: number];
  /** Whose biopsies have pools of blood in some of their patches, from the needle; "none" if not given. */
  readonly confounder?: "none" | "benign" | "malignant";
  /** So many of the malignant biopsies, the last ones, have a tumour that has died; 0 if not given. */
  readonly necrotic?: number;
  /** "coarse" if not given: the scene is sampled once a pixel. */
  readonly optics?: "fine" | "coarse";
  readonly difficulty?: number;
  readonly start?: number;
  readonly stop?: number;
  readonly step?: number;
}

/** Pixels of HD in a pixel of SD, along an edge, and their size in µm. */
const BOX = 5;
const GRID_UM = 1.1;

/**
 * Lay out a diagnostic study in SD: 35 in 61 biopsies are malignant, and one patient in thirty has two malignant biopsies. Sizes are drawn evenly on a logarithmic scale, too.
 */
export function planBiopsies(options: BiopsyOptions): CohortPlan {
  const { seed, biopsies = 61, patchUm = 160, patches = [12, 120], confounder = "none", necrotic = 0 } = options;
  const { tumour = [0.005, 0.6] } = options;
  const { optics = "coarse", difficulty = 0.5, start = 899, stop = 1801, step = 3.857 } = options;
  const whole = (n: number, low: number, high: number) => Number.isInteger(n) && n >= low && n <= high;
  check("seed", seed, Number.isSafeInteger(seed), "a whole number");
  check("biopsies", biopsies, whole(biopsies, 2, 10_000), "a whole number from 2 to 10000");
  check("patch", patchUm, patchUm >= 40 && patchUm <= 1000, "from 40 to 1000 µm");
  const [fewest, most] = patches;
  const sizes = whole(fewest, 4, most) && whole(most, fewest, 100_000);
  check("patches", patches, sizes, "two whole numbers, the first at least 4 and not above the second");
  const shares = tumour[0] > 0 && tumour[0] <= tumour[1] && tumour[1] <= 0.8;
  check("tumour", tumour, shares, "two shares above 0, the first not above the second and that at most 0.8");
  check("difficulty", difficulty, difficulty >= 0 && difficulty <= 1, "from 0 to 1");
  check("start", start, start >= 800 && start < 4000, "from 800 to 4000 cm-1");
  check("stop", stop, stop > start && stop <= 4000, "above start and at most 4000 cm-1");
  check("step", step, step >= 0.5 && step <= (stop - start) / 9, "at least 0.5 cm-1 and small enough for 10 bands");
  const sick = Math.min(biopsies - 1, Math.max(1, Math.round((35 / 61) * biopsies)));
  check("necrotic", necrotic, whole(necrotic, 0, sick), `a whole number from 0 to ${sick}, the malignant biopsies`);
  const twice = Math.min(Math.floor(sick / 2), Math.round(biopsies / 30));

  const stream = random(seed).fork("biopsies");
  const diagnoses = shuffle(
    Array.from({ length: biopsies }, (_, i): "cancer" | "benign" => (i < sick ? "cancer" : "benign")),
    stream.fork("diagnoses"),
  );
  const digits = Math.max(2, String(biopsies).length);
  const name = (letter: string, n: number) => `${letter}${String(n).padStart(digits, "0")}`;
  const edge = Math.round(patchUm / (BOX * GRID_UM)) * BOX;
  // The first malignant biopsies come in pairs of one patient.
  const malignant = diagnoses.flatMap((diagnosis, i) => (diagnosis === "cancer" ? [i] : []));
  const second = new Map(Array.from({ length: twice }, (_, pair) => [malignant[2 * pair + 1], malignant[2 * pair]]));
  const dead = new Set(malignant.slice(malignant.length - necrotic));
  const patientOf: number[] = [];
  let patients = 0;
  for (let i = 0; i < biopsies; i++) {
    const before = second.get(i);
    patientOf.push(before === undefined ? ++patients : patientOf[before]);
  }
  const entries = diagnoses.map((diagnosis, i): CorePlan => {
    const lots = stream.fork(i);
    const wanted = fewest * power(most / fewest, lots.uniform());
    const aspect = 1 + 2 * lots.uniform();
    const down = Math.max(2, Math.round(Math.sqrt(wanted / aspect)));
    const across = Math.max(2, Math.round(wanted / down));
    const share = tumour[0] * power(tumour[1] / tumour[0], lots.uniform());
    const lakes = 2 + lots.integer(3);
    const marked = confounder === (diagnosis === "cancer" ? "malignant" : "benign");
    // Patients of a study are others than those of annotated cores: their names begin with D.
    const patient = name("D", patientOf[i]);
    return {
      patient,
      core: name("B", i + 1),
      slide: `S-${name("B", i + 1)}`,
      diagnosis,
      patientSeed: `${seed}/study/${patient}`,
      coreSeed: `${seed}/study/${patient}/${i + 1}`,
      biopsy: {
        name: name("B", i + 1),
        rows: down * edge,
        cols: across * edge,
        tumour: diagnosis === "benign" ? 0 : dead.has(i) ? 0.2 + 0.15 * lots.uniform() : share,
        necrotic: dead.has(i),
        lakes: marked ? lakes : 0,
        lakeRadius: 0.45 * edge,
      },
    };
  });
  const size = { rows: edge, cols: edge };
  return { seed, ...size, modes: ["SD"], labelled: 0, difficulty, start, stop, step, optics, entries };
}
