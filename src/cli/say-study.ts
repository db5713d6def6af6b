import { CHANCE } from "../cube/chance.js";
import type { Findings } from "../cube/findings.js";
import { figure } from "./figure.js";
import type { Talk } from "./talk.js";

/** Print how the methods of a study did on patients held out. */
export function sayStudy({ study, stamps }: Findings, say: Talk): void {
  if (!study) return;
  const { counts, methods, folds, repeats, unit, unitTests, permutation, backend, classNames, geometry } = study;
  for (const stamp of stamps) say.result(`*** ${stamp} ***`);
  const bags = `${counts.bags} bags (${unit}), ${counts.positiveBags} ${classNames[1]}`;
  say.result(`${counts.patients} patients, ${bags}, ${counts.patches} patches; ${folds} folds by patient × ${repeats}`);
  if (geometry === "points") say.result("point spectra, not an image");
  say.result(`${"".padEnd(40)} ${"accuracy (95 %)".padEnd(22)} ${"AUC (95 %)".padEnd(22)} balanced accuracy`);
  for (const { title, pooled, role, challenge } of methods) {
    const figures = [pooled.accuracy, pooled.auc].map((of) => figure(of).padEnd(22)).join(" ");
    say.result(
      `${`${title}${role === "default" ? " (default)" : ""}`.padEnd(40)} ${figures} ${figure(pooled.balancedAccuracy)}`,
    );
    if (!challenge) continue;
    say.result(`${"  on the challenge".padEnd(40)} ${figure(challenge.accuracy).padEnd(22)} ${figure(challenge.auc)}`);
  }
  for (const { title, pooled } of study.baselines ?? []) {
    const figures = [pooled.accuracy, pooled.auc].map((of) => figure(of).padEnd(22)).join(" ");
    say.result(`${title.padEnd(40)} ${figures} ${figure(pooled.balancedAccuracy)}`);
  }
  for (const { title, scores } of study.differences ?? []) {
    const figures = [scores.accuracy, scores.auc].map((of) => figure(of).padEnd(22)).join(" ");
    say.result(`${`  difference from ${title}`.padEnd(40)} ${figures} ${figure(scores.balancedAccuracy)}`);
  }
  for (const { title, poisoned, mirrored, passed } of unitTests) {
    const auc = poisoned.map((value) => value.toFixed(3)).join(", ");
    say.result(`unit test of Raff and Holt, ${title}: ${passed ? "passed" : "FAILED"} (AUC of poisoned bags ${auc})`);
    if (!mirrored) continue;
    const limit = mirrored.map((value) => value.toFixed(3)).join(", ");
    say.result(`  marker in positive bags, a known limit of any head: AUC ${limit} where it moves to negative ones`);
  }
  if (permutation) {
    const [low, high] = permutation.interval;
    const { repeats: shuffles, mean, observed, p, floor } = permutation;
    say.result(
      `labels shuffled ${shuffles} times: AUC ${mean.toFixed(3)}, central 95 % ${low.toFixed(3)}–${high.toFixed(3)}`,
    );
    if (p !== undefined && observed !== undefined && floor !== undefined) {
      const short = floor > CHANCE ? "too few shuffles to tell" : "NOT better than chance";
      const said = p > CHANCE ? short : "better than chance";
      say.result(
        `null test: AUC of one repeat ${observed.toFixed(3)}, p = ${p.toFixed(3)} (${floor.toFixed(3)} at the least): ${said}`,
      );
    }
  }
  say.result(`networks computed by ${backend.name}: ${backend.why}`);
}

/** Print what is said of the cases. */
export function sayCases({ cases = [], failures = [], stamps }: Findings, say: Talk): void {
  for (const stamp of stamps) say.result(`*** ${stamp} ***`);
  for (const { id, diagnosis, withheld, gate, concordance } of cases) {
    const said = diagnosis
      ? `${diagnosis.band === "indeterminate" ? "indeterminate" : diagnosis.className}, probability ${diagnosis.probability.toFixed(3)}`
      : `no diagnosis: ${withheld}`;
    say.result(`${id.padEnd(16)} quality ${gate.verdict}; ${said}; stain and diagnosis: ${concordance.verdict}`);
  }
  for (const { file, error } of failures) say.failed(file, error);
}
