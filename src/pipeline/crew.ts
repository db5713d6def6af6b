import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import workerpool from "workerpool";
import { messageOf, SpectraError } from "../cube/errors.js";
import { type Jobs, jobs } from "./jobs.js";
import type { RunOptions } from "./progress.js";

/** A number of worker threads, or the calling thread itself, that do jobs. */
export interface Crew {
  /** How many jobs it does at a time; at least 1. */
  readonly size: number;
  readonly signal?: AbortSignal;
  run<J extends keyof Jobs>(job: J, input: Parameters<Jobs[J]>[0]): Promise<Awaited<ReturnType<Jobs[J]>>>;
}

type Pool = ReturnType<typeof workerpool.pool>;

/** Threads without work, by their number: the next work for so many has them at once, with all that they have loaded. */
const resting = new Map<number, { readonly pool: Pool; readonly dismissal: NodeJS.Timeout }>();

/** Threads without work are let go after so many milliseconds. */
const REST = 30_000;

/**
 * Hire `workers` threads for the time of `work`. They load what an `expected` job needs while the first file is opened. When all
 * went well they rest for half a minute, without keeping the process from its end; otherwise they are let go.
 */
export async function withCrew<T>(
  options: Pick<RunOptions, "workers" | "signal">,
  work: (crew: Crew) => Promise<T>,
  expected?: keyof Jobs,
): Promise<T> {
  const { workers = availableParallelism(), signal } = options;
  signal?.throwIfAborted();
  if (workers === 0) return work(solo(signal));
  const pool = hire(workers, expected);
  // An abort ends running jobs at once: their promises reject, and `work` unwinds.
  const stop = () => void pool.terminate(true).catch(() => undefined);
  signal?.addEventListener("abort", stop, { once: true });
  const run = async (job: string, input: unknown, tries: number): Promise<unknown> => {
    // A pool that has been ended takes jobs and never does them.
    if (signal?.aborted) throw cancelled(signal);
    try {
      const answer: unknown = await pool.exec(job, [input]);
      return unwrap(answer as Answer);
    } catch (thrown) {
      if (signal?.aborted) throw cancelled(signal);
      if (thrown instanceof SpectraError) throw thrown;
      // A thread that died took its job along; a job is a pure function of its input, so another thread may do it again.
      if (tries > 0) return run(job, input, tries - 1);
      throw new SpectraError("worker", job, `a worker died twice on the same job: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  };
  let done = false;
  try {
    const result = await work({ size: workers, signal, run: (job, input) => run(job, input, 1) as never });
    done = true;
    return result;
  } finally {
    signal?.removeEventListener("abort", stop);
    const { pendingTasks, activeTasks } = pool.stats();
    if (done && !signal?.aborted && !pendingTasks && !activeTasks) rest(pool, workers);
    else await pool.terminate(true).catch(() => undefined);
  }
}

function hire(workers: number, expected: keyof Jobs | undefined): Pool {
  const rested = resting.get(workers);
  if (rested) {
    resting.delete(workers);
    clearTimeout(rested.dismissal);
    for (const thread of threadsOf(rested.pool)) thread.ref();
    return rested.pool;
  }
  return workerpool.pool(fileURLToPath(new URL("./worker.js", import.meta.url)), {
    workerType: "thread",
    // All at once, so that they start while the first file is opened.
    minWorkers: "max",
    maxWorkers: workers,
    workerThreadOpts: {
      workerData: { expected },
      // Results are large arrays that die young: with less room for them they are let go sooner, 40 MB for two workers.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    },
  });
}

function rest(pool: Pool, workers: number): void {
  dismiss(workers);
  for (const thread of threadsOf(pool)) thread.unref();
  resting.set(workers, { pool, dismissal: setTimeout(() => dismiss(workers), REST).unref() });
}

function dismiss(workers: number): void {
  const rested = resting.get(workers);
  if (!rested) return;
  resting.delete(workers);
  clearTimeout(rested.dismissal);
  void rested.pool.terminate(true).catch(() => undefined);
}

/** Let all threads go that rest. */
export function dismissCrews(): void {
  for (const workers of [...resting.keys()]) dismiss(workers);
}

/** workerpool has no word for this: a pool holds handlers, and each of them its thread. */
function threadsOf(pool: Pool): Worker[] {
  return (pool as unknown as { workers: { worker: Worker }[] }).workers.map(({ worker }) => worker);
}

/** The calling thread itself as a crew of one. */
export function solo(signal?: AbortSignal): Crew {
  // One job at a time, as a worker does it: what a job keeps for the next one is not shared by two.
  let last: Promise<unknown> = Promise.resolve();
  return {
    size: 1,
    signal,
    run: (job, input) => {
      const done = last.then(async () => {
        signal?.throwIfAborted();
        const work = await jobs[job]();
        return (await (work as (input: unknown) => unknown)(input)) as never;
      });
      last = done.catch(() => undefined);
      return done;
    },
  };
}

function cancelled(signal: AbortSignal): SpectraError {
  return new SpectraError("cancelled", "run", "stopped on request; finished cubes are kept", { cause: signal.reason });
}

/** What a worker sends back: a result, or an error as data, because an error loses its kind when it is posted. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly kind: SpectraError["kind"]; readonly place: string; readonly message: string } };

function unwrap(answer: Answer): unknown {
  if ("error" in answer) throw new SpectraError(answer.error.kind, answer.error.place, answer.error.message);
  return answer.result;
}

/**
 * Do a job for every input with as many under way as the crew has hands, and hand each result on in the order of the inputs.
 * No more than `size + 2` results are ever held, so that a slow writer slows the workers and not the memory.
 */
export async function inOrder<J extends keyof Jobs>(
  crew: Crew,
  job: J,
  inputs: Iterable<Parameters<Jobs[J]>[0]>,
  use: (result: Awaited<ReturnType<Jobs[J]>>, index: number) => void | Promise<void>,
): Promise<void> {
  const underWay: Promise<Awaited<ReturnType<Jobs[J]>>>[] = [];
  const source = inputs[Symbol.iterator]();
  const refill = () => {
    while (underWay.length < crew.size + 2) {
      const next = source.next();
      if (next.done) return;
      const promise = crew.run(job, next.value);
      // Its failure is met when its turn comes; until then it must not count as unhandled.
      promise.catch(() => undefined);
      underWay.push(promise);
    }
  };
  refill();
  for (let index = 0; underWay.length; index++) {
    const result = await underWay.shift()!;
    crew.signal?.throwIfAborted();
    await use(result, index);
    refill();
  }
}

/**
 * Do long work on one item after another without a pause in between: the next begins when the one before calls `passOn`, which
 * says that it has handed its last job out. No more than two are under way.
 */
export async function relay<Item>(
  items: Iterable<Item>,
  work: (item: Item, passOn: () => void) => Promise<void>,
): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  for (const item of items) {
    let passOn = () => {};
    const passed = new Promise<void>((resolve) => {
      passOn = resolve;
    });
    const now = work(item, passOn).finally(passOn);
    // Its failure is met when its turn comes; until then it must not count as unhandled.
    now.catch(() => undefined);
    await passed;
    await before;
    before = now;
  }
  await before;
}
