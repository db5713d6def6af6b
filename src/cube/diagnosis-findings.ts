import type { Origin } from "./cube.js";
import type { Figure } from "./findings.js";
import type { HeadKind, MilSpec } from "./mil.js";

/** Mean and sample standard deviation (ddof 1) over folds; null where no fold gave a number. */
export interface Spread {
  readonly mean: number | null;
  readonly sd: number | null;
  readonly folds: number;
}

/** The figures of a two-class decision. Positive is the second of `classNames`. */
export interface BinaryScores<N> {
  readonly accuracy: N;
  readonly precision: N;
  readonly recall: N;
  readonly f: N;
  /** From the continuous scores, ties counting one half. */
  readonly auc: N;
  readonly balancedAccuracy: N;
}

/** `[truth][decision]`, negative first. */
export type BinaryConfusion = readonly [readonly [number, number], readonly [number, number]];

/** One method judged on held-out patients. */
export interface MethodFinding {
  readonly id: string;
  /** In words, such as "top-k max pooling, mean of top k at test". */
  readonly title: string;
  readonly role: "default" | "comparator" | "baseline";
  readonly spec: MilSpec;
  /** What the score of a bag is, such as "mean probability of the k highest patches" or "fraction of positive patches". */
  readonly scoreName: string;
  /** Every fold of every repeat, at the threshold its inner patients chose. */
  readonly perFold: readonly (BinaryScores<number | null> & {
    readonly repeat: number;
    readonly fold: number;
    readonly patients: number;
    readonly bags: number;
    readonly epoch: number;
    readonly threshold: number;
  })[];
  /** Mean ± SD over all folds, at the thresholds of the inner patients, and at 0.5. */
  readonly overFolds: BinaryScores<Spread>;
  readonly overFoldsAtHalf: BinaryScores<Spread>;
  /** Mean ± SD over the folds of each repeat. */
  readonly perRepeat: readonly { readonly repeat: number; readonly scores: BinaryScores<Spread> }[];
  /** All bags of all repeats together, with the 95 % interval by patient bootstrap. */
  readonly pooled: BinaryScores<Figure>;
  /** A patient's score is the highest of the bags; a patient is positive when any bag is. */
  readonly byPatient: BinaryScores<Figure>;
  /** Wilson's 95 % interval of the first repeat's accuracy, precision and recall, as if bags were independent. */
  readonly wilson: { readonly accuracy: Figure; readonly precision: Figure; readonly recall: Figure };
  /** 101 thresholds from 0 to 1; null where a figure is not defined. */
  readonly sweep: {
    readonly thresholds: readonly number[];
    readonly accuracy: readonly Spread[];
    readonly precision: readonly Spread[];
    readonly recall: readonly Spread[];
  };
  /** Vertical average of the folds' curves on 101 points, and the curve of all out-of-fold scores of the first repeat. */
  readonly roc: {
    readonly falsePositive: readonly number[];
    readonly mean: readonly number[];
    readonly sd: readonly number[];
    readonly pooled: { readonly falsePositive: readonly number[]; readonly truePositive: readonly number[] };
  };
  /** One a repeat. */
  readonly confusion: readonly BinaryConfusion[];
  readonly calibration: {
    readonly bins: readonly { readonly predicted: number; readonly observed: number; readonly bags: number }[];
    readonly brier: number;
    readonly expectedError: number;
    /** Of the logistic regression of the truth on the logit of the score; 1 and 0 are perfect; null where it does not converge. */
    readonly slope: number | null;
    readonly intercept: number | null;
  };
  /** Share of the scores outside [0.02, 0.98]; a warning when above 0.9: AUC then says little beyond balanced accuracy. */
  readonly saturated: { readonly share: number; readonly warning: boolean };
  /** Share of the bags with scores below that of every positive bag: cases that could be set aside at full sensitivity. */
  readonly removable: number | null;
  /** The bags of the first repeat that were judged worst. */
  readonly worst: readonly { readonly bag: string; readonly truth: string; readonly score: number }[];
  /** Mean over the folds. */
  readonly convergence: readonly {
    readonly epoch: number;
    readonly loss: number;
    readonly innerBalancedAccuracy: number | null;
  }[];
  /** Bags of the same held-out patients measured otherwise, such as with a confounder moved: scored, never trained on. */
  readonly challenge?: { readonly accuracy: Figure; readonly auc: Figure };
}

