import { AsyncLocalStorage } from "node:async_hooks";
import { type BigIntStats, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** What a command reads: by identity on the disk, the path it was named by. */
const scope = new AsyncLocalStorage<Map<string, string>>();

/** Do the work of a command; whatever is noted as read in it is not written over in it. */
export function keepingInputs<T>(work: () => T): T {
  return scope.run(new Map(), work);
}

/** Note files that a command reads: cubes, cohort files, models, pipelines, bags, maps. Outside of a command nothing is noted. */
export function noteInputs(paths: Iterable<string>): void {
  const noted = scope.getStore();
  if (noted) for (const path of paths) noted.set(identityOf(path), path);
}

/** The input that a path leads to, if it leads to one. */
export function inputAt(path: string): string | undefined {
  return scope.getStore()?.get(identityOf(path));
}

/** Whether two paths lead to one file: by links of either kind, by `..`, or by capitals where the file system does not tell them apart. */
export function isSameFile(a: string, b: string): boolean {
  return identityOf(a) === identityOf(b);
}

/** Device and number of a file that is there; of one that is not yet, its folder by its real path, and its name without capitals. */
function identityOf(path: string): string {
  const status = quietly(() => statSync(path, { bigint: true }));
  if (status) return `${status.dev}:${status.ino}`;
  const folder = dirname(resolve(path));
  const real = quietly(() => realpathSync(folder)) ?? folder;
  return join(real, basename(path).normalize("NFC").toLowerCase());
}

function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** What tells whether a file has been written to, or replaced. */
export function stateOf(path: string): string {
  const status: BigIntStats | undefined = quietly(() => statSync(path, { bigint: true }));
  return status ? `${status.dev}:${status.ino} ${status.size} ${status.mtimeNs}` : "gone";
}
