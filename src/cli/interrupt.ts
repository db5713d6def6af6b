import { SpectraError } from "../cube/errors.js";
import { sayAside } from "./say.js";

/**
 * A signal that Ctrl-C and SIGTERM raise, for the time of `work`. The first one stops in order: workers end, temporary files go;
 * a second one ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    sayAside("\nstopping; finished cubes are kept (again to stop at once)");
    controller.abort(new SpectraError("cancelled", "run", "stopped on request; run the same command again to go on"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
