import { appendFileSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRowsLog, removeRowsLogs } from "#pipeline/rows-log";
import { freshFolder } from "./tissue.js";

const folder = freshFolder("log");
const part = (row: number) => ({ row, rows: 2, values: Float32Array.of(row, row + 0.5) });
const path = (name: string, pid: number = process.pid) => join(folder, `.${name}.${pid}.part`);
/** A process number that no process has: the highest possible is 2²². */
const NOBODY = 99_999_999;

/** A log of two records, as a process that has ended leaves it. */
function left(name: string): void {
  const log = openRowsLog<ReturnType<typeof part>>(folder, name, "key");
  for (const row of [0, 2]) log.append(part(row));
  log.close();
  renameSync(path(name), path(name, NOBODY));
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
    truncateSync(path("b", NOBODY), readFileSync(path("b", NOBODY)).length - cut);
    const log = openRowsLog<ReturnType<typeof part>>(folder, "b", "key");
    expect(log.done).toBe(2);
    log.append(part(2));
    expect([...log.records()]).toEqual([part(0), part(2)]);
    log.remove();
  }
});

test("a byte that was changed ends the log before it, and so does rubbish behind it", () => {
  left("c");
  const bytes = readFileSync(path("c", NOBODY));
  bytes[bytes.length - 3] ^= 1;
  writeFileSync(path("c", NOBODY), bytes);
  appendFileSync(path("c", NOBODY), "rubbish that is longer than the head of a record");
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

test("the log of a process that runs is left alone", () => {
  left("e");
  // The parent of the test runs as long as the test does.
  renameSync(path("e", NOBODY), path("e", process.ppid));
  const log = openRowsLog(folder, "e", "key");
  expect(log.done).toBe(0);
  log.remove();
  expect(readdirSync(folder)).toEqual([`.e.${process.ppid}.part`]);
  removeRowsLogs(folder, "e");
  expect(readdirSync(folder)).toEqual([`.e.${process.ppid}.part`]);
  renameSync(path("e", process.ppid), path("e", NOBODY));
  removeRowsLogs(folder, "e");
  expect(readdirSync(folder)).toEqual([]);
});
