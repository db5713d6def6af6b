import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRowsLog, removeRowsLogs } from "#pipeline/rows-log";
import { freshFolder } from "./tissue.js";

const folder = freshFolder("log");
const part = (row: number) => ({ row, rows: 2, values: Float32Array.of(row, row + 0.5) });
/** A process number that no process has: the highest possible is 2²². */
const NOBODY = 99_999_999;

const logs = () => readdirSync(folder).filter((file) => file.endsWith(".spectrastain-part"));
/** The path of the one log there is. */
const path = () => join(folder, logs()[0]);

/** Rename the log as that of another process, or of a process on another host. */
function givenTo({ pid = NOBODY, host }: { pid?: number; host?: string }): string {
  const named = logs()[0].replace(/\.([0-9a-f]{8})-\d+-/, (_, own: string) => `.${host ?? own}-${pid}-`);
  renameSync(path(), join(folder, named));
  return named;
}

/** A log of two records, as a process that has ended leaves it. */
function left(name: string): void {
  const log = openRowsLog<ReturnType<typeof part>>(folder, name, "key");
  for (const row of [0, 2]) log.append(part(row));
  log.close();
  givenTo({});
}

test("what was appended comes back, array for array, and the next process goes on behind it", () => {
  left("a");
  const log = openRowsLog<ReturnType<typeof part>>(folder, "a", "key");
  expect(log.done).toBe(4);
  log.append(part(4));
  expect([...log.records()]).toEqual([part(0), part(2), part(4)]);
  log.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test("a record that was not written to its end is cut off", () => {
  for (const cut of [1, 10, 40]) {
    left("b");
    truncateSync(path(), readFileSync(path()).length - cut);
    const log = openRowsLog<ReturnType<typeof part>>(folder, "b", "key");
    expect(log.done).toBe(2);
    log.append(part(2));
    expect([...log.records()]).toEqual([part(0), part(2)]);
    log.remove();
  }
});

test("a byte that was changed ends the log before it, and so does rubbish behind it", () => {
  left("c");
  const bytes = readFileSync(path());
  bytes[bytes.length - 3] ^= 1;
  writeFileSync(path(), bytes);
  appendFileSync(path(), "rubbish that is longer than the head of a record");
  const log = openRowsLog(folder, "c", "key");
  expect(log.done).toBe(2);
  log.remove();
});

test("another key begins anew", () => {
  left("d");
  const log = openRowsLog(folder, "d", "another model");
  expect([log.done, [...log.records()]]).toEqual([0, []]);
  log.remove();
});

test.skipIf(process.platform !== "linux")(
  "the log of a process that runs is left alone, and one of a number that was given to another process is not",
  () => {
    left("e");
    // The parent of the test runs as long as the test does; the number it was written with began at another time.
    const theirs = givenTo({ pid: process.ppid });
    const began = readFileSync(`/proc/${process.ppid}/stat`, "utf8").split(") ")[1].split(" ")[19];
    const running = theirs.replace(/-(\d+)-(\d+)-([0-9a-f]{12})/, `-$1-${began}-$3`);
    renameSync(join(folder, theirs), join(folder, running));
    const log = openRowsLog(folder, "e", "key");
    expect(log.done).toBe(0);
    log.remove();
    removeRowsLogs(folder, "e");
    expect(logs()).toEqual([running]);
    renameSync(join(folder, running), join(folder, theirs));
    removeRowsLogs(folder, "e");
    expect(logs()).toEqual([]);
  },
);

test("the log of another host is left alone while it is touched, and taken over when it has not been for a quarter of an hour", () => {
  left("f");
  const theirs = givenTo({ host: "0123abcd" });
  const fresh = openRowsLog(folder, "f", "key");
  expect(fresh.done).toBe(0);
  fresh.remove();
  removeRowsLogs(folder, "f");
  expect(logs()).toEqual([theirs]);
  const quarter = statSync(join(folder, theirs)).mtimeMs / 1000 - 16 * 60;
  utimesSync(join(folder, theirs), quarter, quarter);
  const log = openRowsLog(folder, "f", "key");
  expect(log.done).toBe(4);
  log.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test("a planted link in the name of a log is neither taken over nor written through", () => {
  left("g");
  const name = logs()[0];
  const victim = join(freshFolder("victim"), "victim");
  renameSync(path(), victim);
  const bytes = readFileSync(victim);
  symlinkSync(victim, join(folder, name));
  const log = openRowsLog(folder, "g", "key");
  expect(log.done).toBe(0);
  log.append(part(0));
  log.remove();
  expect(readFileSync(victim).equals(bytes)).toBe(true);
  expect(logs()).toEqual([name]);
});
