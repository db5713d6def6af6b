import { judgeMethod } from "../classify/judge-method.js";
import { pooledScores } from "../classify/pooled-scores.js";
import type { MethodFinding } from "../cube/diagnosis-findings.js";
import type { OutOfFold } from "../cube/mil.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import type { Method } from "./mil-methods.js";
import { outOfFold, type Split } from "./out-of-fold.js";
import type { TrainedFold } from "./train-fold.js";

export interface MethodInput {
  readonly method: Method;
  readonly gathered: GatheredBags;
  readonly outOfFold: OutOfFold;
  readonly trained: readonly TrainedFold[];
  /** Where each of `trained` stands, and the bags that it was tried on. */
  readonly splits: readonly Split[];
  /** Whether the networks were tried on a challenge too. */
  readonly challenged: boolean;
}

/** All that is to be said of one method: its scores on held-out patients, and what its networks say of themselves. */
export function methodFinding(input: MethodInput): MethodFinding {
  const { method, gathered, trained, splits } = input;
  const { label, patient } = gathered.instances;
  const about = {
    bagNames: gathered.names,
    labels: label,
    patients: patient,
    classNames: gathered.classNames,
  };
  const { perFold, ...judged } = judgeMethod({ ...about, outOfFold: input.outOfFold });
  const moved = (s: number) => ({ scores: trained[s].challenge!, threshold: trained[s].member.threshold });
  const challenged = input.challenged
    ? pooledScores({ ...about, outOfFold: outOfFold(splits, label.length, (_, s) => moved(s)) })
    : undefined;
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
    challenge: challenged && { accuracy: challenged.accuracy, auc: challenged.auc },
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
