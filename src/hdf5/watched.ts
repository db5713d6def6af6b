import { closeSync, openSync, readFileSync } from "node:fs";
import { type Context, createContext, Script } from "node:vm";

/** What was cut off because it took too long. */
export class TookTooLong extends Error {
  /** `computed`: milliseconds that were computed; the rest went by while the disk, or other work of the machine, was waited for. */
  constructor(
    milliseconds: number,
    readonly computed: number,
  ) {
    super(`no answer within ${Math.round(milliseconds)} ms`);
  }
}

let room: Context | undefined;
let call: Script | undefined;
let inside = false;

/**
 * Do some work of the HDF5 library, and end it after so many milliseconds: a damaged file can make it run in a circle, and nothing else
 * ends that on the thread that waits. Node watches from a thread of its own and stops the script, WebAssembly included; what was stopped
 * has not run its `finally` blocks and must not be used again. `file` is any file that can be opened. Costs some 0.1 ms; work within
 * work is watched by the outer one.
 */
export function watched<T>(file: string, work: () => T, milliseconds: number): T {
  if (inside) return work();
  // Node ends the process when there are no handles left for its watcher; so that is asked before, and is an error with a name.
  const handles: number[] = [];
  try {
    for (let i = 0; i < 4; i++) handles.push(openSync(file, "r"));
  } finally {
    for (const handle of handles) closeSync(handle);
  }
  room ??= createContext({ work: undefined });
  call ??= new Script("work()");
  const { now } = Date;
  const start = computed();
  inside = true;
  room.work = work;
  try {
    return call.runInContext(room, { timeout: Math.ceil(milliseconds) });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
    throw new TookTooLong(milliseconds, computed() - start);
  } finally {
    inside = false;
    room.work = undefined;
    // The library is called with the clock stopped where it writes, and may have been cut off there.
    Date.now = now;
  }
}

/** Milliseconds that this thread has computed; of the whole process where neither Node nor the system says it of a thread. */
function computed(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  if (!threadCpuUsage) {
    const ofThread = computedByLinux();
    if (ofThread !== undefined) return ofThread;
  }
  const { user, system } = threadCpuUsage?.call(process) ?? process.cpuUsage();
  return (user + system) / 1000;
}

/** Older versions of Node do not say it, and the process may have other threads at work: Linux counts in hundredths of a second. */
function computedByLinux(): number | undefined {
  try {
    const text = readFileSync("/proc/thread-self/stat", "latin1");
    // Behind the name, which may hold blanks: user and system time are the 12th and 13th words.
    const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(words[11]) + Number(words[12])) * 10;
  } catch {
    return undefined;
  }
}
