import { workerData } from "node:worker_threads";
import workerpool from "workerpool";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Answer } from "./crew.js";
import { type Jobs, jobs } from "./jobs.js";

/** Do a job and wrap what comes of it; large arrays are handed over, not copied. */
async function answer(job: keyof Jobs, input: unknown): Promise<unknown> {
  try {
    const work = await jobs[job]();
    const result = await (work as (input: unknown) => unknown)(input);
    return new workerpool.Transfer({ result } satisfies Answer, transferable(result));
  } catch (thrown) {
    const { kind, place } = thrown instanceof SpectraError ? thrown : { kind: "worker" as const, place: job };
    return { error: { kind, place, message: messageOf(thrown) } } satisfies Answer;
  }
}

function transferable(result: unknown): ArrayBuffer[] {
  if (typeof result !== "object" || result === null) return [];
  const buffers = new Set<ArrayBuffer>();
  for (const value of Object.values(result)) {
    if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
  }
  return [...buffers];
}

// Loaded while the main thread opens the first file; whatever goes wrong is met by the job itself.
const { expected } = (workerData ?? {}) as { expected?: keyof Jobs };
if (expected) jobs[expected]().catch(() => undefined);

const names = Object.keys(jobs) as (keyof Jobs)[];
workerpool.worker(Object.fromEntries(names.map((job) => [job, (input: unknown) => answer(job, input)])));
