import { z } from "zod";
import type { Findings, InputFinding, StainFinding } from "../cube/findings.js";
import { recordOf } from "../cube/record-schema.js";

// Keys that are not known here are kept: later parts of the project add to the findings.
const number = z.number();
const count = z.number().int().nonnegative();
const numbers = z.array(number);
const axis = numbers.min(2);
const interval = z.tuple([number, number]);
const origin = z.enum(["real", "simulated", "derived", "unknown"]);
const colour = z.tuple([number, number, number]);
const text = z.string().optional();

const counts = z.looseObject({ pixels: count, cores: count, patients: count });

const figure = z.looseObject({
  value: number.nullable(),
  unit: z.enum(["1", "%", "mm2", "pixels", "cm-1", "um"]),
  interval: interval.optional(),
  counts: counts.optional(),
  reason: text,
});

const input = z.looseObject({
  file: z.string(),
  sha256: text,
  cube: text,
  bytes: count,
  rows: count,
  cols: count,
  bands: count,
  range: interval,
  patient: text,
  core: text,
  mode: text,
  pixelSizeUm: number.optional(),
  origin,
  labelledPixels: count.optional(),
});

const pipeline = z.looseObject({
  name: z.string(),
  description: z.string(),
  steps: z.array(
    z.looseObject({
      step: z.enum(["correct", "normalise"]),
      method: z.string(),
      params: z.record(z.string(), z.unknown()),
    }),
  ),
  reduce: z.looseObject({ components: count, outside: number }),
  classify: z.looseObject({
    trees: count,
    minLeaf: count,
    maxDepth: count,
    features: count.optional(),
    pixelsPerClass: count,
  }),
  stain: z.looseObject({ threshold: number, smoothing: z.enum(["none", "majority", "guided"]) }),
});

const scores = z.looseObject({
  counts,
  accuracy: figure,
  balancedAccuracy: figure,
  macroAuc: figure,
  auc: z.array(figure),
  sensitivity: z.array(figure),
  specificity: z.array(figure),
});

const matrix = z.array(z.array(count));

const calibration = z.looseObject({
  bins: z.array(z.looseObject({ predicted: number, observed: number, pixels: count })),
  brier: number,
  expectedError: number,
});

/** Of a stain: how much is classified, and how much of that rightly. */
const daring = { coverage: figure, accuracy: figure, rightOfAll: figure };

const validation = z
  .looseObject({
    model: text,
    folds: count,
    repeats: count,
    trees: count,
    classNames: z.array(z.string()),
    perClass: z.array(counts),
    byPatient: scores,
    randomSplit: scores.optional(),
    byMode: z.array(z.looseObject({ mode: z.string(), scores })).optional(),
    permutation: z
      .looseObject({
        repeats: count,
        trees: count.optional(),
        observed: number.optional(),
        mean: number,
        interval,
        p: number.optional(),
        floor: number.optional(),
      })
      .optional(),
    confusion: z.looseObject({ pixels: matrix, cores: matrix, patients: matrix }),
    stained: z.looseObject({ threshold: number, ...daring, refused: count }).optional(),
    annotated: z.looseObject({ pixels: z.array(count), mostProbable: figure, ...daring }).optional(),
    pair: z
      .looseObject({ names: z.tuple([z.string(), z.string()]), auc: figure, randomSplit: figure.optional() })
      .optional(),
    patients: z
      .array(
        z.looseObject({
          patient: z.string(),
          counts,
          classes: z.array(z.string()),
          accuracy: number,
          coverage: number.optional(),
          macroAuc: number.nullable(),
          pairAuc: number.nullable().optional(),
        }),
      )
      .optional(),
    calibration: calibration.extend({ votes: calibration.optional() }),
    roc: z.array(z.looseObject({ name: z.string(), falsePositive: numbers, truePositive: numbers })),
    learningCurve: z.array(z.looseObject({ patients: count, macroAuc: number, interval })).optional(),
  })
  .refine(
    ({ classNames, perClass, byPatient: { auc, sensitivity, specificity }, confusion: { pixels, cores, patients } }) =>
      [perClass, auc, sensitivity, specificity, pixels, cores, patients].every(
        (list) => list.length === classNames.length,
      ) &&
      [...pixels, ...cores, ...patients].every(
        ({ length }) => length === classNames.length || length === classNames.length + 2,
      ),
    "every list over classes must be as long as classNames, or two longer in a row of a confusion",
  );

