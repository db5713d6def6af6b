import { isExhausted, refusal } from "./refusal.js";

/** What went wrong, in a word; whose fault each is stands in `faultOf`. */
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
 * Whose fault an error is. One of the call ends a run before it has begun, with exit code 2; one of a cube is listed, and the other
 * cubes go on; one of the run would meet every other cube too, so it ends the run. A worker that died twice on the same job died of
 * the cube: two threads had tried.
 */
export const faultOf: Readonly<Record<ErrorKind, "call" | "cube" | "run">> = {
  usage: "call",
  params: "call",
  format: "cube",
  missing: "cube",
  shape: "cube",
  axis: "cube",
  unit: "cube",
  range: "cube",
  labels: "cube",
  patients: "cube",
  worker: "cube",
  disk: "run",
  cancelled: "run",
};

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

/**
 * Whatever was thrown while a file was read, as an error that names the file. What a library threw, or a bug of ours, is charged to
 * the file, so that the other files of a cohort go on; the cause is kept.
 */
export function errorOfFile(file: string, thrown: unknown): SpectraError {
  if (isExhausted(thrown)) {
    return new SpectraError("disk", file, `${file} cannot be read: ${refusal(thrown)}`, { cause: thrown });
  }
  if (!(thrown instanceof SpectraError)) {
    return new SpectraError("format", file, `${file} cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
  if (faultOf[thrown.kind] !== "cube" || thrown.message.includes(file)) return thrown;
  return new SpectraError(thrown.kind, file, `${file}: ${thrown.message}`, { cause: thrown });
}

/** Do work on a file; whatever it throws names the file. */
export async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw errorOfFile(file, thrown);
  }
}

/** The stacks of an error and of what caused it, for SPECTRASTAIN_DEBUG. */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.stack ?? thrown.message;
  return thrown.cause === undefined ? own : `${own}\ncaused by ${stackOf(thrown.cause)}`;
}
