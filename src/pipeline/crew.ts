import { availableParallelism } from "node:os";
import { boundedWorkers } from "./bounded-workers.js";
import { type Jobs, jobs } from "./jobs.js";
import type { RunOptions } from "./progress.js";
import { withThreads } from "./threads.js";

/** A number of worker threads, or the calling thread itself, that do jobs. */
export interface Crew {
  /** How many jobs it does at a time; at least 1. */
  readonly size: number;
  readonly signal?: AbortSignal;
  run<J extends keyof Jobs>(job: J, input: Parameters<Jobs[J]>[0]): Promise<Awaited<ReturnType<Jobs[J]>>>;
}

/** What all threads of a crew run. */
const script = new URL("./worker.js", import.meta.url);

/**
 * Hire as many of `workers` threads as the machine has room for, for the time of `work`. They load what an `expected` job needs while the first
 * file is opened.
 */
export async function withCrew<T>(
  options: Pick<RunOptions, "workers" | "signal" | "onRemark"> & { readonly memory?: number },
  work: (crew: Crew) => Promise<T>,
  expected?: keyof Jobs,
): Promise<T> {
  const { workers: asked = availableParallelism(), memory, signal, onRemark } = options;
  signal?.throwIfAborted();
  if (asked === 0) return work(solo(signal));
  const { workers, remark } = boundedWorkers(asked, memory);
  if (remark) onRemark?.(remark);
  return withThreads({ script, workers, expected, signal }, (run) =>
    // The script does the same jobs as they are typed here.
    work({ size: workers, signal, run: (job, input) => run(job, input) as never }),
  );
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