/** A diagnosis that the stain gives without a network; its threshold is chosen by the patients outside each fold. */
export interface BaselineFinding {
  readonly id: string;
  readonly title: string;
  readonly scoreName: string;
  readonly pooled: BinaryScores<Figure>;
  readonly byPatient: BinaryScores<Figure>;
  /** Rank correlation of the first method's score with it, over all bags. */
  readonly rank: number | null;
}

/**
 * What is told of a new case, judged: threshold, band and calibration fitted by nested folds of the patients outside each fold of the first
 * repeat, and used on the fold.
 */
export interface DecisionFinding {
  /** `[truth][negative, indeterminate, positive]`, bags, the negative ones first. */
  readonly answers: readonly [
    readonly [negative: number, indeterminate: number, positive: number],
    readonly [negative: number, indeterminate: number, positive: number],
  ];
  /** Share of the bags that are called, and of these the share called wrongly. */
  readonly called: Figure;
  readonly wrong: Figure;
  /** Of the calibrated probability, the one that a case is told. */
  readonly calibration: MethodFinding["calibration"];
}

/** By how much the first method is above another, or above a baseline, on the same bags. */
export interface DifferenceFinding {
  readonly id: string;
  readonly title: string;
  readonly scores: BinaryScores<Figure>;
}

/** The unit test of Raff and Holt 2023: a marker in negative bags while training, in positive bags while testing. */
export interface UnitTestFinding {
  readonly head: HeadKind;
  readonly title: string;
  /** AUC of bags drawn as the training bags were, one a seed. */
  readonly sameDistribution: readonly number[];
  /** AUC of the poisoned bags; below 0.5 the head has learned the absence of the marker. */
  readonly poisoned: readonly number[];
  /** AUC where the marker was in positive bags while training and is in negative ones: a known limit, and no part of the verdict. */
  readonly mirrored?: readonly number[];
  /** Epochs of its trainings; everything else is as in the model. Missing, as `mirrored`, in findings of earlier versions. */
  readonly epochs?: number;
  readonly passed: boolean;
}

/** A diagnosis judged by patient. */
export interface StudyFinding {
  /** Key of the model that the study made. */
  readonly model?: string;
  readonly geometry: "image" | "points";
  readonly unit: "core" | "biopsy" | "patient";
  readonly classNames: readonly [negative: string, positive: string];
  readonly counts: {
    readonly patients: number;
    readonly positivePatients: number;
    readonly bags: number;
    readonly positiveBags: number;
    readonly patches: number;
  };
  readonly folds: number;
  readonly repeats: number;
  readonly seeds: readonly number[];
  readonly foldFile?: { readonly file: string; readonly sha256: string };
  readonly patch: {
    readonly edgeUm?: number;
    readonly edgePixels: number;
    readonly stridePixels: number;
    readonly tissueFraction: number;
    readonly channels: string;
    readonly features: readonly string[];
    /** How many of the features are read off the stain; missing in findings of earlier versions. */
    readonly ofStain?: number;
  };
  readonly bags: readonly {
    readonly bag: string;
    readonly label: string;
    readonly patches: number;
    readonly tumourShare: number | null;
  }[];
  /** The default first. */
  readonly methods: readonly MethodFinding[];
  /** What the stain says by itself; missing where nothing was stained, and in findings of earlier versions. */
  readonly baselines?: readonly BaselineFinding[];
  readonly differences?: readonly DifferenceFinding[];
  /** Missing where too few patients of a label are outside a fold, and in findings of earlier versions. */
  readonly decision?: DecisionFinding;
  readonly unitTests: readonly UnitTestFinding[];
  /**
   * AUC of the default method over one repeat with the labels shuffled among patients: whether it is better than chance. It says nothing
   * of leaks. Of findings of earlier versions only the first three are there.
   */
  readonly permutation?: {
    readonly repeats: number;
    readonly mean: number;
    /** The central 95 % of the shuffles. */
    readonly interval: readonly [number, number];
    /** The AUC of the repeat with the true labels, and how many shuffles reached it. */
    readonly observed?: number;
    readonly atLeast?: number;
    /** (1 + atLeast) / (repeats + 1), and the lowest that so many shuffles can give. */
    readonly p?: number;
    readonly floor?: number;
  };
  /** What the bags of `challenge` are. */
  readonly challenge?: string;
  /** MIL and stain together; every fold's weights fitted on its inner patients. */
  readonly fused?: { readonly scores: BinaryScores<Figure>; readonly mil: number; readonly stain: number };
  readonly backend: { readonly name: string; readonly why: string };
}