const stain = z.looseObject({
  name: z.string(),
  file: z.string(),
  cube: text,
  model: text,
  rows: count,
  cols: count,
  pixelSizeUm: number.optional(),
  patient: text,
  core: text,
  mode: text,
  origin,
  pictures: z.looseObject({
    classes: text,
    confidence: text,
    rejected: text,
    amideI: text,
    composite: text,
    truth: text,
  }),
  amideIRange: interval.optional(),
  compositeBands: z.array(z.string()).optional(),
  composition: z.array(
    z.looseObject({
      name: z.string(),
      colour,
      pixels: count,
      percent: number.nullable(),
      areaMm2: number.nullable(),
      meanProbability: number.nullable(),
    }),
  ),
  rejected: recordOf(count),
  scores: z
    .looseObject({
      labelledPixels: count,
      accuracy: number,
      auc: recordOf(number.nullable()),
      aucWithin: recordOf(number).optional(),
    })
    .optional(),
  polygons: z
    .looseObject({ regions: count, minimumPixels: count, leftOut: z.looseObject({ regions: count, pixels: count }) })
    .optional(),
});

const nullable = number.nullable();
const binary = <T extends z.ZodType>(of: T) =>
  z.looseObject({ accuracy: of, precision: of, recall: of, f: of, auc: of, balancedAccuracy: of });
const spread = z.looseObject({ mean: nullable, sd: nullable, folds: count });
const spreads = z.array(spread);

const bagCalibration = z.looseObject({
  bins: z.array(z.looseObject({ predicted: number, observed: number, bags: count })),
  brier: number,
  expectedError: number,
  slope: nullable,
  intercept: nullable,
});
const answers = z.tuple([count, count, count]);

const method = z.looseObject({
  id: z.string(),
  title: z.string(),
  role: z.enum(["default", "comparator", "baseline"]),
  spec: z.looseObject({ head: z.string(), encoder: z.string() }),
  scoreName: z.string(),
  perFold: z.array(z.looseObject({ repeat: count, fold: count, threshold: number })),
  overFolds: binary(spread),
  overFoldsAtHalf: binary(spread),
  perRepeat: z.array(z.looseObject({ repeat: count, scores: binary(spread) })),
  pooled: binary(figure),
  byPatient: binary(figure),
  wilson: z.looseObject({ accuracy: figure, precision: figure, recall: figure }),
  sweep: z.looseObject({ thresholds: numbers, accuracy: spreads, precision: spreads, recall: spreads }),
  roc: z.looseObject({ falsePositive: numbers, mean: numbers, sd: numbers }),
  confusion: z.array(z.tuple([z.tuple([count, count]), z.tuple([count, count])])),
  calibration: bagCalibration,
  saturated: z.looseObject({ share: number, warning: z.boolean() }),
  removable: nullable,
  worst: z.array(z.looseObject({ bag: z.string(), truth: z.string(), score: number })),
  challenge: z.looseObject({ accuracy: figure, auc: figure }).optional(),
});

/** A study of a diagnosis, as findings and the model it leaves have it. */
export const studySchema = z.looseObject({
  model: text,
  geometry: z.enum(["image", "points"]),
  unit: z.enum(["core", "biopsy", "patient"]),
  classNames: z.tuple([z.string(), z.string()]),
  counts: z.looseObject({ patients: count, positivePatients: count, bags: count, positiveBags: count, patches: count }),
  folds: count,
  repeats: count,
  seeds: numbers,
  patch: z.looseObject({ edgePixels: count, channels: z.string(), ofStain: count.optional() }),
  bags: z.array(z.looseObject({ bag: z.string(), label: z.string(), patches: count, tumourShare: nullable })),
  methods: z.array(method).min(1),
  baselines: z
    .array(
      z.looseObject({
        id: z.string(),
        title: z.string(),
        scoreName: z.string(),
        pooled: binary(figure),
        byPatient: binary(figure),
        rank: nullable,
      }),
    )
    .optional(),
  differences: z.array(z.looseObject({ id: z.string(), title: z.string(), scores: binary(figure) })).optional(),
  decision: z
    .looseObject({ answers: z.tuple([answers, answers]), called: figure, wrong: figure, calibration: bagCalibration })
    .optional(),
  unitTests: z.array(
    z.looseObject({
      title: z.string(),
      passed: z.boolean(),
      poisoned: numbers,
      sameDistribution: numbers,
      mirrored: numbers.optional(),
      epochs: count.optional(),
    }),
  ),
  permutation: z
    .looseObject({
      repeats: count,
      mean: number,
      interval,
      observed: number.optional(),
      atLeast: count.optional(),
      p: number.optional(),
      floor: number.optional(),
    })
    .optional(),
  fused: z.looseObject({ scores: binary(figure), mil: number, stain: number }).optional(),
  backend: z.looseObject({ name: z.string(), why: z.string() }),
});

