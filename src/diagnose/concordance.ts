import type { Patches } from "../cube/bag.js";
import type { CaseFinding } from "../cube/diagnosis-findings.js";
import { rankCorrelation } from "../cube/rank-correlation.js";
import { topK } from "./top-k.js";
import { tumourShare } from "./tumour-share.js";

/** A tumour share of the top patches below this does not bear a positive diagnosis out. */
const BORNE_OUT = 0.1;

export interface ConcordanceInput {
  readonly patches: Patches;
  readonly scores: Float32Array;
  readonly k: number;
  /** Class of the stain that is tumour; missing where nothing was stained. */
  readonly tumour: string | undefined;
  /** What is said of the case. An indeterminate one is no call: the stain can neither bear it out nor contradict it. */
  readonly answer: "negative" | "indeterminate" | "positive";
  /** Tumour share of all tissue at and above which the stain is positive. */
  readonly stainThreshold: number | undefined;
  /** Overlap of the highest part of the map with the tumour class. */
  readonly iou: number | null;
}

/**
 * Whether stain and diagnosis bear each other out. Discordant is a positive diagnosis whose k top patches hold less than a tenth of
 * tumour, and any case in which the stain's call and the diagnosis differ. An indeterminate diagnosis is neither, and its verdict is that.
 * The two are set side by side and never averaged.
 */
export function concordance(input: ConcordanceInput): CaseFinding["concordance"] {
  const { patches, scores, k, tumour, answer, stainThreshold, iou } = input;
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
  const tumourTop = tumourShare(patches, tumour, (i) => top.has(i));
  const tumourAll = tumourShare(patches, tumour);
  const stainPositive = stainThreshold === undefined || tumourAll === null ? undefined : tumourAll >= stainThreshold;
  const open = answer === "indeterminate";
  const milPositive = open ? undefined : answer === "positive";
  const unborne = milPositive === true && (tumourTop ?? 0) < BORNE_OUT;
  const apart = !open && stainPositive !== undefined && stainPositive !== milPositive;
  return {
    verdict: open ? "indeterminate" : unborne || apart ? "discordant" : "concordant",
    reason: milPositive === undefined ? openReason(stainPositive) : reasonOf(milPositive, unborne, apart),
    milPositive,
    stainPositive,
    stainThreshold,
    tumourTop,
    tumourRest: tumourShare(patches, tumour, (i) => !top.has(i)),
    tumourAll,
    spearman: rankCorrelation(shares, scores),
    iou,
  };
}

function openReason(stainPositive: boolean | undefined): string {
  const none = "the diagnosis is indeterminate, so that there is no call for the stain to bear out";
  if (stainPositive === undefined) return none;
  return `${none}; the stain has ${stainPositive ? "more" : "less"} tumour than its threshold`;
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
