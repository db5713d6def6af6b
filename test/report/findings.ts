import { encode } from "fast-png";
import type { Counts, Figure, Findings, ScoreFinding, StainFinding } from "#cube/findings";
import { type Random, random } from "#cube/random";
import type { Assignment } from "#report/assignment";

/** Six classes as they come from a default run: names and colours. */
export const palette: Record<string, [number, number, number]> = {
  cancer: [213, 94, 0],
  benign: [0, 114, 178],
  stroma: [0, 158, 115],
  inflammation: [204, 121, 167],
  blood: [230, 159, 0],
  necrosis: [86, 180, 233],
};
const names = Object.keys(palette);

export const assignments: Assignment[] = [
  [1740, "C=O ester", "C=O stretch of lipid esters"],
  [1655, "amide I", "C=O stretch of the protein backbone, α-helix"],
  [1630, "β-sheet", "amide I of β-sheet"],
  [1545, "amide II", "N–H bend and C–N stretch"],
  [1515, "tyrosine", "ring mode of tyrosine"],
  [1455, "CH₃", "bend of CH₃ and CH₂"],
  [1400, "COO⁻", "symmetric stretch of carboxylate"],
  [1338, "collagen", "CH₂ wag of proline and hydroxyproline"],
  [1310, "amide III", "C–N stretch and N–H bend"],
  [1282, "collagen", "amide III of the triple helix"],
  [1236, "PO₂⁻ as", "antisymmetric stretch of phosphate; amide III"],
  [1204, "collagen", "amide III"],
  [1170, "C–O", "C–O stretch of serine, threonine, tyrosine"],
  [1152, "glycogen", "C–O and C–C stretch of sugars"],
  [1080, "PO₂⁻ s", "symmetric stretch of phosphate in nucleic acids"],
  [1025, "glycogen", "C–O–H bend of sugars"],
  [970, "C–C, C–O", "stretch of DNA and RNA"],
].map(([wavenumber, name, assignment]) => ({
  wavenumber: wavenumber as number,
  name: name as string,
  assignment: assignment as string,
  source: "table of a textbook",
  origin: "recalled",
}));

const wavenumbers = Array.from({ length: 235 }, (_, band) => 899 + 3.857 * band);
const gauss = (x: number, at: number, width: number) => Math.exp(-4 * Math.LN2 * ((x - at) / width) ** 2);

function spectrum(k: number): number[] {
  return wavenumbers.map(
    (x) =>
      0.16 * gauss(x, 1654 - 2 * (k % 3), 55 + 3 * k) +
      0.105 * gauss(x, 1546, 55) +
      0.03 * gauss(x, 1455, 36) +
      0.04 * gauss(x, 1400, 50) +
      (0.03 + 0.012 * (k === 2 ? 2 : k % 2)) * gauss(x, 1238, 45) +
      (0.03 + 0.01 * ((k * 2) % 3)) * gauss(x, 1080, 45) +
      0.02 * (k === 0 ? 1 : 0.3) * gauss(x, 1030, 40) +
      0.02 * gauss(x, 1160, 60),
  );
}

const counts: Counts = { pixels: 48213, cores: 24, patients: 12 };

function estimated(value: number, half: number): Figure {
  return { value, unit: "1", interval: [value - half, value + half / 2], counts };
}

function scores(stream: Random, centre: number, width: number, of: Counts = counts): ScoreFinding {
  const figure = (shift: number): Figure => {
    const value = centre + shift + 0.02 * (stream.uniform() - 0.5);
    return {
      value,
      unit: "1",
      interval: [value - width * (0.6 + stream.uniform()), Math.min(1, value + width * 0.6)],
      counts: of,
    };
  };
  return {
    counts: of,
    accuracy: figure(-0.09),
    balancedAccuracy: figure(-0.12),
    macroAuc: figure(0),
    auc: names.map((_, k) => figure(0.02 - 0.012 * k)),
    sensitivity: names.map((_, k) => figure(-0.05 - 0.03 * k)),
    specificity: names.map(() => figure(0.01)),
  };
}

