import type { Instances, Patches } from "../cube/bag.js";
import type { MilModel } from "../cube/mil.js";
import type { Tensorflow } from "../diagnose/open-backend.js";
import { scoreBags } from "../diagnose/score-bags.js";

/** What the networks of a model say of one bag: the score of each, and the mean of their scores of every patch. */
export interface EnsembleScores {
  readonly members: readonly number[];
  readonly patches: Float32Array;
  readonly kind: "probability" | "attention";
}

/** Patches as the instances of one bag. */
export function instancesOf({ features, featureNames, images, count }: Patches): Instances {
  const first = Int32Array.from([0, count]);
  return { features, featureNames, images, first, label: new Uint8Array(1), patient: new Int32Array(1) };
}

export async function scoreEnsemble(model: MilModel, patches: Patches, tf: Tensorflow): Promise<EnsembleScores> {
  const instances = instancesOf(patches);
  const members: number[] = [];
  const sums = new Float64Array(patches.count);
  let kind: EnsembleScores["kind"] = "probability";
  for (const member of model.members) {
    const found = await scoreBags(member, instances, [0], model.spec, { tf });
    members.push(found.bags[0]);
    kind = found.kind;
    for (const [i, value] of found.patches.entries()) sums[i] += value;
  }
  return { members, patches: Float32Array.from(sums, (sum) => sum / members.length), kind };
}
