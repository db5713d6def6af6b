import { blur, halfGaussian, halfPixelGaussian, pointSpread } from "./blur.js";
import { type ClassWeights, classWeights } from "./class-weights.js";
import { componentSpectra, components } from "./component-spectra.js";
import { drawEffects, type Effects, severity } from "./draw-effects.js";
import { mixPixels } from "./mix-pixels.js";
import { type CohortPlan, type CorePlan, type Mode, wavenumbersOf } from "./plan-cohort.js";
import { type Scene, sceneOf } from "./scene.js";

/** A core made ready to be rendered: its scene, its chemistry and the optics at every band. */
export interface Optics {
  readonly scene: Scene;
  readonly effects: Effects;
  readonly weights: ClassWeights;
  readonly severity: number;
  readonly wavenumbers: Float64Array;
  readonly spectra: Float32Array;
  /** Half the point spread of every band. */
  readonly spread: readonly Float64Array[];
  /** Pixels around the image that the widest of them reaches. */
  readonly halo: number;
  /** HD pixels from a place at which the scene is looked at to the next. */
  readonly step: number;
}

/** Draw all that is needed to render rows of a core. */
export function prepareOptics(plan: CohortPlan, entry: CorePlan): Optics {
  const wavenumbers = wavenumbersOf(plan);
  const effects = drawEffects(plan, entry);
  const step = plan.optics === "coarse" ? 5 : 1;
  const coarse = step > 1;
  const spread = Array.from(wavenumbers, (wavenumber) =>
    // A place that is looked at stands for its whole pixel.
    coarse ? halfPixelGaussian(pointSpread(wavenumber) / step) : halfGaussian(pointSpread(wavenumber)),
  );
  return {
    scene: sceneOf(plan, entry),
    effects,
    weights: classWeights(effects, plan.difficulty),
    severity: severity(plan.difficulty),
    wavenumbers,
    spectra: componentSpectra(wavenumbers, effects),
    spread,
    halo: Math.max(...spread.map((half) => half.length - 1)),
    step,
  };
}

/** Bands rendered before they are put into the spectra: 16 float32 fill a cache line. */
const group = 16;

/**
 * The absorbance of some rows as a perfect detector would see it: `out[(row * cols + col) * bands + band]`, rows and columns of
 * the mode. Transmittance of the 1.1 µm grid is blurred by the point spread; SD takes the mean of 5 × 5 of these pixels. With coarse
 * optics the grid is that of the SD pixels themselves.
 * The rows are the same whichever rows they are rendered with.
 */
export function renderRows(optics: Optics, mode: Mode, row: number, rows: number, out: Float32Array): void {
  const { scene, weights, effects, wavenumbers, spectra, spread, halo, step } = optics;
  const bands = wavenumbers.length;
  const box = mode === "SD" ? 5 / step : 1;
  const gridRows = rows * box;
  const gridCols = scene.cols / step;
  const cols = gridCols / box;
  const window = {
    row: (row * box - halo) * step + (step - 1) / 2,
    col: -halo * step + (step - 1) / 2,
    rows: gridRows + 2 * halo,
    cols: gridCols + 2 * halo,
    step,
  };
  const pixels = window.rows * window.cols;
  const planes = new Float32Array(components * pixels);
  mixPixels(scene, weights, effects, optics.severity, window, planes);

  const sharp = new Float32Array(pixels);
  const line = new Float64Array(window.cols);
  const soft = new Float32Array(gridRows * gridCols);
  const part = new Float32Array(group * rows * cols);
  for (let first = 0; first < bands; first += group) {
    const now = Math.min(group, bands - first);
    for (let b = 0; b < now; b++) {
      transmit(planes, pixels, spectra, first + b, bands, sharp);
      blur(sharp, gridRows, gridCols, halo, spread[first + b], line, soft);
      absorb(soft, rows, cols, box, part.subarray(b * rows * cols, (b + 1) * rows * cols));
    }
    for (let pixel = 0; pixel < rows * cols; pixel++) {
      const at = pixel * bands + first;
      for (let b = 0; b < now; b++) out[at + b] = part[b * rows * cols + pixel];
    }
  }
}

/** Transmittance of every pixel at one band: 10 to the minus sum of weight × spectrum. */
function transmit(
  planes: Float32Array,
  pixels: number,
  spectra: Float32Array,
  band: number,
  bands: number,
  out: Float32Array,
): void {
  const value = (component: number) => (component < components ? spectra[component * bands + band] * -Math.LN10 : 0);
  out.fill(0);
  for (let k = 0; k < components; k += 4) {
    const [a, b, c, d] = [value(k), value(k + 1), value(k + 2), value(k + 3)];
    const first = k * pixels;
    const last = components - 1;
    const second = Math.min(k + 1, last) * pixels;
    const third = Math.min(k + 2, last) * pixels;
    const fourth = Math.min(k + 3, last) * pixels;
    for (let i = 0; i < pixels; i++) {
      out[i] += a * planes[first + i] + b * planes[second + i] + c * planes[third + i] + d * planes[fourth + i];
    }
  }
  for (let i = 0; i < pixels; i++) out[i] = Math.exp(out[i]);
}

/** Mean transmittance of box × box pixels, as absorbance. */
function absorb(soft: Float32Array, rows: number, cols: number, box: number, out: Float32Array): void {
  const width = cols * box;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      let sum = 0;
      for (let i = 0; i < box; i++) {
        const at = (row * box + i) * width + col * box;
        for (let j = 0; j < box; j++) sum += soft[at + j];
      }
      out[row * cols + col] = Math.log(sum / (box * box)) * -Math.LOG10E;
    }
  }
}
