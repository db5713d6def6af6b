/** How far long work has come. `unit` is what is counted: pixels, cubes, trees, folds. */
export interface ProgressEvent {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Bytes of spectra that one of them stands for, where data stream by. */
  readonly bytesEach?: number;
}

/** What every long function of this folder can be given. */
export interface RunOptions {
  /** Worker threads; 0 works in the calling thread, all cores if not given. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Called with remarks that do not stop the work, such as "resampled". */
  readonly onRemark?: (text: string) => void;
  /** Called with what something took, for the log beside the results: the results hold no times. */
  readonly onTime?: (what: string, seconds: number) => void;
}
