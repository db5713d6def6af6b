import type { Origin } from "./cube.js";
import type { CubeKey } from "./identity.js";

/**
 * The patches of one cube, cut on a grid of its pixels and described one by one: what a diagnosis is learned from.
 * Row i of every matrix is the patch at `coords[2 * i]` (x, column) and `coords[2 * i + 1]` (y, row), its top left pixel.
 */
export interface Patches {
  readonly count: number;
  readonly coords: Int32Array;
  /** Edge of a patch in pixels; 1 for point spectra. */
  readonly edge: number;
  /** Distance from a patch to the next in pixels. */
  readonly stride: number;
  /** `features[i * featureNames.length + f]`. */
  readonly features: Float32Array;
  readonly featureNames: readonly string[];
  /** Mean of the corrected spectra of the kept pixels, `spectra[i * wavenumbers.length + band]`. */
  readonly spectra: Float32Array;
  readonly wavenumbers: Float64Array;
  /** Share of the pixels of a patch that hold kept tissue, 0…1. */
  readonly tissue: Float32Array;
  /** Share of each class among the classified pixels, `mix[i * classNames.length + k]`; empty where nothing was stained. */
  readonly mix: Float32Array;
  readonly classNames: readonly string[];
  /** Channels of the pixels, resampled to `size` × `size`, `values[((i * size + y) * size + x) * channels + c]`; for networks that look at them. */
  readonly images?: PatchImages;
}

export interface PatchImages {
  readonly size: number;
  readonly channels: number;
  readonly channelNames: readonly string[];
  readonly values: Float32Array;
}

/** The patches of one cube with all that says where they are from. */
export interface Bag {
  /** Name of the cube, unique in its cohort and safe as a file name. */
  readonly name: string;
  readonly file: string;
  /** The cube that the patches were cut from. */
  readonly cube: CubeKey;
  /** Key of the model that stained it; missing for point spectra, which are not stained. */
  readonly stainModel?: string;
  readonly patient?: string;
  readonly biopsy?: string;
  readonly core?: string;
  readonly slide?: string;
  readonly label?: string;
  /** What the cohort says: "test" is held out, and never learned from. */
  readonly split?: string;
  readonly origin: Origin;
  /** "points": spectra without neighbours, laid out in rows for storage only. */
  readonly geometry: "image" | "points";
  readonly rows: number;
  readonly cols: number;
  readonly pixelSizeUm?: number;
  readonly patchUm?: number;
  /** Patches with less tissue were left out. */
  readonly tissueFraction: number;
  /** What the patches show: features and images of two bags can be compared only when this is the same. */
  readonly channels: string;
  /** Patients that the stain model behind the features was fitted on. */
  readonly modelPatients: readonly string[];
  readonly patches: Patches;
  /** Overlapping windows for maps, described alike; missing when none were asked for. */
  readonly windows?: Patches;
}

/**
 * The instances of a study in one matrix, ready for a network: bag b has the rows `first[b]` to `first[b + 1]`.
 * All plain data; large arrays may lie in shared memory.
 */
export interface Instances {
  readonly features: Float32Array;
  readonly featureNames: readonly string[];
  readonly images?: PatchImages;
  readonly first: Int32Array;
  /** 1 = positive, 0 = negative, a bag. */
  readonly label: Uint8Array;
  /** Index of the patient, a bag. */
  readonly patient: Int32Array;
}
