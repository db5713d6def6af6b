import { existsSync, readFileSync, rmSync } from "node:fs";
import { chooseThreshold } from "../classify/choose-threshold.js";
import type { Instances } from "../cube/bag.js";
import type { MilMember, MilSpec } from "../cube/mil.js";
import { writeFileSafely } from "../cube/write-file.js";
import { type BackendName, openBackend } from "../diagnose/open-backend.js";
import { scoreBags } from "../diagnose/score-bags.js";
import { type Epoch, type TrainingState, trainBags } from "../diagnose/train-bags.js";
import { packed, unpacked } from "./packed.js";

/** One network to be trained on the bags of some patients and to be tried on those of others. */
export interface TrainFoldInput {
  readonly instances: Instances;
  /** Instead of the labels of the instances: shuffled ones. */
  readonly label?: Uint8Array;
  /** The same bags measured otherwise: row b of it is bag b, an empty one where there is none. */
  readonly challenge?: Instances;
  readonly spec: MilSpec;
  /** Bags whose patients it learns from, whose patients choose epoch and threshold, and that it is tried on. */
  readonly train: readonly number[];
  readonly inner: readonly number[];
  readonly test: readonly number[];
  readonly seed: string;
  readonly backend: BackendName;
  /** Hash over all that decides the outcome. */
  readonly key: string;
  /** Where the outcome is kept, and looked for; beside it, while training, the last checkpoint. */
  readonly file?: string;
}

export interface TrainedFold {
  readonly key: string;
  readonly member: MilMember;
  readonly history: readonly Epoch[];
  /** Scores of the bags of `inner`, `test` and, where there are any, of the challenge's `test`. */
  readonly inner: Float64Array;
  readonly test: Float64Array;
  readonly challenge?: Float64Array;
  /** Scores of the patches of `test`, in order. */
  readonly patches: Float32Array;
}

/** Epochs between two checkpoints. */
const CHECKPOINT = 5;

/** Train one network, score bags that it has not seen, and keep the outcome in a file; an outcome that is there already is taken. */
export async function trainFold(input: TrainFoldInput): Promise<TrainedFold> {
  const { instances: given, label, challenge, spec, train, inner, test, seed, key, file } = input;
  const before = file && outcomeIn(file, key);
  if (before) return before;
  const instances = label ? { ...given, label } : given;
  const { tf } = await openBackend(input.backend);
  const { member, history } = await trainBags(instances, { train, inner }, spec, {
    seed,
    tf,
    choose: chooseThreshold,
    checkpoint: file ? checkpointIn(`${file}.checkpoint`, key) : undefined,
  });
  const held = await scoreBags(member, instances, test, spec, { tf });
  const outcome: TrainedFold = {
    key,
    member,
    history,
    inner: (await scoreBags(member, instances, inner, spec, { tf })).bags,
    test: held.bags,
    patches: held.patches,
    challenge: challenge && (await scoreBags(member, challenge, test, spec, { tf })).bags,
  };
  if (file) {
    writeFileSafely(file, packed({ schema: "spectrastain/fold/1", ...outcome }));
    rmSync(`${file}.checkpoint`, { force: true });
  }
  return outcome;
}

function outcomeIn(file: string, key: string): TrainedFold | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const found = unpacked<TrainedFold>(readFileSync(file, "utf8"));
    return found.key === key ? found : undefined;
  } catch {
    // A file that cannot be read is no outcome: it is trained anew.
    return undefined;
  }
}

/** A checkpoint is taken only by the training that left it. */
function checkpointIn(file: string, key: string) {
  return {
    every: CHECKPOINT,
    load: async () => {
      if (!existsSync(file)) return undefined;
      try {
        const found = unpacked<{ key: string; state: TrainingState }>(readFileSync(file, "utf8"));
        return found.key === key ? found.state : undefined;
      } catch {
        return undefined;
      }
    },
    save: async (state: TrainingState) =>
      writeFileSafely(file, packed({ schema: "spectrastain/checkpoint/1", key, state })),
  };
}
