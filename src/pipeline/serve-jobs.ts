import workerpool from "workerpool";
import { messageOf, SpectraError, stackOf } from "../cube/errors.js";
import { handOver, notPlain } from "./hand-over.js";

/** Jobs by name, each loaded when it is first asked for. */
export type Loaders = Readonly<Record<string, () => Promise<(input: never) => unknown>>>;

/** What a worker sends back: a result, or an error as data, because an error loses its kind when it is posted. */
export type Answer =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly kind: SpectraError["kind"];
        readonly place: string;
        readonly message: string;
        /** Where it was thrown, in the worker; for SPECTRASTAIN_DEBUG. */
        readonly stack: string;
      };
    };

/** Do jobs in this thread, one after another, as the main thread asks for them. */
export function serveJobs(jobs: Loaders): void {
  const names = Object.keys(jobs);
  workerpool.worker(
    Object.fromEntries(
      names.map((name) => [name, async (input: never) => send(name, await answer(name, jobs, input))]),
    ),
  );
}

async function answer(name: string, jobs: Loaders, input: never): Promise<Answer> {
  try {
    const work = await jobs[name]();
    return { result: await work(input) };
  } catch (thrown) {
    const { kind, place } = thrown instanceof SpectraError ? thrown : { kind: "worker" as const, place: name };
    return { error: { kind, place, message: messageOf(thrown), stack: stackOf(thrown) } };
  }
}

/**
 * Send an answer back. It goes as an event, not as the value that the job's function gives: workerpool posts that one where an
 * error of posting loses its words.
 */
function send(name: string, answer: Answer): void {
  try {
    const refused = notPlain(answer);
    if (refused) throw new Error(`${refused.slice(1)}, which is no plain data`);
    const { data, buffers } = handOver(answer);
    workerpool.workerEmit(new workerpool.Transfer(data as object, [...buffers]));
  } catch (thrown) {
    const why = messageOf(thrown) || "the cause is not known";
    const message = `what ${name} gave cannot be sent to the main thread: ${why}`;
    const error = { kind: "worker" as const, place: name, message, stack: stackOf(thrown) };
    workerpool.workerEmit({ error } satisfies Answer);
  }
}