function confusion(total: number): number[][] {
  return names.map((_, truth) =>
    names.map((_, predicted) =>
      Math.round(total * (truth === predicted ? 1 - 0.03 * truth : 0.04 / (1 + Math.abs(truth - predicted)))),
    ),
  );
}

/** A picture of blobs in the palette (or of one channel), one pixel a cube pixel. */
export function blobs(size: number, seed: number, kind: "classes" | "grey" | "rejected" | "composite"): Uint8Array {
  const stream = random(seed);
  const centres = Array.from({ length: 24 }, () => [stream.uniform(), stream.uniform(), stream.integer(6)]);
  const data = new Uint8Array(size * size * 3).fill(255);
  for (let i = 0; i < size * size; i++) {
    const [x, y] = [(i % size) / size, Math.floor(i / size) / size];
    if ((x - 0.5) ** 2 + (y - 0.5) ** 2 > 0.24) continue;
    const far = (c: number[]) => (c[0] - x) ** 2 + (c[1] - y) ** 2;
    const near = centres.reduce((a, b) => (far(b) < far(a) ? b : a));
    const shade = Math.round(255 * Math.min(1, 0.35 + 4 * Math.sqrt(far(near))));
    const colour = {
      classes: palette[names[near[2]]],
      grey: [shade, shade, shade],
      rejected: near[2] === 3 && far(near) < 0.004 ? [213, 94, 0] : [225, 228, 232],
      composite: [shade, 255 - shade, 40 * near[2]],
    }[kind];
    data.set(colour, 3 * i);
  }
  return encode({ width: size, height: size, data, channels: 3 });
}

function stain(mode: "SD" | "HD", size: number, pixelSizeUm: number): StainFinding {
  const percents = [31.24, 22.9, 28.61, 9.13, 5.02, 3.1];
  const shift = mode === "HD" ? 0.8 : 0;
  const tissue = Math.round(size * size * 0.75);
  const area = (pixels: number) => pixels * pixelSizeUm ** 2 * 1e-6;
  return {
    name: `P03-C1-${mode}`,
    file: `cubes/P03-C1-${mode}.h5`,
    rows: size,
    cols: size,
    pixelSizeUm,
    patient: "P03",
    core: "C1",
    mode,
    origin: "simulated",
    pictures: {
      classes: `P03-C1-${mode}.png`,
      confidence: `P03-C1-${mode}.confidence.png`,
      rejected: `P03-C1-${mode}.rejected.png`,
      amideI: `P03-C1-${mode}.amide-i.png`,
      composite: `P03-C1-${mode}.composite.png`,
      truth: `P03-C1-${mode}.truth.png`,
    },
    amideIRange: [1.31, 41.87],
    compositeBands: ["1655 cm⁻¹", "1545 cm⁻¹", "1236 cm⁻¹"],
    composition: [
      ...names.map((name, k) => {
        const percent = percents[k] + (k === 0 ? shift : k === 2 ? -shift : 0);
        const pixels = Math.round((tissue * percent) / 100);
        return {
          name,
          colour: palette[name],
          pixels,
          percent,
          areaMm2: area(pixels),
          meanProbability: 0.9 - 0.04 * k,
        };
      }),
      {
        name: "unclassified",
        colour: [200, 200, 200] as const,
        pixels: 61,
        percent: null,
        areaMm2: area(61),
        meanProbability: null,
      },
      {
        name: "rejected",
        colour: [240, 240, 240] as const,
        pixels: size * size - tissue - 61,
        percent: null,
        areaMm2: null,
        meanProbability: null,
      },
    ],
    rejected: { kept: tissue - 61, "no tissue": size * size - tissue - 14, "outside domain": 14, unclassified: 61 },
    scores: {
      labelledPixels: 1840,
      accuracy: 0.9117,
      auc: { ...Object.fromEntries(names.map((name, k) => [name, 0.99 - 0.01 * k])), necrosis: null },
    },
  };
}

