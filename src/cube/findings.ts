import type { Origin } from "./cube.js";
import type { CaseFinding, StudyFinding } from "./diagnosis-findings.js";
import type { Pipeline } from "./model.js";
import type { Palette } from "./stain-map.js";

/**
 * findings.json: every number of a report once. The HTML is a rendering of it and computes nothing.
 * All of it is plain JSON; a number that could not be had is null, with the reason beside it.
 */
export interface Findings {
  readonly schema: "spectrastain/findings/1";
  readonly title: string;
  readonly notice: "research use only, not for diagnostic use";
  /** When the run ended, ISO 8601: in files of earlier versions only. Times stand in run.json, so that equal runs write equal findings. */
  readonly created?: string;
  readonly version: string;
  readonly command: string;
  readonly seed: number;
  readonly origin: Origin | "mixed";
  /** Warnings that every figure must carry, such as "patients overlap". */
  readonly stamps: readonly string[];
  readonly inputs: readonly InputFinding[];
  readonly pipeline?: Pipeline;
  /** Colours of the classes in charts; the composition of the stains, else a built-in colour-blind-safe set, if not given. */
  readonly palette?: Palette;
  readonly quality?: readonly QualityFinding[];
  readonly spectra?: SpectraFinding;
  readonly pca?: PcaFinding;
  readonly importances?: ImportanceFinding;
  readonly validation?: ValidationFinding;
  readonly stains?: readonly StainFinding[];
  /** How well the diagnosis does on patients held out. */
  readonly study?: StudyFinding;
  /** Cases diagnosed, each with its concordance with the stain. */
  readonly cases?: readonly CaseFinding[];
  /** Calls of stain and diagnosis, over the cases that have both. */
  readonly agreement?: {
    readonly both: number;
    readonly diagnosisOnly: number;
    readonly stainOnly: number;
    readonly neither: number;
    /** Cases with an indeterminate diagnosis, by the call of the stain; missing in findings of earlier versions, which called them. */
    readonly indeterminate?: { readonly stainPositive: number; readonly stainNegative: number };
  };
  /** What went wrong with single cubes, in the words of the error. */
  readonly failures?: readonly { readonly file: string; readonly error: string }[];
}

/** How many of what a figure rests on. */
export interface Counts {
  readonly pixels: number;
  readonly cores: number;
  readonly patients: number;
}

/** One headline number. `interval` is the 95 % interval over patients. */
export interface Figure {
  readonly value: number | null;
  readonly unit: "1" | "%" | "mm2" | "pixels" | "cm-1" | "um";
  readonly interval?: readonly [low: number, high: number];
  readonly counts?: Counts;
  /** Why `value` is null or has no interval, or which classes a mean had to leave out. */
  readonly reason?: string;
}

export interface InputFinding {
  readonly file: string;
  /** Of the whole file; missing when hashing was switched off. */
  readonly sha256?: string;
  /** Which cube it is: `sha256:` and its content, or `place:` and a hash of path, size, time and layout where it was not hashed. */
  readonly cube?: string;
  readonly bytes: number;
  readonly rows: number;
  readonly cols: number;
  readonly bands: number;
  readonly range: readonly [low: number, high: number];
  readonly patient?: string;
  readonly core?: string;
  readonly mode?: string;
  readonly pixelSizeUm?: number;
  readonly origin: Origin;
  readonly labelledPixels?: number;
}

/** Pixels of one cube by reason code name, `kept` among them. */
export interface QualityFinding {
  readonly file: string;
  readonly pixels: number;
  readonly byReason: Readonly<Record<string, number>>;
}

/** Mean and standard deviation of the training spectra of each class, after the pipeline's steps. */
export interface SpectraFinding {
  readonly wavenumbers: readonly number[];
  /** The bands that begin behind a gap of the axis; told from the spacing if missing. */
  readonly gaps?: readonly number[];
  readonly quantity: string;
  readonly classes: readonly {
    readonly name: string;
    readonly mean: readonly number[];
    readonly sd: readonly number[];
    readonly pixels: number;
  }[];
}

