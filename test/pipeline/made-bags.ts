import type { Bag } from "#cube/bag";
import { random } from "#cube/random";
import { featureNames } from "#diagnose/patch-features";

const classNames = ["cancer", "stroma", "necrosis"];
const names = featureNames(classNames, 2);

/**
 * Bags of one patient each, every other one malignant, of six patches with features as a stain gives them. Malignant bags hold two patches
 * with `share` of cancer, benign ones none; everything else is drawn alike.
 */
export function madeBags(patients: number, share = 0.4, seed = 1): Bag[] {
  return Array.from({ length: patients }, (_, i): Bag => {
    const label = i % 2 ? "malignant" : "benign";
    const stream = random(`made bags/${seed}/${i}`);
    const count = 6;
    const features = new Float32Array(count * names.length);
    const mix = new Float32Array(count * classNames.length);
    for (let patch = 0; patch < count; patch++) {
      const cancer = label === "malignant" && patch < 2 ? share : 0;
      mix.set([cancer, 1 - cancer, 0], patch * classNames.length);
      for (const [f, name] of names.entries()) {
        const told = name === "√share cancer" || name === "mean PC1" ? 4 * Math.sqrt(cancer) : 0;
        features[patch * names.length + f] = told + 0.3 * stream.normal();
      }
    }
    const id = `B${String(i + 1).padStart(2, "0")}`;
    return {
      name: id,
      file: `${id}.h5`,
      cube: { content: `sha256:${id}`, place: id, changed: 0, bytes: 1 },
      stainModel: "made",
      patient: `P${i + 1}`,
      biopsy: id,
      label,
      origin: "simulated",
      geometry: "image",
      rows: 20,
      cols: 30,
      pixelSizeUm: 5.5,
      patchUm: 55,
      tissueFraction: 0.1,
      channels: "made",
      modelPatients: [],
      patches: {
        count,
        coords: Int32Array.from({ length: 2 * count }, (_, j) => 10 * (j % 2 ? Math.floor(j / 6) : (j >> 1) % 3)),
        edge: 10,
        stride: 10,
        features,
        featureNames: names,
        spectra: Float32Array.from({ length: 4 * count }, () => stream.uniform()),
        wavenumbers: Float64Array.of(1000, 1100, 1200, 1300),
        tissue: new Float32Array(count).fill(1),
        mix,
        classNames,
      },
    };
  });
}

/** Settings that train in a moment. */
export const quickStudy = {
  methods: ["top-k"],
  repeats: 1,
  permutations: 0,
  workers: 0,
  unitTests: false,
  nested: false,
  change: { epochs: 20, hidden: 8, batch: 8, learningRate: 0.01 },
} as const;
