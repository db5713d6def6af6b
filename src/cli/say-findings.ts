import type { Figure, Findings } from "../cube/findings.js";
import { figure } from "./figure.js";
import type { Talk } from "./talk.js";

/** Print the headline figures of a validation: patients held out, and beside them what a split by pixel would have said. */
export function sayValidation({ validation, stamps }: Findings, say: Talk): void {
  if (!validation) return;
  const { byPatient, randomSplit, permutation, classNames, folds, byMode } = validation;
  const { patients, cores, pixels } = byPatient.counts;
  for (const stamp of stamps) say.result(`*** ${stamp} ***`);
  say.result(`${patients} patients, ${cores} cores, ${pixels} annotated pixels; ${folds} folds by patient`);
  const line = (name: string, held: Figure, leak: Figure | undefined) =>
    say.result(`${name.padEnd(24)} ${figure(held).padEnd(26)} ${leak ? figure(leak, false) : ""}`.trimEnd());
  say.result(`${"".padEnd(24)} ${"by patient (95 %)".padEnd(26)} random split (a leak)`);
  line("macro AUC", byPatient.macroAuc, randomSplit?.macroAuc);
  line("balanced accuracy", byPatient.balancedAccuracy, randomSplit?.balancedAccuracy);
  line("accuracy", byPatient.accuracy, randomSplit?.accuracy);
  for (const [k, name] of classNames.entries()) line(`AUC ${name}`, byPatient.auc[k], randomSplit?.auc[k]);
  if (byMode && byMode.length > 1) {
    for (const { mode, scores } of byMode) {
      const each = classNames.map((name, k) => `${name} ${figure(scores.auc[k], false)}`);
      say.result(`AUC by patient in ${mode}: ${each.join(", ")}`);
    }
  }
  if (permutation) {
    const [low, high] = permutation.interval;
    say.result(`labels shuffled: macro AUC ${permutation.mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`);
  }
}

/** Print what stains are made of, and their scores against the labels of the cubes. */
export function sayStains({ stains = [], failures = [], stamps }: Findings, say: Talk): void {
  for (const stamp of stamps) say.result(`*** ${stamp} ***`);
  for (const { name, composition, scores, seconds, rows, cols } of stains) {
    say.result(`${name}: ${rows} × ${cols} pixels, ${((rows * cols) / seconds / 1000).toFixed(1)} k spectra/s`);
    for (const { name: of, pixels, percent } of composition) {
      const share = percent === null ? "" : ` ${percent.toFixed(1).padStart(5)} %`;
      say.result(`  ${of.padEnd(20)} ${String(pixels).padStart(10)} pixels${share}`);
    }
    if (!scores) continue;
    const auc = Object.entries(scores.auc).map(([of, value]) => `${of} ${value === null ? "–" : value.toFixed(3)}`);
    const accuracy = scores.accuracy.toFixed(4);
    say.result(`  against ${scores.labelledPixels} annotated pixels: accuracy ${accuracy}; AUC ${auc.join(", ")}`);
  }
  for (const { file, error } of failures) process.stderr.write(`failed: ${file}: ${error}\n`);
}