/** The findings of a plausible run: 6 classes, 235 bands, 12 patients with two cores each, one core stained in SD and HD. */
export function plausible(): Findings {
  const stream = random("report");
  const inputs = Array.from({ length: 24 }, (_, i) => {
    const patient = `P${String((i >> 1) + 1).padStart(2, "0")}`;
    const mode = i % 2 ? "HD" : "SD";
    return {
      file: `cubes/${patient}-C1-${mode}.h5`,
      sha256: Array.from({ length: 64 }, () => stream.integer(16).toString(16)).join(""),
      bytes: 3_612_160,
      rows: i % 2 ? 120 : 24,
      cols: i % 2 ? 120 : 24,
      bands: 235,
      range: [899, 1801.538] as const,
      patient,
      core: "C1",
      mode,
      pixelSizeUm: i % 2 ? 1.1 : 5.5,
      origin: "simulated" as const,
      labelledPixels: 1500 + stream.integer(700),
    };
  });
  return {
    schema: "spectrastain/findings/1",
    title: "Six-class digital stain of a simulated breast cohort",
    notice: "research use only, not for diagnostic use",
    created: "2025-03-04T10:20:30.000Z",
    version: "0.1.0",
    command: "spectrastain validate cohort.csv --pipeline default --folds 5 --repeats 3 --seed 1 --out run",
    seed: 1,
    origin: "simulated",
    stamps: [],
    inputs,
    palette,
    pipeline: {
      name: "default",
      description: "two-point baseline, vector norm, principal components and a random forest.",
      steps: [
        { step: "correct", method: "quality", params: { minimumMean: 0.05, saturation: 2.5 } },
        { step: "correct", method: "cut", params: { keep: [[899, 1801]] } },
        { step: "correct", method: "baseline-two-point", params: { low: 900, high: 1800 } },
        { step: "normalise", method: "vector", params: {} },
      ],
      reduce: { components: 16, outside: 0.001 },
      classify: { trees: 100, minLeaf: 2, maxDepth: 20, pixelsPerClass: 4000 },
      stain: { threshold: 0.4, smoothing: "none" },
    },
    quality: inputs.map((input) => {
      const pixels = input.rows * input.cols;
      const none = Math.round(pixels * (0.15 + 0.2 * stream.uniform()));
      const noise = Math.round(pixels * 0.05 * stream.uniform());
      const amide = Math.round(pixels * 0.03 * stream.uniform());
      const byReason = { kept: pixels - none - noise - amide - 2, "no tissue": none, noise, "amide I": amide };
      return { file: input.file, pixels, byReason: { ...byReason, "not finite": 2 } };
    }),
    spectra: {
      wavenumbers,
      quantity: "normalised",
      classes: names.map((name, k) => ({
        name,
        mean: spectrum(k),
        sd: spectrum(k).map((value) => 0.0015 + 0.08 * value),
        pixels: 4000 - 310 * k,
      })),
    },
    pca: {
      wavenumbers,
      explained: Array.from({ length: 16 }, (_, i) => 0.62 * 0.42 ** i + 0.0001),
      loadings: Array.from({ length: 4 }, (_, i) =>
        wavenumbers.map((x) => 0.16 * Math.sin((x - 899) / (60 - 9 * i)) * gauss(x, 1400 - 90 * i, 700)),
      ),
      spectra: 21345,
    },
    importances: {
      wavenumbers,
      importance: wavenumbers.map(
        (x) => 0.002 + 0.012 * gauss(x, 1236, 40) + 0.009 * gauss(x, 1080, 40) + 0.006 * gauss(x, 1640, 30),
      ),
    },
    validation: {
      folds: 5,
      repeats: 3,
      trees: 100,
      classNames: names,
      perClass: names.map((_, k) => ({ pixels: 9000 - 1000 * k, cores: 24 - 2 * k, patients: 12 - k })),
      byPatient: scores(stream, 0.953, 0.03),
      randomSplit: scores(stream, 0.988, 0.004),
      byMode: [
        { mode: "SD", scores: scores(stream, 0.941, 0.034, { pixels: 8042, cores: 12, patients: 12 }) },
        { mode: "HD", scores: scores(stream, 0.957, 0.03, { pixels: 40171, cores: 12, patients: 12 }) },
      ],
      permutation: {
        repeats: 99,
        trees: 100,
        observed: 0.951,
        mean: 0.4987,
        interval: [0.431, 0.574],
        p: 0.01,
        floor: 0.01,
      },
      stained: {
        threshold: 0.4,
        coverage: estimated(0.961, 0.02),
        accuracy: estimated(0.934, 0.03),
        rightOfAll: estimated(0.8976, 0.04),
        refused: 37,
      },
      annotated: {
        pixels: names.map((_, k) => 90_000 - 14_000 * k),
        mostProbable: estimated(0.947, 0.02),
        coverage: estimated(0.973, 0.01),
        accuracy: estimated(0.951, 0.02),
        rightOfAll: estimated(0.9253, 0.03),
      },
      pair: { names: [names[0], names[1]], auc: estimated(0.9123, 0.05), randomSplit: estimated(0.9871, 0.01) },
      patients: Array.from({ length: 12 }, (_, p) => ({
        patient: `P${String(p + 1).padStart(2, "0")}`,
        counts: { pixels: 3000 + p, cores: 2, patients: 1 },
        classes: names.slice(0, p === 0 ? 1 : 4),
        accuracy: 0.71 + 0.02 * p,
        coverage: 0.93 + 0.005 * p,
        macroAuc: p === 0 ? null : 0.9 + 0.007 * p,
        pairAuc: p === 0 ? null : 0.8 + 0.01 * p,
      })),
      confusion: { pixels: confusion(8000), cores: confusion(20), patients: confusion(11) },
      calibration: {
        bins: Array.from({ length: 10 }, (_, i) => ({
          predicted: 0.05 + i / 10,
          observed: Math.min(1, 0.02 + 0.97 * (i / 10) + 0.04 * stream.uniform()),
          pixels: i < 2 ? 0 : 400 + i * i * 140,
        })),
        brier: 0.1432,
        expectedError: 0.0311,
        votes: { bins: [{ predicted: 0.6, observed: 0.9, pixels: 48_213 }], brier: 0.1921, expectedError: 0.1513 },
      },
      roc: names.map((name, k) => {
        const falsePositive = Array.from({ length: 101 }, (_, i) => i / 100);
        return { name, falsePositive, truePositive: falsePositive.map((x) => x ** (0.03 + 0.03 * k)) };
      }),
      learningCurve: [2, 4, 6, 8, 10].map((patients) => ({
        patients,
        macroAuc: 0.96 - 0.22 / patients,
        interval: [0.93 - 0.3 / patients, 0.985 - 0.1 / patients] as const,
      })),
    },
    stains: [stain("SD", 24, 5.5), stain("HD", 120, 1.1)],
    failures: [{ file: "cubes/P13-C1-SD.h5", error: "the axis has 1 value(s); a spectrum needs at least 2" }],
  };
}

/** The pictures that `plausible` names. */
export function pictures(path: string): Uint8Array | undefined {
  const match = /^P03-C1-(SD|HD)\.(?:(\S+)\.)?png$/.exec(path);
  if (!match) return undefined;
  const kinds = { confidence: "grey", "amide-i": "grey", rejected: "rejected", composite: "composite" } as const;
  const kind = kinds[match[2] as keyof typeof kinds] ?? "classes";
  return blobs(match[1] === "SD" ? 24 : 120, 7, kind);
}
