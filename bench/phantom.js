// The phantom beside real spectra: how far weights spread, how alike the classes are, how noisy it is, and what that does to a validation by
// patient. Prints the table of docs/validation.md. Real spectra are not shipped; without them their columns are left out.
// Run: npm run build && node bench/phantom.js [--difficulty 0.5] [--patients 24] [--seeds 3] [--real FOLDER] [--quick]
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { baselineTwoPoint } from "../dist/correct/baseline-two-point.js";
import { openCube, readCohort, readPipeline, simulateCohort, validate } from "../dist/index.js";
import { vectorNorm } from "../dist/normalise/vector-norm.js";
import { printTable } from "./table.js";

const words = process.argv.slice(2);
const option = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
const difficulty = Number(option("--difficulty", "0.5"));
const patients = Number(option("--patients", "24"));
const seeds = Number(option("--seeds", "3"));
const quick = words.includes("--quick");
const real = resolve(option("--real", "../shared/data/real"));

/** Labelled spectra of some cubes from 900 to 1800 cm-1: raw, and after two-point baseline and vector norm. */
async function spectraOf(paths, firstPatient = 0) {
  const found = [];
  for (const [patient, path] of paths.entries()) {
    const reader = await openCube(path);
    const { rows, axis, classNames = [] } = reader.cube;
    const bands = axis.wavenumbers.length;
    const labels = reader.labels({ row: 0, rows });
    const values = Float32Array.from(reader.read({ row: 0, rows }).values);
    const pixels = [...labels.keys()].filter(
      (pixel) => labels[pixel] && values.subarray(pixel * bands, (pixel + 1) * bands).every(Number.isFinite),
    );
    const picked = new Float32Array(pixels.length * bands);
    for (const [i, pixel] of pixels.entries())
      picked.set(values.subarray(pixel * bands, (pixel + 1) * bands), i * bands);
    const raw = { quantity: "absorbance", wavenumbers: axis.wavenumbers, bands, count: pixels.length, values: picked };
    const norm = vectorNorm(baselineTwoPoint(raw));
    for (const [i, pixel] of pixels.entries()) {
      found.push({
        patient: firstPatient + patient,
        name: classNames[labels[pixel]],
        raw: picked.subarray(i * bands, (i + 1) * bands),
        values: norm.values.subarray(i * bands, (i + 1) * bands),
      });
    }
    reader.close();
    found.wavenumbers = axis.wavenumbers;
  }
  return found;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const nearest = (wavenumbers, wanted) =>
  wavenumbers.reduce(
    (best, value, i) => (Math.abs(value - wanted) < Math.abs(wavenumbers[best] - wanted) ? i : best),
    0,
  );
const groups = (spectra, key) => {
  const by = new Map();
  for (const one of spectra) by.set(key(one), [...(by.get(key(one)) ?? []), one]);
  return by;
};
const meanSpectrum = (spectra) => spectra[0].values.map((_, band) => mean(spectra.map(({ values }) => values[band])));

/** What is compared. */
function measure(spectra, chosen) {
  const { wavenumbers } = spectra;
  const of = spectra.filter(({ name }) => !chosen || chosen.includes(name));
  const relative = (wanted, list) => {
    const band = nearest(wavenumbers, wanted);
    const values = list.map(({ values }) => values[band]);
    return deviation(values) / mean(values);
  };
  const within = [...groups(of, ({ patient, name }) => `${patient} ${name}`).values()].filter(
    (list) => list.length > 4,
  );
  const variance = median(
    within.map((list) => {
      const middle = meanSpectrum(list);
      return mean(list.map(({ values }) => values.reduce((sum, value, i) => sum + (value - middle[i]) ** 2, 0)));
    }),
  );
  const [one, two] = [nearest(wavenumbers, 1655), nearest(wavenumbers, 1545)];
  const ratio = of.map(({ values }) => values[two] / values[one]);
  const peak = of.map(({ values }) => {
    let best = nearest(wavenumbers, 1600);
    for (let band = 1; band < wavenumbers.length - 1; band++) {
      if (Math.abs(wavenumbers[band] - 1650) < 50 && values[band] > values[best]) best = band;
    }
    // The top of the parabola through the highest value and its neighbours.
    const [a, b, c] = [values[best - 1], values[best], values[best + 1]];
    return wavenumbers[best] + ((wavenumbers[best + 1] - wavenumbers[best - 1]) / 4) * ((a - c) / (a - 2 * b + c));
  });
  return {
    spread: [1740, 1080, 1030].map((wanted) => relative(wanted, of)),
    variance,
    ratio: median(ratio),
    ratios: [0.05, 0.95].map((share) => [...ratio].sort((a, b) => a - b)[Math.floor(share * ratio.length)]),
    shift: deviation(peak),
  };
}

const columns = {};
const row = (name, spectra, chosen) => {
  const { spread, variance, ratio, ratios, shift } = measure(spectra, chosen);
  columns[name] = [
    ...spread.map((value) => value.toFixed(2)),
    variance.toExponential(1),
    `${ratio.toFixed(2)} (${ratios.map((value) => value.toFixed(2)).join("–")})`,
    shift.toFixed(1),
  ];
};

if (existsSync(join(real, "liver-train.h5"))) {
  const liver = await spectraOf([join(real, "liver-train.h5")]);
  row("liver, collagen", liver, ["collagen"]);
  row("liver, DNA", liver, ["DNA"]);
  const brain = await spectraOf(
    Array.from({ length: 22 }, (_, i) => join(real, `brain/P${String(i + 1).padStart(2, "0")}.h5`)),
  );
  row("brain, all", brain);
}

/** Means over the seeds. */
const folder = mkdtempSync(join(tmpdir(), "phantom-bench-"));
const kinds = [
  ["SD", { modes: ["SD"], size: 320 }],
  ["HD", { modes: ["HD"], size: 120 }],
  ["HD, denoised", { modes: ["HD"], size: 120, noise: "denoised" }],
];
const results = [];
for (const [name, mode] of kinds.slice(0, quick ? 1 : undefined)) {
  const spectra = [];
  const figures = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const options = { ...mode, step: 7.714, seed, patients, difficulty };
    const { cohort, cubes } = await simulateCohort(join(folder, `${name}-${seed}`), options);
    const found = await spectraOf(cubes, 1000 * seed);
    for (const one of found) spectra.push(one);
    spectra.wavenumbers = found.wavenumbers;
    const { findings } = await validate(await readCohort(cohort), readPipeline("digital-stain"), {
      permutations: 0,
      pair: ["cancer", "benign"],
      hash: false,
    });
    const { byPatient, randomSplit, pair } = findings.validation;
    const of = [pair.auc, pair.randomSplit, byPatient.macroAuc, randomSplit.macroAuc, byPatient.accuracy];
    figures.push(of.map(({ value }) => value));
    console.error(`${name}, seed ${seed}: ${figures.at(-1).map((value) => value.toFixed(3))}`);
    rmSync(join(folder, `${name}-${seed}`), { recursive: true });
  }
  results.push([name, ...figures[0].map((_, i) => mean(figures.map((of) => of[i])).toFixed(3))]);
  if (name.includes("denoised")) continue;
  row(`phantom ${name}, cancer`, spectra, ["cancer"]);
  row(`phantom ${name}, stroma`, spectra, ["stroma"]);
}
rmSync(folder, { recursive: true });
printTable(
  [
    "",
    "SD/mean 1740",
    "1080",
    "1030",
    "variance within class and patient",
    "amide II/I (5–95 %)",
    "SD of amide I, cm-1",
  ],
  Object.entries(columns).map(([name, values]) => [name, ...values]),
);
printTable(
  ["", "cancer–benign, by patient", "by pixel", "macro, by patient", "by pixel", "accuracy by patient"],
  results,
);
