import { readFileSync } from "node:fs";

type Rows = number[][];

interface Golden {
  x: number[];
  y: Rows;
  savgol: Record<string, Rows>;
  rubberband: Rows;
  asymmetric: Rows;
  asymmetricSolves: number[];
  polynomial: Record<string, Rows>;
  polynomialRanges: Rows;
  newAxis: number[];
  linear: Rows;
  cubic: Rows;
  cubic3: number[];
  cubicUneven: number[];
}

/** Made by golden/correct.py from numpy and scipy. */
export const golden: Golden = JSON.parse(
  readFileSync(new URL("./golden/correct.golden.json", import.meta.url), "utf8"),
);

/** The goldens were made in Float64 from float32 input, ours are rounded to float32: half a step of numbers below 1. */
export const ROUNDING = 2 ** -24;
