import { type Random, random } from "../cube/random.js";
import { readBandTables } from "./band-tables.js";
import { gaussians } from "./component-spectra.js";
import { type Effects, severity } from "./draw-effects.js";
import { hashUniform } from "./hash-noise.js";
import type { CohortPlan, CorePlan, Mode } from "./plan-cohort.js";

/** Detector elements along an edge of the focal plane array: the image is a mosaic of such tiles. */
const array = 128;

/** Share of detector elements that are dead or hot, and how much noisier they are. */
const badShare = 0.001;
const badNoise = 8;

/** What the instrument adds to rows of ideal absorbance, in place. */
export type Detector = (values: Float32Array, row: number, rows: number) => void;

/** White noise in absorbance, least and most over cores: as measured, and of HD as denoising by its neighbours leaves it. */
const noises = { SD: [0.5e-3, 1.5e-3], HD: [5e-3, 15e-3], denoised: [2e-3, 3e-3] } as const;

/**
 * The instrument of one cube: each detector element's gain (1 %, the same pattern in all cores), water vapour and carbon dioxide by tile, offset and
 * slope of the baseline (twice as large in HD), fringes where they are asked for, and white noise, larger below 1000 and above 3500 cm-1:
 * 0.0005 to 0.0015 in SD; in HD, whose pixels get a 25th of the light, 0.005 to 0.015. One pixel in a thousand is noisy.
 * Every image row has its own stream, so that rows may come in any pieces.
 */
export function prepareDetector(
  plan: CohortPlan,
  entry: CorePlan,
  mode: Mode,
  effects: Effects,
  wavenumbers: Float64Array,
): Detector {
  const stream = random(entry.coreSeed).fork(`detector/${mode}`);
  const bands = wavenumbers.length;
  const cols = mode === "SD" ? plan.cols / 5 : plan.cols;
  const size = severity(plan.difficulty);
  const lot = stream.uniform();
  const [least, most] = noises[mode === "HD" && plan.noise === "denoised" ? "denoised" : mode];
  const noise = size * (least + (most - least) * lot);
  const level = wavenumbers.map(
    (nu) => noise * (nu < 1000 ? 1 + (1000 - nu) / 100 : nu > 3500 ? 1 + (nu - 3500) / 250 : 1),
  );
  const tables = readBandTables();
  const vapour = gaussians(tables["water-vapour"], wavenumbers);
  const dioxide = gaussians(tables["carbon-dioxide"], wavenumbers);
  const factor = mode === "HD" ? 2 : 1;
  const fringe = plan.fringes ? drawFringe(stream.fork("fringes"), size) : () => 0;
  const baseline = wavenumbers.map(
    (nu) => factor * (effects.offset + (effects.slope * (nu - 1350)) / 900) + fringe(nu),
  );
  const key = stream.integer(2 ** 31);
  // All cores of a cohort are measured with the same instrument.
  const elements = random(plan.seed)
    .fork(`elements/${mode}`)
    .integer(2 ** 31);
  const normals = normalTable();

  return (values, firstRow, rows) => {
    for (let i = 0; i < rows; i++) {
      const row = firstRow + i;
      const draw = words(key, row);
      let at = i * cols * bands;
      for (let col = 0; col < cols; col++) {
        const element = 1 + gain(row % array, col % array);
        const bad = hashUniform(elements + 1, row % array, col % array) < badShare ? badNoise : 1;
        const [tileRow, tileCol] = [Math.floor(row / array), Math.floor(col / array)];
        const wet = 0.01 * size * lotOf(key, tileRow, tileCol);
        const stale = 0.02 * size * lotOf(key + 2, tileRow, tileCol);
        let word = 0;
        for (let band = 0; band < bands; band++, at++) {
          // Two normals from one word.
          word = band & 1 ? word >>> 16 : draw();
          const gases = wet * vapour[band] + stale * dioxide[band];
          const added = gases + baseline[band] + bad * level[band] * normals[word & 0xffff];
          values[at] = values[at] * element + added;
        }
      }
    }
  };

  function gain(row: number, col: number): number {
    return 0.01 * normals[Math.floor(hashUniform(elements, row, col) * 65536)];
  }
  function lotOf(of: number, row: number, col: number): number {
    return normals[Math.floor(hashUniform(of, row, col) * 65536)];
  }
}

/** Refractive index of what the light is reflected in. */
const FILM_INDEX = 1.5;

/** Light that is reflected twice in a film of 5 to 20 µm: a sine over the wavenumbers, of 0.002 to 0.01 of absorbance. */
function drawFringe(stream: Random, size: number): (wavenumber: number) => number {
  const height = size * (0.002 + 0.008 * stream.uniform());
  // µm to cm.
  const thickness = 1e-4 * (5 + 15 * stream.uniform());
  const phase = 2 * Math.PI * stream.uniform();
  return (wavenumber) => height * Math.sin(4 * Math.PI * FILM_INDEX * thickness * wavenumber + phase);
}

/** 65536 draws of a standard normal, their mean 0 and variance 1 made exact: looked up, they cost less than drawing. */
function normalTable(): Float32Array {
  const stream = random("normal table");
  const table = Float64Array.from({ length: 65536 }, () => stream.normal());
  const mean = table.reduce((a, b) => a + b) / table.length;
  const deviation = Math.sqrt(table.reduce((sum, value) => sum + (value - mean) ** 2, 0) / table.length);
  return Float32Array.from(table, (value) => (value - mean) / deviation);
}

/** Random 32-bit words for one image row: xorshift (Marsaglia 2003), seeded by the row. */
function words(key: number, row: number): () => number {
  let state = Math.floor(hashUniform(key + 1, row, 0) * 4294967295) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
