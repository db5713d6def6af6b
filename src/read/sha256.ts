import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
export async function sha256(path: string, _o: { signal?: AbortSignal } = {}): Promise<string> { const h = createHash("sha256"); for await (const c of createReadStream(path)) h.update(c); return h.digest("hex"); }
