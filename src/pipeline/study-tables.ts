import { join } from "node:path";
import type { Bag } from "../cube/bag.js";
import { type Cell, csvTable } from "../cube/csv-table.js";
import type { MethodFinding } from "../cube/diagnosis-findings.js";
import type { OutOfFold } from "../cube/mil.js";
import { checkTarget, writeFileSafely } from "../cube/write-file.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import type { Split } from "./out-of-fold.js";
import type { TrainedFold } from "./train-fold.js";

const columns = {
  "bag_scores.csv": ["method", "repeat", "fold", "bag", "patient", "label", "score", "threshold"],
  "predictions.csv": ["file", "target", "prediction", "probability"],
  "convergence.csv": ["method", "epoch", "loss", "inner_balanced_accuracy"],
  "patch_scores.csv": ["bag", "patient", "cube", "x", "y", "edge_px", "score"],
} as const;

/** See, before any work is done, that the tables of a study stand over nothing that was not made here. */
export function checkTables(folder: string): void {
  for (const [name, header] of Object.entries(columns)) checkTarget(join(folder, name), header.slice(0, 3).join());
}

export interface StudyTables {
  readonly gathered: GatheredBags;
  readonly bags: readonly Bag[];
  /** Of all methods and baselines, the first method first. */
  readonly scores: readonly { readonly id: string; readonly outOfFold: OutOfFold }[];
  readonly methods: readonly MethodFinding[];
  readonly splits: readonly Split[];
  /** The networks of the first method first. */
  readonly trained: readonly TrainedFold[];
}

/**
 * The scores of a study as tables: bag_scores.csv (every method, baseline, repeat and bag), patch_scores.csv (the first method, first repeat),
 * and under the names that users of MIL-nature-medicine know predictions.csv (file, target, prediction, probability; first method and
 * repeat) and convergence.csv (mean over folds).
 */
export function studyTables(folder: string, { gathered, bags, scores, methods, splits, trained }: StudyTables): void {
  const { names, labels, patientNames, instances } = gathered;
  const write = (name: keyof typeof columns, rows: readonly (readonly Cell[])[]) =>
    writeFileSafely(join(folder, name), csvTable(columns[name], rows));
  write(
    "bag_scores.csv",
    scores.flatMap(({ id, outOfFold }) =>
      outOfFold.repeats.flatMap(({ scores: of, thresholds, fold }, repeat) =>
        names.map((bag, b) => [
          id,
          repeat + 1,
          fold[b] + 1,
          bag,
          patientNames[instances.patient[b]],
          labels[b],
          of[b],
          thresholds[b],
        ]),
      ),
    ),
  );
  const [first] = scores[0].outOfFold.repeats;
  write(
    "predictions.csv",
    names.map((bag, b) => [bag, instances.label[b], Number(first.scores[b] >= first.thresholds[b]), first.scores[b]]),
  );
  write(
    "convergence.csv",
    methods.flatMap(({ id, convergence }) =>
      convergence.map(({ epoch, loss, innerBalancedAccuracy }) => [id, epoch, loss, innerBalancedAccuracy]),
    ),
  );
  write(
    "patch_scores.csv",
    splits.flatMap(({ repeat, test }, s) => {
      if (repeat !== 0) return [];
      let at = 0;
      return test.flatMap((bag) =>
        gathered.sources[bag].flatMap((part) => {
          const { name, patches } = bags[part.bag];
          return Array.from({ length: patches.count }, (_, i) => [
            names[bag],
            patientNames[instances.patient[bag]],
            name,
            patches.coords[2 * i],
            patches.coords[2 * i + 1],
            patches.edge,
            trained[s].patches[at++],
          ]);
        }),
      );
    }),
  );
}
