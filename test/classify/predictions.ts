import { readFileSync } from "node:fs";
import type { Predictions } from "#cube/predictions";
import { random } from "#cube/random";

/** What scikit-learn and scipy say of some made-up predictions: see `golden/scores.py`. */
export const golden = JSON.parse(readFileSync(new URL("golden/scores.golden.json", import.meta.url), "utf8"));

/** Predictions from plain lists: `rows` of [truth, patient, core, …probabilities]. */
export function predictionsOf(classNames: string[], rows: number[][]): Predictions {
  return {
    count: rows.length,
    classNames,
    probabilities: Float32Array.from(rows.flatMap((row) => row.slice(3))),
    truth: Uint8Array.from(rows, (row) => row[0]),
    patient: Int32Array.from(rows, (row) => row[1]),
    core: Int32Array.from(rows, (row) => row[2]),
  };
}

/** The predictions of the golden; every patient has one core. */
export const goldenPredictions: Predictions = {
  count: golden.truth.length,
  classNames: ["cancer", "benign", "stroma", "blood"],
  probabilities: Float32Array.from(golden.probabilities),
  truth: Uint8Array.from(golden.truth),
  patient: Int32Array.from(golden.patient),
  core: Int32Array.from(golden.patient),
};

/** Made-up predictions of two classes: the truth shows by `signal`, and patients differ by `spread`. */
export function madeUp(patients: number, pixels: number, { signal = 1, spread = 0, seed = 1 } = {}): Predictions {
  const stream = random(seed);
  const rows: number[][] = [];
  for (let patient = 0; patient < patients; patient++) {
    const shift = spread * stream.normal();
    for (let pixel = 0; pixel < pixels; pixel++) {
      const truth = pixel % 2;
      const p = 1 / (1 + Math.exp(-(signal * (truth - 0.5) + shift + stream.normal())));
      rows.push([truth, patient, patient, 1 - p, p]);
    }
  }
  return predictionsOf(["benign", "cancer"], rows);
}
