import { csvFormatRows } from "d3-dsv";
import type { Findings } from "../cube/findings.js";

type Cell = string | number | null | undefined;

/** The tables of a report as CSV: composition of the stains, scores of the methods fold by fold, and the cases. Units stand in the header. */
export function findingsTables({ stains = [], study, cases = [] }: Findings): { name: string; csv: string }[] {
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
    .map(({ name, header, rows }) => ({
      name,
      csv: `${csvFormatRows([header, ...rows.map((row) => row.map((cell) => String(cell ?? "")))])}\n`,
    }));
}

const scores = ["accuracy", "precision", "recall", "f", "auc", "balancedAccuracy"] as const;
