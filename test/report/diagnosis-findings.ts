import { judgeMethod } from "#classify/judge-method";
import type { CaseFinding, MethodFinding, StudyFinding } from "#cube/diagnosis-findings";
import type { HeadKind } from "#cube/mil";
import { random } from "#cube/random";
import { defaultSpec } from "#diagnose/default-spec";
import { gate } from "#diagnose/gate";

/** A study of 30 patients that might have been, judged as studies are. */
export function plausibleStudy(geometry: "image" | "points" = "image"): StudyFinding {
  const count = 30;
  const labels = Uint8Array.from({ length: count }, (_, bag) => (bag % 5 < 3 ? 1 : 0));
  const bagNames = Array.from({ length: count }, (_, bag) => `B${String(bag + 1).padStart(2, "0")}`);
  const classNames = ["benign", "malignant"] as [string, string];
  const method = (head: HeadKind, title: string, role: MethodFinding["role"], skill: number): MethodFinding => {
    const repeats = [101, 102].map((seed) => {
      const stream = random(`${head}/${seed}`);
      const scores = Float64Array.from(
        labels,
        (label) => 1 / (1 + Math.exp(-(skill * (2 * label - 1) + stream.normal()))),
      );
      const fold = Int32Array.from(labels, (_, bag) => Math.floor(bag / 5) % 5);
      return { scores, fold, thresholds: new Float64Array(count).fill(0.5) };
    });
    const input = { bagNames, classNames, labels, patients: Int32Array.from(labels.keys()) };
    const judged = judgeMethod({ ...input, outOfFold: { repeats } });
    return {
      id: head,
      title,
      role,
      spec: defaultSpec(head),
      scoreName: "mean probability of the k highest patches",
      ...judged,
      perFold: judged.perFold.map((of) => ({ ...of, epoch: 60 })),
      convergence: [{ epoch: 1, loss: 0.4, innerBalancedAccuracy: null }],
      challenge: { accuracy: judged.pooled.accuracy, auc: judged.pooled.auc },
    };
  };
  return {
    geometry,
    unit: "biopsy",
    classNames,
    counts: { patients: count, positivePatients: 18, bags: count, positiveBags: 18, patches: 1234 },
    folds: 5,
    repeats: 2,
    seeds: [101, 102],
    foldFile: { file: "folds.csv", sha256: "ab12".repeat(16) },
    decision: {
      answers: [
        [7, 4, 1],
        [2, 5, 11],
      ],
      called: { value: 0.7, unit: "1", interval: [0.521, 0.833], counts: { pixels: 0, cores: count, patients: count } },
      wrong: { value: 0.143, unit: "1", interval: [0.05, 0.346], counts: { pixels: 0, cores: 21, patients: 21 } },
      calibration: {
        bins: [
          { predicted: 0.12, observed: 0.1, bags: 12 },
          { predicted: 0.83, observed: 0.9, bags: 18 },
        ],
        brier: 0.111,
        expectedError: 0.055,
        slope: 1.07,
        intercept: -0.12,
      },
    },
    patch: {
      edgeUm: 160,
      edgePixels: 29,
      stridePixels: 29,
      tissueFraction: 0.1,
      channels: "digital-stain",
      features: ["√share cancer", "mean PC1"],
      ofStain: 1,
    },
    bags: bagNames.map((bag, b) => ({
      bag,
      label: classNames[labels[b]],
      patches: 12 + 3 * b,
      tumourShare: labels[b] * 0.1,
    })),
    methods: [
      method("top-k", "top-k max pooling", "default", 2),
      method("gated-attention", "gated attention", "comparator", 1.5),
      method("supervised", "supervised patches, percentage threshold", "baseline", 0.3),
    ],
    baselines: [
      {
        id: "stain-share",
        title: "tumour share of the stain",
        scoreName: "share of cancer in all tissue",
        pooled: judgedFigures(),
        byPatient: judgedFigures(),
        rank: 0.93,
      },
    ],
    differences: [
      { id: "gated-attention", title: "gated attention", scores: judgedFigures(0.04, [-0.02, 0.1]) },
      { id: "stain-share", title: "tumour share of the stain", scores: judgedFigures(0.15, [0.07, 0.23]) },
    ],
    unitTests: [
      {
        head: "top-k",
        title: "top-k max pooling",
        sameDistribution: [0.97, 0.98],
        poisoned: [0.96, 0.97],
        passed: true,
      },
      {
        head: "gated-attention",
        title: "gated attention",
        sameDistribution: [1, 1],
        poisoned: [0.01, 0.02],
        passed: false,
      },
    ],
    permutation: {
      repeats: 99,
      mean: 0.49,
      interval: [0.38, 0.61],
      observed: 0.98,
      atLeast: 0,
      p: 0.01,
      floor: 0.01,
    },
    challenge: "blood in the malignant biopsies instead of the benign ones",
    fused: { scores: judgedFigures(), mil: 0.8, stain: 0.4 },
    backend: { name: "wasm", why: "WebAssembly with SIMD" },
  };
}