export interface PcaFinding {
  readonly wavenumbers: readonly number[];
  /** The bands that begin behind a gap of the axis; told from the spacing if missing. */
  readonly gaps?: readonly number[];
  /** Share of the total variance a component. */
  readonly explained: readonly number[];
  /** The first loadings, one array a component. */
  readonly loadings: readonly (readonly number[])[];
  readonly spectra: number;
}

/** Forest importances carried back to wavenumbers through the loadings; sums to 1. */
export interface ImportanceFinding {
  readonly wavenumbers: readonly number[];
  /** The bands that begin behind a gap of the axis; told from the spacing if missing. */
  readonly gaps?: readonly number[];
  readonly importance: readonly number[];
}

/** The scores of a classifier on pixels it was not fitted on. Arrays over classes are in the order of `classNames`. */
export interface ScoreFinding {
  readonly counts: Counts;
  readonly accuracy: Figure;
  readonly balancedAccuracy: Figure;
  readonly macroAuc: Figure;
  /** One-vs-rest. */
  readonly auc: readonly Figure[];
  readonly sensitivity: readonly Figure[];
  readonly specificity: readonly Figure[];
}

export interface ValidationFinding {
  /** Key of the model fitted on all patients alike. */
  readonly model?: string;
  readonly folds: number;
  readonly repeats: number;
  readonly trees: number;
  readonly classNames: readonly string[];
  readonly perClass: readonly Counts[];
  /** Patients held out. The figures to quote. */
  readonly byPatient: ScoreFinding;
  /** The same folds by pixel instead of by patient: what a leak would have reported. */
  readonly randomSplit?: ScoreFinding;
  readonly byMode?: readonly { readonly mode: string; readonly scores: ScoreFinding }[];
  /** Macro AUC with shuffled labels, and how rarely it reaches that of the true ones; files of earlier versions have no p. */
  readonly permutation?: {
    /** Shuffles, and trees of the forests, those of the true labels in `observed` too. */
    readonly repeats: number;
    readonly trees?: number;
    /** Of the true labels under the same settings, first repeat. */
    readonly observed?: number;
    readonly mean: number;
    /** The central 95 % of the shuffles. */
    readonly interval: readonly [number, number];
    /** (1 + shuffles that reach `observed`) / (1 + shuffles), and the smallest that it can be. */
    readonly p?: number;
    readonly floor?: number;
  };
  /** The rule of the stain on patients held out: limits and temperature of each fold are those of its training patients. */
  readonly stained?: {
    readonly threshold: number;
    /** Share of the tested pixels that is given a class, of these the share given the right one, and of all. */
    readonly coverage: Figure;
    readonly accuracy: Figure;
    readonly rightOfAll: Figure;
    /** Drawn pixels that the quality step had refused: they are tested nowhere. */
    readonly refused: number;
  };
  /** The same at the balance of the annotations: each tested pixel counts for the annotated ones of its patient and class. */
  readonly annotated?: {
    /** Annotated pixels a class. */
    readonly pixels: readonly number[];
    /** Of the most probable class, as in `byPatient`. */
    readonly mostProbable: Figure;
    readonly coverage: Figure;
    readonly accuracy: Figure;
    readonly rightOfAll: Figure;
  };
  /** Two classes that the user has named, one against the other; and what the split by pixel would have reported of them. */
  readonly pair?: { readonly names: readonly [string, string]; readonly auc: Figure; readonly randomSplit?: Figure };
  /** The patients one by one, the worst first. */
  readonly patients?: readonly PatientFinding[];
  /**
   * `[truth][given]`, first repeat; cores and patients are counted by what most of their pixels of each truth were given. Behind the
   * classes stand the columns "rejected" and "unclassified"; files of earlier versions have the most probable class alone.
   */
  readonly confusion: {
    readonly pixels: readonly (readonly number[])[];
    readonly cores: readonly (readonly number[])[];
    readonly patients: readonly (readonly number[])[];
  };
  /** Of the probabilities that a stain gives; before they were calibrated in `votes`, where they were. */
  readonly calibration: CalibrationFinding & { readonly votes?: CalibrationFinding };
  /** One-vs-rest ROC curves, thinned to at most 101 points. */
  readonly roc: readonly {
    readonly name: string;
    readonly falsePositive: readonly number[];
    readonly truePositive: readonly number[];
  }[];
  readonly learningCurve?: readonly {
    readonly patients: number;
    readonly macroAuc: number;
    readonly interval: readonly [number, number];
  }[];
}

