import { judgeMethod } from "../classify/judge-method.js";
import type { Instances } from "../cube/bag.js";
import type { MethodFinding } from "../cube/diagnosis-findings.js";
import type { OutOfFold } from "../cube/mil.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import type { Method } from "./mil-methods.js";
import type { TrainedFold } from "./train-fold.js";

export interface MethodInput {
  readonly method: Method;
  readonly gathered: GatheredBags;
  readonly outOfFold: OutOfFold;
  readonly trained: readonly TrainedFold[];
  /** Where each of `trained` stands, and the bags that it was tried on. */
  readonly splits: readonly { readonly repeat: number; readonly fold: number; readonly test: readonly number[] }[];
  readonly challenge: Instances | undefined;
  readonly seed: number;
}

/** All that is to be said of one method: its scores on held-out patients, and what its networks say of themselves. */
export function methodFinding(input: MethodInput): MethodFinding {
  const { method, gathered, outOfFold, trained, splits, seed } = input;
  const { label, patient } = gathered.instances;
  const about = {
    bagNames: gathered.names,
    labels: label,
    patients: patient,
    classNames: gathered.classNames,
    seed: `${seed}/${method.id}`,
  };
  const { perFold, ...judged } = judgeMethod({ ...about, outOfFold });
  const networks = new Map(splits.map(({ repeat, fold }, s) => [`${repeat}/${fold}`, trained[s]]));
  return {
    id: method.id,
    title: method.title,
    role: method.role,
    spec: method.spec,
    scoreName: method.scoreName,
    ...judged,
    perFold: perFold.map((of) => ({ ...of, epoch: networks.get(`${of.repeat}/${of.fold}`)!.member.epoch })),
    convergence: meanHistory(trained),
    challenge: input.challenge && challenged(input, about),
    seconds: trained.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** The mean of the folds' loss and inner balanced accuracy, epoch by epoch. */
function meanHistory(trained: readonly TrainedFold[]): MethodFinding["convergence"] {
  return trained[0].history.map(({ epoch }, e) => {
    const at = trained.flatMap(({ history }) => history[e] ?? []);
    const inner = at.map(({ innerBalancedAccuracy }) => innerBalancedAccuracy).filter((value) => value !== null);
    return {
      epoch,
      loss: mean(at.map(({ loss }) => loss)),
      innerBalancedAccuracy: inner.length ? mean(inner) : null,
    };
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function challenged(
  { outOfFold, trained, splits }: MethodInput,
  about: Omit<Parameters<typeof judgeMethod>[0], "outOfFold">,
): MethodFinding["challenge"] {
  const repeats = outOfFold.repeats.map(({ thresholds, fold, scores: { length } }, repeat) => {
    const scores = new Float64Array(length);
    for (const [s, split] of splits.entries()) {
      if (split.repeat !== repeat) continue;
      for (const [place, bag] of split.test.entries()) scores[bag] = trained[s].challenge![place];
    }
    return { scores, thresholds, fold };
  });
  const { pooled } = judgeMethod({ ...about, outOfFold: { repeats } });
  return { accuracy: pooled.accuracy, auc: pooled.auc };
}