export type Verdict = "pass" | "warn" | "fail";

export interface GateFinding {
  readonly verdict: Verdict;
  readonly checks: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly unit: string;
    /** In words, such as "at least 0.10". */
    readonly limit: string;
    readonly verdict: Verdict;
  }[];
}

/** A picture of a map with the scale that its colours have. Picture paths are relative to findings.json. */
export interface MapFinding {
  /** Such as "patch probability", "Grad-CAM (benign against malignant)", "attention, percentile". */
  readonly name: string;
  readonly cube: string;
  /** Columns of the cube: the picture may show every second, third … pixel. */
  readonly cols: number;
  readonly picture: string;
  /** Values at the two ends of the colour scale; the upper end is the 99th percentile of the slide. */
  readonly range: readonly [low: number, high: number];
  /** Highest raw value of the slide. */
  readonly highest: number;
  readonly windows: number;
}

export interface PatchFinding {
  readonly rank: number;
  readonly x: number;
  readonly y: number;
  readonly edge: number;
  /** Probability, or attention where the head has no probabilities. */
  readonly score: number;
  readonly picture?: string;
  readonly mix: readonly { readonly name: string; readonly percent: number }[];
  readonly spectrum: { readonly wavenumbers: readonly number[]; readonly values: readonly number[] };
}

/** One case: a bag and what is said of it. */
export interface CaseFinding {
  readonly id: string;
  readonly patient?: string;
  readonly cubes: readonly string[];
  /** Which cubes they are, as in `InputFinding`, and the keys of the model that stained them and of the one that diagnosed the case. */
  readonly cubeKeys?: readonly string[];
  readonly stainModel?: string;
  readonly model?: string;
  readonly origin: Origin;
  readonly geometry: "image" | "points";
  /** What is known, where it is. */
  readonly truth?: string;
  readonly pixelSizeUm?: number;
  readonly tissueMm2: number | null;
  readonly patches: number;
  readonly stamps: readonly string[];
  readonly gate: GateFinding;
  /** Missing when the gate withholds it. */
  readonly diagnosis?: {
    readonly className: string | null;
    readonly band: "negative" | "indeterminate" | "positive";
    /** Mean score of the ensemble. */
    readonly score: number;
    readonly probability: number;
    /** Lowest and highest calibrated probability of the members. */
    readonly interval: readonly [number, number];
    readonly memberSd: number;
    readonly members: number;
    readonly threshold: number;
    /** Below the first negative, from the second on positive; null where no score is called so. */
    readonly bandLimits: readonly [low: number | null, high: number | null];
    readonly k: number;
  };
  /** Why there is no diagnosis. */
  readonly withheld?: string;
  readonly concordance: {
    readonly verdict: "concordant" | "discordant" | "indeterminate" | "not assessed";
    /** In a sentence. */
    readonly reason: string;
    /** Missing where the diagnosis is indeterminate. */
    readonly milPositive?: boolean;
    readonly stainPositive?: boolean;
    readonly stainThreshold?: number;
    /** Share of the tumour class among the classified pixels of the k top patches, of the others, and of all. */
    readonly tumourTop: number | null;
    readonly tumourRest: number | null;
    readonly tumourAll: number | null;
    /** Rank correlation of a patch's tumour share and its score. */
    readonly spearman: number | null;
    /** Overlap of the top 5 % of the probability map or CAM with the tumour class. */
    readonly iou: number | null;
  };
  readonly fused?: { readonly probability: number };
  readonly maps: readonly MapFinding[];
  readonly gallery: readonly PatchFinding[];
  /** Files written beside the findings. */
  readonly exports: readonly {
    readonly kind: "GeoJSON" | "OME-TIFF" | "CSV";
    readonly file: string;
    /** Places of the grid without a patch, for they hold less tissue than `tissueBelow`; of polygons of patches only. */
    readonly leftOut?: { readonly tissueBelow: number; readonly patches: number };
  }[];
}
