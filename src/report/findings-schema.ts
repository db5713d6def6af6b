import { z } from "zod";
import type { Findings } from "../cube/findings.js";

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

const validation = z
  .looseObject({
    folds: count,
    repeats: count,
    trees: count,
    classNames: z.array(z.string()),
    perClass: z.array(counts),
    byPatient: scores,
    randomSplit: scores.optional(),
    byMode: z.array(z.looseObject({ mode: z.string(), scores })).optional(),
    permutation: z.looseObject({ repeats: count, mean: number, interval }).optional(),
    confusion: z.looseObject({ pixels: matrix, cores: matrix, patients: matrix }),
    calibration: z.looseObject({
      bins: z.array(z.looseObject({ predicted: number, observed: number, pixels: count })),
      brier: number,
      expectedError: number,
    }),
    roc: z.array(z.looseObject({ name: z.string(), falsePositive: numbers, truePositive: numbers })),
    learningCurve: z.array(z.looseObject({ patients: count, macroAuc: number, interval })).optional(),
  })
  .refine(
    ({ classNames, perClass, byPatient: { auc, sensitivity, specificity }, confusion: { pixels, cores, patients } }) =>
      [perClass, auc, sensitivity, specificity, pixels, ...pixels, cores, ...cores, patients, ...patients].every(
        (list) => list.length === classNames.length,
      ),
    "every list over classes must be as long as classNames",
  );

const stain = z.looseObject({
  name: z.string(),
  file: z.string(),
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
  rejected: z.record(z.string(), count),
  scores: z
    .looseObject({ labelledPixels: count, accuracy: number, auc: z.record(z.string(), number.nullable()) })
    .optional(),
  seconds: number,
});

const nullable = number.nullable();
const binary = <T extends z.ZodType>(of: T) =>
  z.looseObject({ accuracy: of, precision: of, recall: of, f: of, auc: of, balancedAccuracy: of });
const spread = z.looseObject({ mean: nullable, sd: nullable, folds: count });
const spreads = z.array(spread);

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
  calibration: z.looseObject({
    bins: z.array(z.looseObject({ predicted: number, observed: number, bags: count })),
    brier: number,
    expectedError: number,
    slope: nullable,
    intercept: nullable,
  }),
  saturated: z.looseObject({ share: number, warning: z.boolean() }),
  removable: nullable,
  worst: z.array(z.looseObject({ bag: z.string(), truth: z.string(), score: number })),
  challenge: z.looseObject({ accuracy: figure, auc: figure }).optional(),
});

const study = z.looseObject({
  geometry: z.enum(["image", "points"]),
  unit: z.enum(["core", "biopsy", "patient"]),
  classNames: z.tuple([z.string(), z.string()]),
  counts: z.looseObject({ patients: count, positivePatients: count, bags: count, positiveBags: count, patches: count }),
  folds: count,
  repeats: count,
  seeds: numbers,
  patch: z.looseObject({ edgePixels: count, channels: z.string() }),
  bags: z.array(z.looseObject({ bag: z.string(), label: z.string(), patches: count, tumourShare: nullable })),
  methods: z.array(method).min(1),
  unitTests: z.array(
    z.looseObject({ title: z.string(), passed: z.boolean(), poisoned: numbers, sameDistribution: numbers }),
  ),
  permutation: z.looseObject({ repeats: count, mean: number, interval }).optional(),
  fused: z.looseObject({ scores: binary(figure), mil: number, stain: number }).optional(),
  backend: z.looseObject({ name: z.string(), why: z.string() }),
});

const diagnosed = z.looseObject({
  id: z.string(),
  cubes: z.array(z.string()),
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
      bandLimits: interval,
      k: count,
    })
    .optional(),
  withheld: text,
  concordance: z.looseObject({
    verdict: z.enum(["concordant", "discordant", "not assessed"]),
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
  exports: z.array(z.looseObject({ kind: z.string(), file: z.string() })),
});

const asLong = "every list over bands must be as long as wavenumbers";
const fits = (wavenumbers: readonly number[], values: readonly number[]) => values.length === wavenumbers.length;

const schema = z.looseObject({
  schema: z.literal("spectrastain/findings/1"),
  title: z.string(),
  notice: z.literal("research use only, not for diagnostic use"),
  created: z.string(),
  version: z.string(),
  command: z.string(),
  seed: number,
  origin: z.enum(["real", "simulated", "derived", "unknown", "mixed"]),
  stamps: z.array(z.string()),
  inputs: z.array(input),
  pipeline: pipeline.optional(),
  palette: z.record(z.string(), colour).optional(),
  quality: z
    .array(z.looseObject({ file: z.string(), pixels: count, byReason: z.record(z.string(), count) }))
    .optional(),
  spectra: z
    .looseObject({
      wavenumbers: axis,
      quantity: z.string(),
      classes: z.array(z.looseObject({ name: z.string(), mean: numbers, sd: numbers, pixels: count })),
    })
    .refine(
      ({ wavenumbers, classes }) => classes.every(({ mean, sd }) => fits(wavenumbers, mean) && fits(wavenumbers, sd)),
      asLong,
    )
    .optional(),
  pca: z
    .looseObject({ wavenumbers: axis, explained: numbers, loadings: z.array(numbers), spectra: count })
    .refine(({ wavenumbers, loadings }) => loadings.every((loading) => fits(wavenumbers, loading)), asLong)
    .optional(),
  importances: z
    .looseObject({ wavenumbers: axis, importance: numbers })
    .refine(({ wavenumbers, importance }) => fits(wavenumbers, importance), asLong)
    .optional(),
  validation: validation.optional(),
  stains: z.array(stain).optional(),
  study: study.optional(),
  cases: z.array(diagnosed).optional(),
  agreement: z.looseObject({ both: count, diagnosisOnly: count, stainOnly: count, neither: count }).optional(),
  failures: z.array(z.looseObject({ file: z.string(), error: z.string() })).optional(),
});

/** What a findings.json must be for a report to be made of it. Study and cases are checked as far as the page reads them. */
export const findingsSchema = schema as unknown as z.ZodType<Findings>;
