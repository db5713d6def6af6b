import { availableParallelism, freemem } from "node:os";

/** Taken by the main thread, and by a worker with its kernels and the library whatever it reads: bytes, as in `readingMemory`. */
const MAIN = 150e6;
const EACH = 100e6;

/**
 * How many workers are hired of those asked for: no more than the machine has cores, than its free memory holds, or, where a run
 * keeps to a memory, than that holds; at least one. More would not be faster, and results are the same for any number. The remark
 * says what was in the way.
 */
export function boundedWorkers(
  asked: number,
  memory = Infinity,
  { cores = availableParallelism(), free = freemem() } = {},
): { readonly workers: number; readonly remark?: string } {
  const held = (bytes: number) => Math.max(1, Math.floor((bytes - MAIN) / EACH));
  const bounds = [
    { most: cores, why: `this machine has ${cores} core(s)` },
    { most: held(free), why: `${Math.round(free / 1e6)} MB of memory are free, and a worker takes some ${EACH / 1e6}` },
    {
      most: held(memory),
      why: `that is what the memory allows; --memory ${(MAIN + EACH * asked) / 1e6}MB is for ${asked}`,
    },
  ];
  const { most, why } = bounds.reduce((least, bound) => (bound.most < least.most ? bound : least));
  return most >= asked
    ? { workers: asked }
    : { workers: most, remark: `${most} worker(s) instead of ${asked}: ${why}` };
}
