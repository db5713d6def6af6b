import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { SpectraError } from "../cube/errors.js";
import { keepFresh, leftBehind, makeTemporary } from "../cube/temporaries.js";
import { telling } from "../cube/write-file.js";

/** Rows of a cube that are done, in the order of the rows. */
export interface RowsLog<Rows> {
  /** Rows that an earlier run has left; the next ones follow. */
  readonly done: number;
  append(rows: Rows): void;
  /** All of it from the top, read from the disk piece by piece. */
  records(): Generator<Rows>;
  close(): void;
  /** Close and forget. */
  remove(): void;
}

/** Before each record: its length, and the first bytes of the hash of what follows. */
const HEAD = 4 + 16;

/**
 * Keep the rows of a cube that are done in a file beside its map, so that a run that is killed at any moment goes on where it was.
 * The file belongs to one process of one host, and is touched every minute while that runs; one that was left behind is taken over when it was
 * begun with the same key, and removed when not. A record that was not written to its end is cut off.
 */
export function openRowsLog<Rows extends { readonly row: number; readonly rows: number }>(
  folder: string,
  name: string,
  key: string,
): RowsLog<Rows> {
  const { path, descriptor } = telling(join(folder, name), () => {
    const own = makeTemporary(folder, name, "part");
    takeOver(folder, name, own);
    return { path: own, descriptor: openSync(own, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0)) };
  });
  const rest = keepFresh(descriptor);
  let end = 0;

  const readAt = (at: number): { value: unknown; end: number } | undefined => {
    const head = Buffer.alloc(HEAD);
    if (readSync(descriptor, head, 0, HEAD, at) < HEAD) return undefined;
    const length = head.readUInt32LE();
    if (at + HEAD + length > fstatSync(descriptor).size) return undefined;
    const body = Buffer.alloc(length);
    readSync(descriptor, body, 0, length, at + HEAD);
    if (!digest(body).equals(head.subarray(4))) return undefined;
    return { value: deserialize(body), end: at + HEAD + length };
  };
  const append = (value: unknown) => {
    const body = serialize(value);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    const record = Buffer.concat([head, digest(body), body]);
    telling(path, () => {
      for (let done = 0; done < record.length; ) {
        done += writeSync(descriptor, record, done, record.length - done, end + done);
      }
    });
    end += record.length;
  };

  const first = readAt(0);
  let done = 0;
  if (first?.value === key) {
    end = first.end;
    for (let found = readAt(end); found; found = readAt(end)) {
      const { row, rows } = found.value as Rows;
      done = row + rows;
      end = found.end;
    }
  }
  ftruncateSync(descriptor, end);
  if (!end) append(key);
  const start = readAt(0)!.end;
  return {
    done,
    append,
    *records() {
      for (let at = start; at < end; ) {
        const found = readAt(at);
        if (!found) throw new SpectraError("disk", path, `${path} has changed since it was written; run again`);
        yield found.value as Rows;
        at = found.end;
      }
    },
    close() {
      rest();
      closeSync(descriptor);
    },
    remove() {
      rest();
      closeSync(descriptor);
      rmSync(path, { force: true });
    },
  };
}

/** Remove what ended processes have left for a cube that needs it no more. */
export function removeRowsLogs(folder: string, name: string): void {
  for (const file of leftBehind(folder, { of: name, kind: "part" })) rmSync(file, { force: true });
}

/** Give a log that was left behind our name; where there are several, one is taken and the others go. */
function takeOver(folder: string, name: string, path: string): void {
  let taken = false;
  for (const left of leftBehind(folder, { of: name, kind: "part" })) {
    if (taken) rmSync(left, { force: true });
    // Another process may have been quicker: then there is nothing to take over.
    else taken = couldRename(left, path);
  }
}

function couldRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

const digest = (body: Buffer) =>
  createHash("sha256")
    .update(body)
    .digest()
    .subarray(0, HEAD - 4);