/** How far probabilities can be taken at their word. */
export interface CalibrationFinding {
  readonly bins: readonly { readonly predicted: number; readonly observed: number; readonly pixels: number }[];
  /** Over all classes, from 0 to 2. */
  readonly brier: number;
  readonly expectedError: number;
}

/** The scores of one patient held out. */
export interface PatientFinding {
  readonly patient: string;
  readonly counts: Counts;
  readonly classes: readonly string[];
  /** Share of its pixels whose most probable class is right. */
  readonly accuracy: number;
  /** Share of its pixels that is given a class. */
  readonly coverage?: number;
  /** Over its own pixels; null where it has one class. */
  readonly macroAuc: number | null;
  /** Of the pair that the user has named; null where it has not both. */
  readonly pairAuc?: number | null;
}

/** The stain of one cube. Picture paths are relative to findings.json. */
export interface StainFinding {
  readonly name: string;
  readonly file: string;
  /** The cube, as in `InputFinding`, and the key of the model. */
  readonly cube?: string;
  readonly model?: string;
  readonly rows: number;
  readonly cols: number;
  readonly pixelSizeUm?: number;
  readonly patient?: string;
  readonly core?: string;
  readonly mode?: string;
  readonly origin: Origin;
  /** Empty when no pictures were asked for. */
  readonly pictures: {
    readonly classes?: string;
    readonly confidence?: string;
    readonly rejected?: string;
    /** Chemical pictures of the measured data: amide I integral, and a composite of three bands. */
    readonly amideI?: string;
    readonly composite?: string;
    /** The annotation or the simulated truth, where there is one. */
    readonly truth?: string;
  };
  /** The integral at the ends of the colour scale of `amideI`, cm-1: its 1st and 99th percentile. */
  readonly amideIRange?: readonly [low: number, high: number];
  /** What the three channels of the composite are. */
  readonly compositeBands?: readonly string[];
  readonly composition: readonly CompositionFinding[];
  readonly rejected: Readonly<Record<string, number>>;
  /** Against the cube's own labels, where it has any. */
  readonly scores?: {
    readonly labelledPixels: number;
    readonly accuracy: number;
    readonly auc: Readonly<Record<string, number | null>>;
    /** By how much each AUC may be off at the most, where there are too many pixels to rank them all; missing where it is exact. */
    readonly aucWithin?: Readonly<Record<string, number>>;
  };
  /** What NAME.geojson holds and leaves out; missing where it was not written. */
  readonly polygons?: PolygonFinding;
}

/** Connected regions of the class map, as polygons. */
export interface PolygonFinding {
  readonly regions: number;
  /** Regions of fewer pixels are left out. */
  readonly minimumPixels: number;
  readonly leftOut: { readonly regions: number; readonly pixels: number };
}

/** Share of the classified tissue; the unclassified and the rejected are rows of their own with share null. */
export interface CompositionFinding {
  readonly name: string;
  readonly colour: readonly [number, number, number];
  readonly pixels: number;
  readonly percent: number | null;
  /** Null when the pixel size is not known. */
  readonly areaMm2: number | null;
  readonly meanProbability: number | null;
}
