import { CHANCE } from "../cube/chance.js";
import type { Figure, Findings } from "../cube/findings.js";
import { figure, pValue } from "./figure.js";
import type { Talk } from "./talk.js";

/** Print the headline figures of a validation: patients held out, and beside them what a split by pixel would have said. */
export function sayValidation({ validation, stamps }: Findings, say: Talk): void {
  if (!validation) return;
  const { byPatient, randomSplit, permutation, classNames, folds, byMode, stained, annotated, pair, calibration } =
    validation;
  const { patients, cores, pixels } = byPatient.counts;
  for (const stamp of stamps) say.result(`*** ${stamp} ***`);
  say.result(`${patients} patients, ${cores} cores, ${pixels} annotated pixels; ${folds} folds by patient`);
  const line = (name: string, held: Figure, leak: Figure | undefined) =>
    say.result(`${name.padEnd(24)} ${figure(held).padEnd(26)} ${leak ? figure(leak, false) : ""}`.trimEnd());
  say.result(`${"".padEnd(24)} ${"by patient (95 %)".padEnd(26)} random split (a leak)`);
  line("macro AUC", byPatient.macroAuc, randomSplit?.macroAuc);
  line("balanced accuracy", byPatient.balancedAccuracy, randomSplit?.balancedAccuracy);
  line("accuracy, best class", byPatient.accuracy, randomSplit?.accuracy);
  if (stained) {
    line("accuracy of classified", stained.accuracy, undefined);
    line("share classified", stained.coverage, undefined);
  }
  if (annotated) line("  as annotated: accuracy", annotated.accuracy, undefined);
  if (pair) line(`AUC ${pair.names.join(" / ")}`, pair.auc, undefined);
  for (const [k, name] of classNames.entries()) line(`AUC ${name}`, byPatient.auc[k], randomSplit?.auc[k]);
  if (byMode && byMode.length > 1) {
    for (const { mode, scores } of byMode) {
      const each = classNames.map((name, k) => `${name} ${figure(scores.auc[k], false)}`);
      say.result(`AUC by patient in ${mode}: ${each.join(", ")}`);
    }
  }
  if (calibration.votes) {
    const [before, after] = [calibration.votes, calibration].map((of) => of.expectedError.toFixed(3));
    say.result(`calibration error        ${after} (shares of the votes: ${before})`);
  }
  if (permutation) {
    const { repeats, observed, mean, p, floor, interval } = permutation;
    const middle = `central 95 % ${interval.map((end) => end.toFixed(3)).join("–")}`;
    say.result(`labels shuffled ${repeats} times: macro AUC ${mean.toFixed(3)} (${middle})`);
    if (p !== undefined && observed !== undefined && floor !== undefined) {
      const verdict = p > CHANCE ? "NOT better than chance" : "better than chance";
      say.result(`${observed.toFixed(3)} is ${verdict}: p = ${pValue(p)} (smallest possible ${pValue(floor)})`);
    }
  }
}

/** Print what stains are made of, and their scores against the labels of the cubes. */
export function sayStains({ stains = [], failures = [], stamps }: Findings, say: Talk): void {
  for (const stamp of stamps) say.result(`*** ${stamp} ***`);
  for (const { name, composition, scores, rows, cols } of stains) {
    const seconds = say.seconds[`stain ${name}`];
    // One that an earlier run has finished took no time.
    const speed = seconds ? `, ${((rows * cols) / seconds / 1000).toFixed(1)} k spectra/s` : "";
    say.result(`${name}: ${rows} × ${cols} pixels${speed}`);
    for (const { name: of, pixels, percent } of composition) {
      const share = percent === null ? "" : ` ${percent.toFixed(1).padStart(5)} %`;
      say.result(`  ${of.padEnd(20)} ${String(pixels).padStart(10)} pixels${share}`);
    }
    if (!scores) continue;
    const auc = Object.entries(scores.auc).map(([of, value]) => `${of} ${value === null ? "–" : value.toFixed(3)}`);
    const accuracy = scores.accuracy.toFixed(4);
    say.result(`  against ${scores.labelledPixels} annotated pixels: accuracy ${accuracy}; AUC ${auc.join(", ")}`);
    const most = Math.max(...Object.values(scores.aucWithin ?? {}));
    if (scores.aucWithin)
      say.result(`  so many pixels are counted in bins: an AUC is off by ${most.toExponential(0)} at most`);
  }
  for (const { file, error } of failures) say.failed(file, error);
}
