/** What went wrong, in a word; the command line turns `params` and `usage` into exit code 2 and the rest into 1. */
export type ErrorKind =
  | "usage"
  | "params"
  | "format"
  | "missing"
  | "shape"
  | "axis"
  | "unit"
  | "range"
  | "labels"
  | "patients"
  | "disk"
  | "worker"
  | "cancelled";

/**
 * The one error of this package: its kind, the place it arose, and a message that names the file, the value and the way out.
 */
export class SpectraError extends Error {
  override readonly name = "SpectraError";

  constructor(
    readonly kind: ErrorKind,
    readonly place: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The message of whatever was thrown, without its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
