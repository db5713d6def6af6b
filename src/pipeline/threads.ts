import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import workerpool from "workerpool";
import { messageOf, SpectraError } from "../cube/errors.js";
import { notPlain } from "./hand-over.js";
import type { Answer } from "./serve-jobs.js";

/** Which threads are wanted: so many, of a script that calls `serveJobs`. */
export interface Threads {
  readonly script: URL;
  readonly workers: number;
  /** The job whose code is loaded at the start. */
  readonly expected?: string;
  readonly signal?: AbortSignal;
}

type Pool = ReturnType<typeof workerpool.pool>;

/** Have a job done by one of the threads. */
export type RunJob = (job: string, input: unknown) => Promise<unknown>;

/** Threads without work, by script and number: the next work for so many has them at once, with all that they have loaded. */
const resting = new Map<string, { readonly pool: Pool; readonly dismissal: NodeJS.Timeout }>();

/** Threads without work are let go after so many milliseconds. */
const REST = 30_000;

/**
 * Hire threads for the time of `work`. When all went well they rest for half a minute, without keeping the process from its end;
 * otherwise they are let go. An abort ends running jobs at once: their promises reject, and `work` unwinds.
 */
export async function withThreads<T>(threads: Threads, work: (run: RunJob) => Promise<T>): Promise<T> {
  const { signal } = threads;
  const pool = hire(threads);
  const stop = () => void end(pool);
  signal?.addEventListener("abort", stop, { once: true });
  let done = false;
  try {
    const result = await work((job, input) => runJob(pool, job, input, signal));
    done = true;
    return result;
  } finally {
    signal?.removeEventListener("abort", stop);
    const { pendingTasks, activeTasks } = pool.stats();
    if (done && !signal?.aborted && !pendingTasks && !activeTasks) rest(pool, threads);
    else await end(pool);
  }
}

/** How often a job is begun when the threads that do it die: it is a pure function of its input, so another thread may do it again. */
const TRIES = 2;

async function runJob(pool: Pool, job: string, input: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  // Posted all the same it would leave its thread waiting, and whoever asked for it.
  const refused = notPlain(input);
  if (refused)
    throw new SpectraError(
      "worker",
      job,
      `${job} cannot be sent to a worker: its input${refused}, which is no plain data`,
    );
  for (let deaths = 0; ; ) {
    // A pool that has been ended takes jobs and never does them.
    if (signal?.aborted) throw cancelled(signal);
    let answer: Answer | undefined;
    try {
      await pool.exec(job, [input], {
        on: (sent: Answer) => {
          answer = sent;
        },
      });
    } catch (thrown) {
      if (signal?.aborted) throw cancelled(signal);
      if (!(thrown instanceof workerpool.TerminateError)) {
        throw new SpectraError("worker", job, `${job} cannot be done by a worker: ${reasonOf(thrown)}`, {
          cause: thrown,
        });
      }
      // This thread had died before it was given the job; the pool has another one now.
      if (thrown.message === "Worker is terminated") continue;
      if (++deaths < TRIES) continue;
      const message = `a worker died twice on the same job (${job}): ${reasonOf(thrown)}`;
      throw new SpectraError("worker", job, message, { cause: thrown });
    }
    if (!answer) throw new SpectraError("worker", job, `the worker that did ${job} sent nothing back`);
    if (!("error" in answer)) return answer.result;
    const { kind, place, message, stack } = answer.error;
    throw new SpectraError(kind, place, message, { cause: stack });
  }
}

/** Why a thread ended, or what else went wrong with it, in words. */
function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as { message?: string; cause?: { code?: string } };
  if (cause?.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "its thread ran out of memory; give fewer --workers, or less --memory where there is that option";
  }
  if (cause) return messageOf(cause) || cause.code || "its thread threw an error without words";
  const [, code] = /exitCode: `(-?\d+)`/.exec(message ?? "") ?? [];
  if (code !== undefined) return `its thread was ended from outside or left by itself (exit code ${code})`;
  return message?.trim() || "the cause is not known";
}

export function cancelled(signal: AbortSignal): SpectraError {
  return new SpectraError("cancelled", "run", "stopped on request; finished cubes are kept", { cause: signal.reason });
}

const keyOf = ({ script, workers }: Threads) => `${workers} ${script}`;

function hire(threads: Threads): Pool {
  const rested = resting.get(keyOf(threads));
  if (rested) {
    resting.delete(keyOf(threads));
    clearTimeout(rested.dismissal);
    for (const thread of threadsOf(rested.pool)) thread.ref();
    return rested.pool;
  }
  return workerpool.pool(fileURLToPath(threads.script), {
    workerType: "thread",
    // All at once, so that they start while the first file is opened.
    minWorkers: "max",
    maxWorkers: threads.workers,
    workerThreadOpts: {
      workerData: { expected: threads.expected },
      // Results are large arrays that die young: with less room for them they are let go sooner, 40 MB for two workers.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    },
  });
}

function rest(pool: Pool, threads: Threads): void {
  const key = keyOf(threads);
  void dismiss(key);
  for (const thread of threadsOf(pool)) thread.unref();
  resting.set(key, { pool, dismissal: setTimeout(() => void dismiss(key), REST).unref() });
}

async function dismiss(key: string): Promise<void> {
  const rested = resting.get(key);
  if (!rested) return;
  resting.delete(key);
  clearTimeout(rested.dismissal);
  await end(rested.pool);
}

/** End all threads of a pool. workerpool itself would wait for ever for the end of a thread that has ended already. */
async function end(pool: Pool): Promise<void> {
  const alive = threadsOf(pool).filter((thread) => thread && thread.threadId !== -1);
  const gone = alive.map((thread) => new Promise((resolve) => thread.once("exit", resolve)));
  void pool.terminate(true).catch(() => undefined);
  await Promise.all(gone);
}

/** Let all threads go that rest, with the memory that they hold. */
export async function dismissThreads(): Promise<void> {
  await Promise.all([...resting.keys()].map(dismiss));
}

/**
 * workerpool has no word for this: a pool holds handlers, and each of them its thread. The field is private, so package.json names
 * the one version that this was tried with.
 */
function threadsOf(pool: Pool): Worker[] {
  return (pool as unknown as { workers: { worker: Worker }[] }).workers.map(({ worker }) => worker);
}
