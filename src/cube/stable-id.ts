import { createHash } from "node:crypto";

/** A UUID that depends on nothing but what it names: version 8 of RFC 9562, filled from SHA-256. */
export function stableId(...named: readonly (string | number)[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(named)).digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
