import { auc } from "../classify/auc.js";
import { chooseThreshold } from "../classify/choose-threshold.js";
import type { UnitTestFinding } from "../cube/diagnosis-findings.js";
import type { HeadKind, MilSpec } from "../cube/mil.js";
import { type BackendName, openBackend } from "../diagnose/open-backend.js";
import { unitTest } from "../diagnose/unit-test.js";

export interface TestHeadInput {
  readonly head: HeadKind;
  /** The settings of the model. */
  readonly spec: MilSpec;
  readonly backend: BackendName;
  readonly seeds: readonly number[];
}

/** Whether a head learns what is there in positive bags, and not what is missing from them. */
export async function testHead({ head, spec, backend, seeds }: TestHeadInput): Promise<UnitTestFinding> {
  const { tf } = await openBackend(backend);
  return unitTest(head, { seeds, spec, tf, auc, choose: chooseThreshold });
}
