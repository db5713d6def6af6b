import { sampleRankCorrelation } from "simple-statistics";
import type { Patches } from "../cube/bag.js";
import type { CaseFinding } from "../cube/diagnosis-findings.js";
import { topK } from "./top-k.js";

/** A tumour share of the top patches below this does not bear a positive diagnosis out. */
const BORNE_OUT = 0.1;

export interface ConcordanceInput {
  readonly patches: Patches;
  readonly scores: Float32Array;
  readonly k: number;
  /** Class of the stain that is tumour; missing where nothing was stained. */
  readonly tumour: string | undefined;
  readonly milPositive: boolean;
  /** Tumour share of all tissue at and above which the stain is positive. */
  readonly stainThreshold: number | undefined;
  /** Overlap of the highest part of the map with the tumour class. */
  readonly iou: number | null;
}

/**
 * Whether stain and diagnosis bear each other out. Discordant is a positive diagnosis whose k top patches hold less than a tenth of
 * tumour, and any case in which the stain's call and the diagnosis differ. The two are set side by side and never averaged.
 */
export function concordance(input: ConcordanceInput): CaseFinding["concordance"] {
  const { patches, scores, k, tumour, milPositive, stainThreshold, iou } = input;
  const none = { tumourTop: null, tumourRest: null, tumourAll: null, spearman: null, iou: null };
  if (tumour === undefined || !patches.classNames.includes(tumour)) {
    return {
      verdict: "not assessed",
      reason: "there is no stain with a tumour class to compare the diagnosis with",
      ...none,
    };
  }
  const place = patches.classNames.indexOf(tumour);
  const shares = Float32Array.from(
    { length: patches.count },
    (_, i) => patches.mix[i * patches.classNames.length + place],
  );
  const top = new Set(topK(scores, 0, patches.count, k));
  const share = (wanted: (i: number) => boolean): number | null => {
    let sum = 0;
    let tissue = 0;
    for (let i = 0; i < patches.count; i++) {
      if (!wanted(i)) continue;
      sum += shares[i] * patches.tissue[i];
      tissue += patches.tissue[i];
    }
    return tissue > 0 ? sum / tissue : null;
  };
  const tumourTop = share((i) => top.has(i));
  const tumourAll = share(() => true);
  const stainPositive = stainThreshold === undefined || tumourAll === null ? undefined : tumourAll >= stainThreshold;
  const unborne = milPositive && (tumourTop ?? 0) < BORNE_OUT;
  const apart = stainPositive !== undefined && stainPositive !== milPositive;
  return {
    verdict: unborne || apart ? "discordant" : "concordant",
    reason: reasonOf(milPositive, unborne, apart),
    milPositive,
    stainPositive,
    stainThreshold,
    tumourTop,
    tumourRest: share((i) => !top.has(i)),
    tumourAll,
    spearman: spearman(shares, scores),
    iou,
  };
}

function reasonOf(milPositive: boolean, unborne: boolean, apart: boolean): string {
  if (unborne) {
    return "the diagnosis is positive, but the patches that it rests on hold less than a tenth of tumour in the stain";
  }
  if (apart) {
    return milPositive
      ? "the diagnosis is positive and the stain has less tumour than its threshold"
      : "the stain has more tumour than its threshold and the diagnosis is negative";
  }
  return milPositive
    ? "the diagnosis is positive, and the patches that it rests on hold tumour in the stain"
    : "the diagnosis is negative, and the stain has less tumour than its threshold";
}

/** Rank correlation; null for fewer than three patches or where one side does not vary. */
function spearman(one: Float32Array, other: Float32Array): number | null {
  if (one.length < 3) return null;
  const value = sampleRankCorrelation(Array.from(one), Array.from(other));
  return Number.isFinite(value) ? value : null;
}
