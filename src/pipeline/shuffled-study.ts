import { existsSync, readFileSync } from "node:fs";
import { auc } from "../classify/auc.js";
import type { Instances } from "../cube/bag.js";
import type { MilSpec } from "../cube/mil.js";
import { writeFileSafely } from "../cube/write-file.js";
import type { BackendName } from "../diagnose/open-backend.js";
import { outOfFold, type Split } from "./out-of-fold.js";
import { trainFold } from "./train-fold.js";

/** One repeat of a study with shuffled labels. */
export interface ShuffledStudyInput {
  readonly instances: Instances;
  readonly label: Uint8Array;
  /** The folds of one repeat, dealt by the shuffled labels as those of the study were by the true ones. */
  readonly splits: readonly Split[];
  readonly spec: MilSpec;
  readonly seed: string;
  readonly backend: BackendName;
  /** Hash over all that decides the outcome. */
  readonly key: string;
  /** Where the outcome is kept, and looked for. */
  readonly file: string;
}

export interface ShuffledStudy {
  readonly key: string;
  /** Area under the curve of all bags, each scored by the network that has not seen its patient. */
  readonly auc: number | null;
}

/** Train the networks of one repeat on shuffled labels, from the start and with nothing of the true ones, and score their bags. */
export async function shuffledStudy(input: ShuffledStudyInput): Promise<ShuffledStudy> {
  const { instances, label, splits, spec, seed, backend, key, file } = input;
  const before = outcomeIn(file, key);
  if (before) return before;
  const told: { scores: Float64Array; threshold: number }[] = [];
  for (const { fold, train, inner, test } of splits) {
    const trained = await trainFold({
      instances,
      label,
      spec,
      train,
      inner,
      test,
      seed: `${seed}/${fold}`,
      backend,
      key,
    });
    told.push({ scores: trained.test, threshold: trained.member.threshold });
  }
  const [{ scores }] = outOfFold(splits, label.length, (_, s) => told[s]).repeats;
  const outcome = { key, auc: auc(Float32Array.from(scores), label).value };
  writeFileSafely(file, JSON.stringify({ schema: "spectrastain/null/1", ...outcome }));
  return outcome;
}

function outcomeIn(file: string, key: string): ShuffledStudy | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const found = JSON.parse(readFileSync(file, "utf8")) as ShuffledStudy;
    return found.key === key ? { key, auc: found.auc } : undefined;
  } catch {
    // A file that cannot be read is no outcome: it is trained anew.
    return undefined;
  }
}
