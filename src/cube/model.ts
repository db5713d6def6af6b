import type { InputFinding } from "./findings.js";
import type { Forest } from "./forest.js";
import type { Pca } from "./pca.js";
import type { Palette } from "./stain-map.js";
import type { Step } from "./step.js";

/** A pipeline file, checked: what happens to every spectrum, in order, and how the classifier is fitted. */
export interface Pipeline {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly Step[];
  readonly reduce: {
    readonly components: number;
    /**
     * Share of the training spectra that the limit of Q and of T² leaves outside, each measured on components fitted without its
     * patient; 0 switches the check off.
     */
    readonly outside: number;
  };
  readonly classify: {
    readonly trees: number;
    readonly minLeaf: number;
    readonly maxDepth: number;
    /** Features tried at a split; √components if not given. */
    readonly features?: number;
    /** Training pixels a class, at the most, shared evenly among its patients. */
    readonly pixelsPerClass: number;
  };
  readonly stain: {
    /** A pixel whose best class is less probable than this is "unclassified". */
    readonly threshold: number;
    readonly smoothing: "none" | "majority" | "guided";
  };
}

/** What brings the probabilities of a forest to what is observed of patients held out: (p + floor)^exponent, scaled to 1. */
export interface Temperature {
  /** 1 / temperature: above 1 where the forest is less sure than it may be. */
  readonly exponent: number;
  readonly floor: number;
}

/** Everything a stain needs, as plain frozen data. */
export interface Model {
  readonly pipeline: Pipeline;
  /** The axis of the training cubes, before any step; cubes to be stained must cover it. */
  readonly wavenumbers: Float64Array;
  readonly pca: Pca;
  readonly forest: Forest;
  /** Limits beyond which a pixel is outside the model's domain; Infinity when not checked. */
  readonly limits: { readonly q: number; readonly t2: number };
  /** Missing where it could not be measured, because no class is in two patients: probabilities are then the shares of the votes. */
  readonly temperature?: Temperature;
  /** Names by label value, index 0 "unlabelled"; class k of the forest has label value `labels[k]`. */
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
  readonly palette: Palette;
  readonly provenance: {
    readonly version: string;
    readonly seed: number;
    readonly inputs: readonly InputFinding[];
    readonly patients: number;
    readonly pixels: number;
    /** Training pixels a class, as `labels`. */
    readonly pixelsPerClass: readonly number[];
    /** Warnings every figure made with this model must carry, such as "patients overlap". */
    readonly stamps: readonly string[];
  };
}
