import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { errorOfFile, messageOf, SpectraError } from "../cube/errors.js";
import { isExhausted } from "../cube/refusal.js";

/** The SHA-256 of a whole file in hexadecimal, read as a stream. */
export async function sha256(path: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(piece);
  } catch (cause) {
    signal?.throwIfAborted();
    if (isExhausted(cause)) throw errorOfFile(path, cause);
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return hash.digest("hex");
}