function judgedFigures(value = 0.91, interval: readonly [number, number] = [0.84, 0.96]) {
  const figure = { value, unit: "1" as const, interval };
  return { accuracy: figure, precision: figure, recall: figure, f: figure, auc: figure, balancedAccuracy: figure };
}

const spectrum = { wavenumbers: [1000, 1100, 1200, 1300], values: [0.1, 0.4, 0.2, 0.3] };

/** A case with a diagnosis, changed where it is to be another one. */
export function caseOf(id: string, change: Partial<CaseFinding> = {}): CaseFinding {
  return {
    id,
    patient: `D-${id}`,
    cubes: [`${id}-SD`],
    origin: "simulated",
    geometry: "image",
    truth: "malignant",
    pixelSizeUm: 5.5,
    tissueMm2: 1.234,
    patches: 48,
    stamps: [],
    gate: gate({ geometry: "image", patches: 48, tissueMm2: 1.234, rejected: { kept: 900, noise: 33 } }),
    diagnosis: {
      className: "malignant",
      band: "positive",
      score: 0.8123,
      probability: 0.9312,
      interval: [0.8811, 0.9643],
      memberSd: 0.0417,
      members: 15,
      threshold: 0.5234,
      bandLimits: [0.4312, 0.6123],
      k: 1,
    },
    concordance: {
      verdict: "concordant",
      reason: "the diagnosis is positive, and the patches that it rests on hold tumour in the stain",
      milPositive: true,
      stainPositive: true,
      stainThreshold: 0.0123,
      tumourTop: 0.5234,
      tumourRest: 0.1345,
      tumourAll: 0.1623,
      spearman: 0.8412,
      iou: 0.2345,
    },
    fused: { probability: 0.9511 },
    maps: [
      {
        name: "patch probability",
        cube: `${id}-SD`,
        cols: 24,
        picture: "maps/probability.png",
        range: [0, 0.7811],
        highest: 0.8312,
        windows: 352,
      },
    ],
    gallery: [
      {
        rank: 1,
        x: 29,
        y: 58,
        edge: 29,
        score: 0.8123,
        picture: "maps/patch-1.png",
        mix: [
          { name: "cancer", percent: 61.2 },
          { name: "stroma", percent: 38.8 },
        ],
        spectrum,
      },
    ],
    exports: [{ kind: "GeoJSON", file: `${id}-SD.patches.geojson` }],
    ...change,
  };
}

const none = { tumourTop: null, tumourRest: null, tumourAll: null, spearman: null, iou: null };

/** One case for every banner. */
export const cases = {
  concordant: caseOf("C1"),
  discordant: caseOf("C2", {
    concordance: {
      ...caseOf("C2").concordance,
      verdict: "discordant",
      reason:
        "the diagnosis is positive, but the patches that it rests on hold less than a tenth of tumour in the stain",
      tumourTop: 0.0134,
      tumourAll: 0.0041,
    },
  }),
  failed: caseOf("C3", {
    diagnosis: undefined,
    withheld: "the quality gate failed (patches)",
    gate: gate({ geometry: "image", patches: 0, tissueMm2: 0 }),
    concordance: { verdict: "not assessed", reason: "there is no diagnosis to compare the stain with", ...none },
    fused: undefined,
    maps: [],
    gallery: [],
    exports: [],
  }),
  indeterminate: caseOf("C4", {
    diagnosis: { ...caseOf("C4").diagnosis!, className: null, band: "indeterminate", score: 0.5512 },
    concordance: {
      ...caseOf("C4").concordance,
      verdict: "indeterminate",
      reason: "the diagnosis is indeterminate, so that there is no call for the stain to bear out",
      milPositive: undefined,
      tumourAll: 0.0321,
    },
  }),
  points: caseOf("C5", {
    geometry: "points",
    pixelSizeUm: undefined,
    tissueMm2: null,
    gate: gate({ geometry: "points", patches: 20, tissueMm2: null }),
    concordance: {
      verdict: "not assessed",
      reason: "there is no stain with a tumour class to compare the diagnosis with",
      ...none,
    },
    fused: undefined,
    maps: [],
    exports: [],
  }),
};
