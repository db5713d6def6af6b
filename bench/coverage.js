// How often the 95 % intervals hold the truth, over simulated cohorts whose truth is known: docs/validation.md has the table, a test has it
// with fewer repeats. Run: npm run build && node bench/coverage.js [REPEATS] [--markdown]; 2000 repeats if not given.
import { pathToFileURL } from "node:url";
import { judgeMethod } from "../dist/classify/judge-method.js";
import { score } from "../dist/classify/score.js";
import { random } from "../dist/cube/random.js";
import { printTable, say, title } from "./table.js";

/** Pixels of a class in a patient. */
const PIXELS = 20;

/** The normal distribution, by Simpson's rule on its density; to 1e-9 for |x| < 6. */
export function normal(x) {
  const steps = 400;
  const density = (u) => Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += density((x * i) / steps) * (i % 2 ? 4 : 2);
  return 0.5 + (sum * x) / steps / 3;
}

/**
 * Pixels of two classes ±`shift`/2 apart: a patient moves all of them by N(0, 0.8), each class of a patient by N(0, 0.5) more, and every
 * pixel by N(0, 1). With `oneClass` a patient has every other class only.
 */
function pixelCohort({ patients, shift, oneClass, stream }) {
  const rows = [];
  for (let patient = 0; patient < patients; patient++) {
    const moved = 0.8 * stream.normal();
    for (let truth = 0; truth < 2; truth++) {
      const own = moved + 0.5 * stream.normal();
      if (oneClass && patient % 2 !== truth) continue;
      for (let i = 0; i < PIXELS; i++) {
        const p = 1 / (1 + Math.exp(-((truth - 0.5) * shift + own + stream.normal())));
        rows.push([truth, patient, p]);
      }
    }
  }
  return {
    count: rows.length,
    classNames: ["benign", "cancer"],
    probabilities: Float32Array.from(rows.flatMap(([, , p]) => [1 - p, p])),
    truth: Uint8Array.from(rows, ([truth]) => truth),
    patient: Int32Array.from(rows, ([, patient]) => patient),
    core: Int32Array.from(rows, ([, patient]) => patient),
  };
}

/** What the pixels of `pixelCohort` have in truth: pairs inside a patient share its move, pairs of two patients do not. */
function pixelTruth({ patients, shift, oneClass }) {
  const across = normal(shift / Math.sqrt(2 * (0.8 ** 2 + 0.5 ** 2 + 1)));
  const within = normal(shift / Math.sqrt(2 * (0.5 ** 2 + 1)));
  return {
    auc: oneClass ? across : ((patients - 1) * across + within) / patients,
    share: normal(shift / 2 / Math.sqrt(0.8 ** 2 + 0.5 ** 2 + 1)),
  };
}

/** Bags of one label each, one a patient, 3.6 apart: an own part of variance 0.8, and 0.2 in each of three repeats. */
function bagStudy({ patients, stream }) {
  const labels = Uint8Array.from({ length: patients }, (_, i) => i % 2);
  const own = Float64Array.from(labels, (label) => (label - 0.5) * 3.6 + Math.sqrt(0.8) * stream.normal());
  const repeats = [0, 1, 2].map(() => ({
    scores: own.map((z) => 1 / (1 + Math.exp(-(z + Math.sqrt(0.2) * stream.normal())))),
    thresholds: new Float64Array(patients).fill(0.5),
    fold: Int32Array.from(labels, (_, i) => Math.floor(i / 2) % 5),
  }));
  return {
    bagNames: [...labels.keys()].map(String),
    classNames: ["benign", "malignant"],
    labels,
    patients: Int32Array.from(labels.keys()),
    outOfFold: { repeats },
  };
}

const holds = ({ interval }, truth) => interval && interval[0] <= truth && truth <= interval[1];

/** Share of `repeats` cohorts whose interval holds the truth, a figure; a cohort whose figure has no interval counts as a miss. */
export function pixelCoverage({ patients, shift, oneClass }, repeats) {
  const truth = pixelTruth({ patients, shift, oneClass });
  const held = { auc: 0, macroAuc: 0, accuracy: 0, sensitivity: 0 };
  for (let seed = 0; seed < repeats; seed++) {
    const stream = random(`coverage/${patients}/${shift}/${oneClass}/${seed}`);
    const found = score(pixelCohort({ patients, shift, oneClass, stream }));
    if (holds(found.auc[1], truth.auc)) held.auc++;
    if (holds(found.macroAuc, truth.auc)) held.macroAuc++;
    if (holds(found.accuracy, truth.share)) held.accuracy++;
    if (holds(found.sensitivity[1], truth.share)) held.sensitivity++;
  }
  const { auc, macroAuc, accuracy, sensitivity } = held;
  return {
    truth,
    auc: auc / repeats,
    macroAuc: macroAuc / repeats,
    accuracy: accuracy / repeats,
    sensitivity: sensitivity / repeats,
  };
}

export function bagCoverage(patients, repeats) {
  const truth = { auc: normal(3.6 / Math.sqrt(2)), share: normal(1.8) };
  const held = { auc: 0, accuracy: 0, recall: 0 };
  for (let seed = 0; seed < repeats; seed++) {
    const { pooled } = judgeMethod(bagStudy({ patients, stream: random(`coverage/bags/${patients}/${seed}`) }));
    if (holds(pooled.auc, truth.auc)) held.auc++;
    if (holds(pooled.accuracy, truth.share)) held.accuracy++;
    if (holds(pooled.recall, truth.share)) held.recall++;
  }
  return { truth, auc: held.auc / repeats, accuracy: held.accuracy / repeats, recall: held.recall / repeats };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const repeats = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 2000);
  const sizes = [10, 22, 60];
  const rows = [];
  const three = (value) => value.toFixed(3);
  for (const [shift, oneClass] of [
    [1.5, false],
    [4.5, false],
    [1.5, true],
    [4.5, true],
  ]) {
    const found = sizes.map((patients) => pixelCoverage({ patients, shift, oneClass }, repeats));
    const { auc, share } = found[2].truth;
    const what = oneClass ? "one class a patient" : "both classes in every patient";
    rows.push([`pixels, ${what}: AUC ${auc.toFixed(2)}`, ...found.map((of) => three(of.auc))]);
    rows.push([`accuracy ${share.toFixed(2)}`, ...found.map((of) => three(of.accuracy))]);
    rows.push([`sensitivity ${share.toFixed(2)}`, ...found.map((of) => three(of.sensitivity))]);
  }
  const bags = sizes.map((patients) => bagCoverage(patients, repeats));
  rows.push(["bags, three repeats: accuracy 0.964", ...bags.map((of) => three(of.accuracy))]);
  rows.push(["recall 0.964", ...bags.map((of) => three(of.recall))]);
  rows.push(["AUC 0.995", ...bags.map((of) => three(of.auc))]);
  title();
  say(`Coverage of the 95 % intervals over ${repeats} simulated cohorts`);
  printTable(["figure", ...sizes.map((patients) => `${patients} patients`)], rows);
}