const diagnosed = z.looseObject({
  id: z.string(),
  cubes: z.array(z.string()),
  cubeKeys: z.array(z.string()).optional(),
  stainModel: text,
  model: text,
  origin,
  geometry: z.enum(["image", "points"]),
  tissueMm2: nullable,
  patches: count,
  stamps: z.array(z.string()),
  gate: z.looseObject({
    verdict: z.enum(["pass", "warn", "fail"]),
    checks: z.array(
      z.looseObject({ name: z.string(), value: nullable, unit: z.string(), limit: z.string(), verdict: z.string() }),
    ),
  }),
  diagnosis: z
    .looseObject({
      className: z.string().nullable(),
      band: z.enum(["negative", "indeterminate", "positive"]),
      score: number,
      probability: number,
      interval,
      memberSd: number,
      members: count,
      threshold: number,
      bandLimits: z.tuple([nullable, nullable]),
      k: count,
    })
    .optional(),
  withheld: text,
  concordance: z.looseObject({
    verdict: z.enum(["concordant", "discordant", "indeterminate", "not assessed"]),
    reason: z.string(),
    tumourTop: nullable,
    tumourRest: nullable,
    tumourAll: nullable,
    spearman: nullable,
    iou: nullable,
  }),
  fused: z.looseObject({ probability: number }).optional(),
  maps: z.array(
    z.looseObject({
      name: z.string(),
      cube: z.string(),
      cols: count,
      picture: z.string(),
      range: interval,
      highest: number,
      windows: count,
    }),
  ),
  gallery: z.array(
    z.looseObject({
      rank: count,
      x: number,
      y: number,
      edge: count,
      score: number,
      picture: text,
      mix: z.array(z.looseObject({ name: z.string(), percent: number })),
      spectrum: z.looseObject({ wavenumbers: numbers, values: numbers }),
    }),
  ),
  exports: z.array(
    z.looseObject({
      kind: z.string(),
      file: z.string(),
      leftOut: z.looseObject({ tissueBelow: number, patches: count }).optional(),
    }),
  ),
});

const asLong = "every list over bands must be as long as wavenumbers";
/** The bands that begin behind a gap. */
const gaps = z.array(z.int().positive()).optional();
const gapsInside = "gaps must be bands of the axis, ascending";
const inside = ({ wavenumbers, gaps = [] }: { wavenumbers: readonly number[]; gaps?: readonly number[] }) =>
  gaps.every((gap, i) => gap < wavenumbers.length && gap > (gaps[i - 1] ?? 0));
const fits = (wavenumbers: readonly number[], values: readonly number[]) => values.length === wavenumbers.length;

const schema = z.looseObject({
  schema: z.literal("spectrastain/findings/1"),
  title: z.string(),
  notice: z.literal("research use only, not for diagnostic use"),
  created: text,
  version: z.string(),
  command: z.string(),
  seed: number,
  origin: z.enum(["real", "simulated", "derived", "unknown", "mixed"]),
  stamps: z.array(z.string()),
  inputs: z.array(input),
  pipeline: pipeline.optional(),
  palette: recordOf(colour).optional(),
  quality: z.array(z.looseObject({ file: z.string(), pixels: count, byReason: recordOf(count) })).optional(),
  spectra: z
    .looseObject({
      wavenumbers: axis,
      gaps,
      quantity: z.string(),
      classes: z.array(z.looseObject({ name: z.string(), mean: numbers, sd: numbers, pixels: count })),
    })
    .refine(inside, gapsInside)
    .refine(
      ({ wavenumbers, classes }) => classes.every(({ mean, sd }) => fits(wavenumbers, mean) && fits(wavenumbers, sd)),
      asLong,
    )
    .optional(),
  pca: z
    .looseObject({ wavenumbers: axis, gaps, explained: numbers, loadings: z.array(numbers), spectra: count })
    .refine(inside, gapsInside)
    .refine(({ wavenumbers, loadings }) => loadings.every((loading) => fits(wavenumbers, loading)), asLong)
    .optional(),
  importances: z
    .looseObject({ wavenumbers: axis, gaps, importance: numbers })
    .refine(inside, gapsInside)
    .refine(({ wavenumbers, importance }) => fits(wavenumbers, importance), asLong)
    .optional(),
  validation: validation.optional(),
  stains: z.array(stain).optional(),
  study: studySchema.optional(),
  cases: z.array(diagnosed).optional(),
  agreement: z
    .looseObject({
      both: count,
      diagnosisOnly: count,
      stainOnly: count,
      neither: count,
      indeterminate: z.looseObject({ stainPositive: count, stainNegative: count }).optional(),
    })
    .optional(),
  failures: z.array(z.looseObject({ file: z.string(), error: z.string() })).optional(),
});

/** The parts that stand in the mark of a finished cube, too. */
export const inputSchema = input as unknown as z.ZodType<InputFinding>;
export const stainSchema = stain as unknown as z.ZodType<StainFinding>;

/** What a findings.json must be for a report to be made of it. Study and cases are checked as far as the page reads them. */
export const findingsSchema = schema as unknown as z.ZodType<Findings>;
