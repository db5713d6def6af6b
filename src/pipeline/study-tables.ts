import { join } from "node:path";
import { csvFormatRows } from "d3-dsv";
import type { Bag } from "../cube/bag.js";
import type { MethodFinding } from "../cube/diagnosis-findings.js";
import type { OutOfFold } from "../cube/mil.js";
import { writeFileSafely } from "../cube/write-file.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import type { TrainedFold } from "./train-fold.js";

/**
 * The scores of a study as tables: bag_scores.csv (every method, repeat and bag), patch_scores.csv (the first method, first repeat),
 * and under the names that users of MIL-nature-medicine know predictions.csv (file, target, prediction, probability; first method and
 * repeat) and convergence.csv (mean over folds).
 */
export function studyTables(
  folder: string,
  gathered: GatheredBags,
  bags: readonly Bag[],
  outOfFold: readonly OutOfFold[],
  methods: readonly MethodFinding[],
  splits: readonly { readonly repeat: number; readonly fold: number; readonly test: readonly number[] }[],
  trained: readonly TrainedFold[],
): void {
  const { names, labels, patientNames, instances } = gathered;
  const write = (name: string, header: readonly string[], rows: readonly (readonly (string | number | null)[])[]) => {
    const texts = rows.map((row) => row.map((value) => (value === null ? "" : String(value))));
    writeFileSafely(join(folder, name), `${csvFormatRows([[...header], ...texts])}\n`);
  };
  write(
    "bag_scores.csv",
    ["method", "repeat", "fold", "bag", "patient", "label", "score", "threshold"],
    methods.flatMap(({ id }, m) =>
      outOfFold[m].repeats.flatMap(({ scores, thresholds, fold }, repeat) =>
        names.map((bag, b) => [
          id,
          repeat + 1,
          fold[b] + 1,
          bag,
          patientNames[instances.patient[b]],
          labels[b],
          scores[b],
          thresholds[b],
        ]),
      ),
    ),
  );
  const [first] = outOfFold[0].repeats;
  write(
    "predictions.csv",
    ["file", "target", "prediction", "probability"],
    names.map((bag, b) => [bag, instances.label[b], Number(first.scores[b] >= first.thresholds[b]), first.scores[b]]),
  );
  write(
    "convergence.csv",
    ["method", "epoch", "loss", "inner_balanced_accuracy"],
    methods.flatMap(({ id, convergence }) =>
      convergence.map(({ epoch, loss, innerBalancedAccuracy }) => [id, epoch, loss, innerBalancedAccuracy]),
    ),
  );
  write(
    "patch_scores.csv",
    ["bag", "patient", "cube", "x", "y", "edge_px", "score"],
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
