import { auc } from "../classify/auc.js";
import { chooseThreshold } from "../classify/choose-threshold.js";
import type { UnitTestFinding } from "../cube/diagnosis-findings.js";
import type { HeadKind } from "../cube/mil.js";
import { type BackendName, openBackend } from "../diagnose/open-backend.js";
import { unitTest } from "../diagnose/unit-test.js";

/** Seeds of the unit test of a head. */
const SEEDS = [1, 2, 3];

/** Whether a head learns what is there in positive bags, and not what is missing from them. */
export async function testHead({ head, backend }: { head: HeadKind; backend: BackendName }): Promise<UnitTestFinding> {
  const { tf } = await openBackend(backend);
  return unitTest(head, { seeds: SEEDS, tf, auc, choose: chooseThreshold });
}
