import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cohort } from "#cube/cohort";
import { random } from "#cube/random";
import { createHdf5 } from "#hdf5/create";
import { readPipeline } from "#pipeline/define";
import { cohortOf } from "#read/cohort";

export const freshFolder = (name: string) => mkdtempSync(join(tmpdir(), `${name}-`));

export const wavenumbers = Float64Array.from({ length: 60 }, (_, i) => 1000 + 13.2 * i);

/** Three kinds of tissue that differ in the height of one band at 1080, 1236 or 1400 cm-1, on top of amide I. */
export const classNames = ["unlabelled", "nucleus", "collagen", "mucin"];
const marker = [0, 1080, 1236, 1400];

export interface TissueOptions {
  readonly rows?: number;
  readonly cols?: number;
  readonly patient?: string;
  readonly core?: string;
  readonly seed?: number;
  /** Every how many pixels one is annotated; 0 leaves /labels out. */
  readonly every?: number;
  readonly mode?: string;
  /** Label values that occur. */
  readonly labels?: readonly number[];
  /** Deflated; contiguous and plain if not given. */
  readonly chunks?: [number, number, number];
  readonly spoil?: (values: Float32Array) => void;
  readonly axis?: Float64Array;
  /** 0 = leave out, a byte a pixel. */
  readonly mask?: Uint8Array;
  /** Instead of the usual ones. */
  readonly names?: readonly string[];
}

/** Write a cube of stripes of tissue with a strip of bare slide on its right, and give its path. */
export async function writeTissue(path: string, options: TissueOptions = {}): Promise<string> {
  const { rows = 20, cols = 15, seed = 1, every = 2, labels: present = [1, 2, 3], axis = wavenumbers } = options;
  const draw = random(seed);
  const own = Array.from({ length: 4 }, () => 1 + 0.03 * draw.normal());
  const bands = axis.length;
  const values = new Float32Array(rows * cols * bands);
  const labels = new Uint8Array(rows * cols);
  for (let pixel = 0; pixel < rows * cols; pixel++) {
    const col = pixel % cols;
    const kind = col === cols - 1 ? 0 : present[Math.floor((col * present.length) / (cols - 1))];
    if (every && kind && pixel % every === 0) labels[pixel] = kind;
    const thickness = kind ? 0.4 + 0.2 * draw.uniform() : 0;
    for (let band = 0; band < bands; band++) {
      const x = axis[band];
      const amideI = Math.exp(-(((x - 1655) / 30) ** 2));
      const own1 = kind ? 0.4 * own[kind] * Math.exp(-(((x - marker[kind]) / 25) ** 2)) : 0;
      values[pixel * bands + band] = thickness * (amideI + own1) + 0.002 * draw.normal();
    }
  }
  options.spoil?.(values);
  await createHdf5(path, (file) => {
    file.attributes("/", {
      patient: options.patient,
      core: options.core,
      mode: options.mode ?? "SD",
      pixel_size_um: 5.5,
      origin: "simulated",
      source: "stripes made by a test",
    });
    file.put("/cube", values, {
      shape: [rows, cols, bands],
      chunks: options.chunks,
      gzip: options.chunks && 1,
      attributes: { quantity: "absorbance" },
    });
    file.put("/wavenumbers", axis, { attributes: { units: "cm-1" } });
    if (every)
      file.put("/labels", labels, {
        shape: [rows, cols],
        attributes: { class_names: [...(options.names ?? classNames)] },
      });
    if (options.mask) file.put("/mask", options.mask, { shape: [rows, cols] });
  });
  return path;
}

/** A cohort of so many patients with a cube each. */
export async function writeCohort(folder: string, patients: number, options: TissueOptions = {}): Promise<Cohort> {
  const paths: string[] = [];
  for (let p = 1; p <= patients; p++) {
    paths.push(await writeTissue(join(folder, `p${p}.h5`), { ...options, patient: `P${p}`, core: `C${p}`, seed: p }));
  }
  return cohortOf(paths);
}

/** The default pipeline, with a forest small enough for a test. */
export function smallPipeline() {
  const { reduce, classify, ...rest } = readPipeline("digital-stain");
  return {
    ...rest,
    // A limit of 1 in 1000 means nothing on a few hundred spectra.
    reduce: { ...reduce, components: 6, outside: 0 },
    classify: { ...classify, trees: 12, pixelsPerClass: 200 },
  };
}
