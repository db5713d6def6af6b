import type { GateFinding, Verdict } from "../cube/diagnosis-findings.js";

export interface GateInput {
  readonly geometry: "image" | "points";
  readonly patches: number;
  /** Tissue that patches cover; null where the pixel size is not known. */
  readonly tissueMm2: number | null;
  /** Pixels of the stain by reason code name, where there is one. */
  readonly rejected?: Readonly<Record<string, number>>;
}

/** Limits of the gate: below (or above) the first a warning, below (or above) the second no diagnosis. They are ours, of no standard. */
export const limits = { patches: [5, 1], tissueMm2: [0.1, 0.01], rejected: [0.25, 0.5], outside: [0.25, 0.5] } as const;

/** Reasons that say a pixel holds tissue which could not be used; bare substrate and masked pixels are none. */
const unusable = ["not finite", "saturated", "amide I", "noise", "constant"];

/**
 * Whether a case is fit to be diagnosed: enough patches and tissue, not too many pixels rejected for their quality, not too many unlike
 * what the stain was fitted on. One failed check withholds the diagnosis.
 */
export function gate({ geometry, patches, tissueMm2, rejected }: GateInput): GateFinding {
  const atLeast = (name: string, value: number | null, unit: string, [warn, fail]: readonly [number, number]) => {
    const verdict: Verdict = value === null ? "warn" : value < fail ? "fail" : value < warn ? "warn" : "pass";
    return { name, value, unit, limit: `at least ${warn}, no diagnosis below ${fail}`, verdict };
  };
  const atMost = (name: string, value: number | null, [warn, fail]: readonly [number, number]) => {
    const verdict: Verdict = value === null ? "warn" : value > fail ? "fail" : value > warn ? "warn" : "pass";
    return { name, value, unit: "1", limit: `at most ${warn}, no diagnosis above ${fail}`, verdict };
  };
  const checks = [atLeast(geometry === "points" ? "spectra" : "patches", patches, "1", limits.patches)];
  if (geometry === "image") {
    checks.push(atLeast("tissue in patches", tissueMm2, "mm2", limits.tissueMm2));
    if (rejected) {
      const all = Object.values(rejected).reduce((sum, pixels) => sum + pixels, 0);
      const bare = (rejected["no tissue"] ?? 0) + (rejected.masked ?? 0);
      const share = (names: readonly string[]) => {
        const pixels = names.reduce((sum, name) => sum + (rejected[name] ?? 0), 0);
        return all > bare ? pixels / (all - bare) : null;
      };
      checks.push(atMost("tissue rejected for its quality", share(unusable), limits.rejected));
      checks.push(atMost("tissue outside the domain of the stain", share(["outside domain"]), limits.outside));
    }
  }
  const worst = (verdict: Verdict) => checks.some((check) => check.verdict === verdict);
  return { verdict: worst("fail") ? "fail" : worst("warn") ? "warn" : "pass", checks };
}
