import { createHash, type Hash } from "node:crypto";

/**
 * A SHA-256 over plain data, found by walking all of it: texts, numbers, lists, objects in the order of their keys, and typed arrays to the
 * last bit. What is undefined is not there, as in JSON.
 */
export function hashOfData(data: unknown): string {
  const hash = createHash("sha256");
  add(hash, data);
  return hash.digest("hex");
}

function add(hash: Hash, data: unknown): void {
  if (ArrayBuffer.isView(data)) {
    // Kind and length stand in front, so that no two walks give the same bytes.
    hash.update(`${data.constructor.name} ${data.byteLength};`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } else if (Array.isArray(data)) {
    hash.update(`list ${data.length};`);
    for (const item of data) add(hash, item);
  } else if (typeof data === "object" && data !== null) {
    const entries = Object.entries(data).filter(([, value]) => value !== undefined);
    hash.update(`object ${entries.length};`);
    for (const [name, value] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      add(hash, name);
      add(hash, value);
    }
  } else if (typeof data === "string") {
    hash.update(`text ${Buffer.byteLength(data)};${data}`);
  } else {
    // JSON would make null of Infinity and NaN.
    hash.update(`${typeof data} ${data};`);
  }
}
