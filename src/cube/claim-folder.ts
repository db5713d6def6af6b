import { closeSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import { SpectraError } from "./errors.js";
import { makeFolder } from "./make-folder.js";
import { alive, keepFresh, makeTemporary, sweep } from "./temporaries.js";
import { telling } from "./write-file.js";

/**
 * Do the work of a run that fills a folder, with a file in it for that time that says so. Of two runs in one folder at once the later
 * one is told and ends: findings, tables and report of one would replace those of the other.
 */
export async function claimingFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder);
  sweep(folder, "run");
  const own = makeTemporary(folder, "run", "run");
  const descriptor = telling(own, () => openSync(own, "r+"));
  writeSync(descriptor, "running");
  const stop = keepFresh(descriptor);
  try {
    const others = alive(folder, "run", "run").filter(({ path }) => path !== own && isEarlier(path, own));
    if (others.length) {
      const message = `${folder} is being written by another run (process ${others[0].pid}); wait for its end, or name another --out`;
      throw new SpectraError("disk", folder, message);
    }
    return await work();
  } finally {
    stop();
    closeSync(descriptor);
    rmSync(own, { force: true });
  }
}

/** Which of two runs came first; those of one moment go by their names, so that one of them goes on. */
function isEarlier(path: string, own: string): boolean {
  const born = (file: string) => lstatSync(file, { bigint: true, throwIfNoEntry: false })?.birthtimeNs ?? 0n;
  const [theirs, ours] = [born(path), born(own)];
  return theirs === ours ? path < own : theirs < ours;
}
