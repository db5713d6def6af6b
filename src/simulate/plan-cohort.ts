import { SpectraError } from "../cube/errors.js";
import { random, shuffle } from "../cube/random.js";

/** Standard definition: 5.5 µm a pixel; high definition: 1.1 µm. */
export type Mode = "SD" | "HD";

/** What a simulated cohort is to be. All but the seed have defaults. */
export interface CohortOptions {
  /** Equal seeds give equal bytes. */
  readonly seed: number;
  /** Patients; 12 if not given. */
  readonly patients?: number;
  /** Cores a patient; 1 if not given. */
  readonly cores?: number;
  /** Columns of the HD cube, 1.1 µm each, a multiple of 5; SD has a fifth of it. 320 if not given. */
  readonly size?: number;
  /** Rows of the HD cube, a multiple of 5; as many as columns if not given. Only a square core is round. */
  readonly height?: number;
  /** "SD", "HD" or both; both if not given. */
  readonly modes?: readonly string[];
  /** Share of the tissue pixels that is annotated, above 0 and at most 0.5; 0.08 if not given. */
  readonly labelled?: number;
  /** From 0, easy, to 1, hard: scales noise, the effect of the patient and how alike cancer and benign are; 0.5 if not given. */
  readonly difficulty?: number;
  /** White noise of HD: "raw", as measured, or "denoised", a fourth of it, as denoising leaves it; "raw" if not given. */
  readonly noise?: string;
  /** Whether light is reflected in a film: a sine over the spectrum; false if not given. */
  readonly fringes?: boolean;
  /** First wavenumber, cm-1; 899 if not given. */
  readonly start?: number;
  /** No wavenumber is above this one, cm-1; 1801 if not given. */
  readonly stop?: number;
  /** Spacing, cm-1; 3.857 if not given, a 4 cm-1 instrument's with zero filling of one. */
  readonly step?: number;
}

/** One core: who it is from, and the seeds from which all that is particular to it is drawn again. */
export interface CorePlan {
  /** "P01", "P02", … */
  readonly patient: string;
  /** "P01-C1", … */
  readonly core: string;
  /** One slide a patient: "S01", … */
  readonly slide: string;
  readonly diagnosis: "cancer" | "benign";
  /** Draws what all cores of the patient share. */
  readonly patientSeed: string;
  /** Draws the scene and what only this core has. */
  readonly coreSeed: string;
  /** What makes it a biopsy of a diagnostic study, and not a core. */
  readonly biopsy?: BiopsyPlan;
}

/** A biopsy: benign and malignant ones have the same tissue, and the malignant a tumour in it. */
export interface BiopsyPlan {
  /** "B01", "B02", … */
  readonly name: string;
  /** HD rows and columns. */
  readonly rows: number;
  readonly cols: number;
  /** Share of the area that the tumour is to take; 0 in benign ones. */
  readonly tumour: number;
  /** Whether the tumour has died, but for a rim of cells. */
  readonly necrotic: boolean;
  /** Pools of blood from the needle: how many, and the radius of one, HD pixels. */
  readonly lakes: number;
  readonly lakeRadius: number;
}

/** A cohort to be simulated, as plain data. */
export interface CohortPlan {
  readonly seed: number;
  /** HD rows and columns. */
  readonly rows: number;
  readonly cols: number;
  readonly modes: readonly Mode[];
  readonly labelled: number;
  readonly difficulty: number;
  /** White noise of HD; "raw" if not given. */
  readonly noise?: "raw" | "denoised";
  readonly fringes?: boolean;
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  /** "coarse" samples the scene once a SD pixel; "fine", on a grid of 1.1 µm, if not given. */
  readonly optics?: "fine" | "coarse";
  readonly entries: readonly CorePlan[];
}

/**
 * Lay out a cohort: six patients in ten, drawn by lot, have cancer.
 * Options that make no sense are refused with the option, its value and what is allowed.
 */
export function planCohort(options: CohortOptions): CohortPlan {
  const { seed, patients = 12, cores = 1, size = 320, height = size, labelled = 0.08, difficulty = 0.5 } = options;
  const { start = 899, stop = 1801, step = 3.857, modes = ["SD", "HD"], noise = "raw", fringes = false } = options;
  const whole = (n: number, low: number, high: number) => Number.isInteger(n) && n >= low && n <= high;
  const edge = (n: number) => whole(n, 40, 100_000) && n % 5 === 0;
  const edges = "a multiple of 5 from 40 to 100000: a pixel of SD is 5 × 5 of HD";
  check("seed", seed, Number.isSafeInteger(seed), "a whole number");
  check("patients", patients, whole(patients, 1, 10_000), "a whole number from 1 to 10000");
  check("cores", cores, whole(cores, 1, 1000), "a whole number from 1 to 1000");
  check("size", size, edge(size), edges);
  check("height", height, edge(height), edges);
  check("labelled", labelled, labelled > 0 && labelled <= 0.5, "above 0 and at most 0.5");
  check("difficulty", difficulty, difficulty >= 0 && difficulty <= 1, "from 0 to 1");
  check("noise", noise, noise === "raw" || noise === "denoised", `"raw" or "denoised"`);
  check("start", start, start >= 800 && start < 4000, "from 800 to 4000 cm-1");
  check("stop", stop, stop > start && stop <= 4000, "above start and at most 4000 cm-1");
  check("step", step, step >= 0.5 && step <= (stop - start) / 9, "at least 0.5 cm-1 and small enough for 10 bands");
  const known = modes.every((mode) => mode === "SD" || mode === "HD");
  check("modes", modes, known && modes.length > 0 && new Set(modes).size === modes.length, `of "SD" and "HD"`);

  const sick = Math.max(1, Math.round(0.6 * patients));
  const diagnoses = Array.from({ length: patients }, (_, i): "cancer" | "benign" => (i < sick ? "cancer" : "benign"));
  shuffle(diagnoses, random(seed).fork("diagnoses"));
  const digits = Math.max(2, String(patients).length);
  const entries = diagnoses.flatMap((diagnosis, i) => {
    const number = String(i + 1).padStart(digits, "0");
    return Array.from({ length: cores }, (_, c): CorePlan => {
      const patientSeed = `${seed}/${number}`;
      const core = `P${number}-C${c + 1}`;
      return {
        patient: `P${number}`,
        core,
        slide: `S${number}`,
        diagnosis,
        patientSeed,
        coreSeed: `${patientSeed}/${c + 1}`,
      };
    });
  });
  return {
    seed,
    rows: height,
    cols: size,
    modes: modes as readonly Mode[],
    labelled,
    difficulty,
    noise: noise as "raw" | "denoised",
    fringes,
    start,
    stop,
    step,
    entries,
  };
}

/** The axis of all cubes of a cohort, cm-1, ascending. */
export function wavenumbersOf({ start, stop, step }: CohortPlan): Float64Array {
  // The small surplus keeps a band that rounding would push just above `stop`.
  const bands = Math.floor((stop - start) / step + 1e-6) + 1;
  return Float64Array.from({ length: bands }, (_, i) => start + i * step);
}

export function check(name: string, value: unknown, right: boolean, allowed: string): void {
  if (!right)
    throw new SpectraError("params", "simulate", `${name} is ${JSON.stringify(value)}; it must be ${allowed}`);
}
