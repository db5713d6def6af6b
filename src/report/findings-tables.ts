import { type Cell, csvTable } from "../cube/csv-table.js";
import type { StudyFinding } from "../cube/diagnosis-findings.js";
import type { Findings } from "../cube/findings.js";
import { validationRows } from "./validation-rows.js";

/** The tables of a report as CSV: composition of the stains, the validation and its patients, scores of the methods fold by fold, and the cases. Units stand in the header. */
export function findingsTables({
  stains = [],
  validation,
  study,
  cases = [],
}: Findings): { name: string; csv: string }[] {
  const tables = [
    {
      name: "composition.csv",
      header: ["cube", "patient", "core", "class", "pixels", "percent", "area_mm2", "mean_probability"],
      rows: stains.flatMap(({ name, patient, core, composition }) =>
        composition.map((part): Cell[] => [
          name,
          patient,
          core,
          part.name,
          part.pixels,
          part.percent,
          part.areaMm2,
          part.meanProbability,
        ]),
      ),
    },
    {
      name: "validation.csv",
      header: ["figure", "class", "value", "low", "high", "patients", "cores", "pixels", "note"],
      rows: validation ? validationRows(validation) : [],
    },
    {
      name: "patients.csv",
      header: ["patient", "classes", "cores", "pixels", "accuracy", "coverage", "macro_auc", "pair_auc"],
      rows: (validation?.patients ?? []).map((of): Cell[] => [
        of.patient,
        of.classes.join("; "),
        of.counts.cores,
        of.counts.pixels,
        of.accuracy,
        of.coverage,
        of.macroAuc,
        of.pairAuc,
      ]),
    },
    {
      name: "metrics.csv",
      header: ["method", "repeat", "fold", "patients", "bags", "epoch", "threshold", ...scores],
      rows: (study?.methods ?? []).flatMap(({ id, perFold }) =>
        perFold.map((of): Cell[] => [
          id,
          of.repeat + 1,
          of.fold + 1,
          of.patients,
          of.bags,
          of.epoch,
          of.threshold,
          ...scores.map((name) => of[name]),
        ]),
      ),
    },
    {
      name: "comparison.csv",
      header: ["method", "role", "score", "value", "low", "high", "difference", "difference_low", "difference_high"],
      rows: comparisons(study),
    },
    {
      name: "cases.csv",
      header: [
        "case",
        "patient",
        "gate",
        "class",
        "band",
        "score",
        "probability",
        "concordance",
        "tumour_share_top",
        "tumour_share_all",
        "fused_probability",
      ],
      rows: cases.map((of): Cell[] => [
        of.id,
        of.patient,
        of.gate.verdict,
        of.diagnosis?.className,
        of.diagnosis?.band,
        of.diagnosis?.score,
        of.diagnosis?.probability,
        of.concordance.verdict,
        of.concordance.tumourTop,
        of.concordance.tumourAll,
        of.fused?.probability,
      ]),
    },
  ];
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ name, header, rows }) => ({ name, csv: csvTable(header, rows) }));
}

/** The figures of all methods and baselines, each with the difference of the first method from it. */
function comparisons(study: StudyFinding | undefined): Cell[][] {
  if (!study) return [];
  const { methods, baselines = [], differences = [] } = study;
  const all = [...methods, ...baselines.map((of) => ({ ...of, role: "stain" }))];
  return all.flatMap(({ id, role, pooled }) => {
    const above = differences.find((of) => of.id === id)?.scores;
    return scores.map((name): Cell[] => {
      const [own, difference] = [pooled[name], above?.[name]];
      const ends = [own.interval?.[0], own.interval?.[1]];
      return [
        id,
        role,
        name,
        own.value,
        ...ends,
        difference?.value,
        difference?.interval?.[0],
        difference?.interval?.[1],
      ];
    });
  });
}

const scores = ["accuracy", "precision", "recall", "f", "auc", "balancedAccuracy"] as const;
