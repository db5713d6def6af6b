import { substances } from "./band-tables.js";
import type { ClassWeights } from "./class-weights.js";
import { components, scatterPlane, shiftPlane } from "./component-spectra.js";
import { type Effects, planeOf, spreadOf } from "./draw-effects.js";
import { hashUniform, smoothNoise } from "./hash-noise.js";
import { type Scene, tissue } from "./scene.js";

/** Half the width, in pixels, of the window in which an edge of the tissue is felt: about 6 µm. */
const edgePixels = 5;

/** Smooth noise has a standard deviation of about 0.4; times this, 1. */
const toUnit = 2.5;

const protein = planeOf("protein");
const aggregated = planeOf("aggregated-protein");
const collagen = planeOf("collagen");
const nucleic = planeOf("nucleic-acid");
const mucin = planeOf("mucin");
const haemoglobin = planeOf("haemoglobin");
const lipid = planeOf("triacylglycerol");
const paraffin = planeOf("paraffin");

/** Places of the scene, `step` HD pixels apart. */
export interface Window {
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
  readonly step: number;
}

/**
 * How much of each component the pixels of a window have: `planes[component * pixels + pixel]`, a function of the place alone.
 * Class and structure give the weights; tissue has its texture (fibres, nuclei, red cells, debris), every substance varies a
 * little from place to place, and scatter rises where tissue ends.
 */
export function mixPixels(
  scene: Scene,
  weights: ClassWeights,
  effects: Effects,
  severity: number,
  window: Window,
  planes: Float32Array,
): void {
  const { row: top, col: left, rows, cols, step } = window;
  const { low, high } = weights;
  const { key, structures, scale } = scene;
  const pixels = rows * cols;
  const n = substances.length;
  const share = tissueShare(scene, window);
  planes.fill(0, 0, components * pixels);
  const spread = substances.map((substance) => spreadOf(substance).places * severity * toUnit);

  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const row = top + i * step;
      const col = left + j * step;
      const pixel = i * cols + j;
      const { label, structure, inside } = scene.at(row, col);
      const own = structure < 0 ? key : structures[structure].key;
      // Where in its range a weight lies: one lot for a structure, changing slowly over the stroma.
      const lot =
        structure >= 0 && inside > 0 ? hashUniform(own, 1, 1) : 0.5 + 0.5 * smoothNoise(key + 36, row / 60, col / 60);
      if (label === tissue.substrate) {
        const secretes = structure >= 0 && structures[structure].kind === "duct" && inside > 0 && lot > 0.4;
        if (secretes) planes[mucin * pixels + pixel] = 0.12 * lot * (1 + smoothNoise(own, row / 9, col / 9));
        planes[paraffin * pixels + pixel] = 0.2 * effects.wax;
        continue;
      }
      const grain = texture(label, key, row, col, Math.max(inside, -40 * scale));
      const amount = 1 + grainOf[label] * grain + 0.06 * toUnit * smoothNoise(key + 31, row / 28, col / 28);
      for (let k = 0; k < n; k++) {
        const at = label * n + k;
        if (low[at] === 0 && high[at] === 0) continue;
        const range = low[at] + (high[at] - low[at]) * (k === mucin ? hashUniform(own, 2, 2) : lot);
        planes[k * pixels + pixel] =
          range * amount * Math.max(0, 1 + spread[k] * smoothNoise(key + 100 + k, row / 13, col / 13));
      }
      planes[nucleic * pixels + pixel] *= 1 + nuclear[label] * grain;
      if (label === tissue.necrosis) planes[lipid * pixels + pixel] *= 1 + 0.5 * grain;
      planes[paraffin * pixels + pixel] = effects.wax * amount;
      const amide =
        planes[protein * pixels + pixel] +
        planes[aggregated * pixels + pixel] +
        planes[collagen * pixels + pixel] +
        planes[haemoglobin * pixels + pixel];
      const shift = 0.125 * severity * toUnit * smoothNoise(key + 32, row / 11, col / 11);
      planes[shiftPlane * pixels + pixel] = shift * amide;

      const tissueNear = share[pixel];
      const edge = Math.min(1, 4 * tissueNear * (1 - tissueNear));
      const blend = 0.5 + 0.5 * smoothNoise(key + 33, row / 35, col / 35);
      const even = effects.scatter * (1 + 0.4 * smoothNoise(key + 34, row / 45, col / 45));
      const scatter = even + effects.edgeScatter * edge * (1 + 0.5 * smoothNoise(key + 35, row / 8, col / 8));
      planes[scatterPlane * pixels + pixel] = scatter * blend;
      planes[(scatterPlane + 1) * pixels + pixel] = scatter * (1 - blend);
    }
  }
}

/** How far texture changes thickness, and nucleic acid beyond that, by label value. */
const grainOf = [0, 0.12, 0.1, 0.24, 0.2, 0.15, 0.28];
const nuclear = [0, 0.3, 0.3, 0.2, 0.15, 0, 0.1];

/** −1 to 1: fibres of stroma run around the structures, the other classes are granular, cells 5–10 µm wide. */
function texture(label: number, key: number, row: number, col: number, inside: number): number {
  if (label === tissue.stroma) {
    const across = inside + 34 * smoothNoise(key + 41, row / 48, col / 48);
    const strand = smoothNoise(key + 42, across / 4.5, (row + col) / 70);
    return 0.7 * strand + 0.5 * smoothNoise(key + 43, across / 2.2, (row - col) / 40);
  }
  const grain = label === tissue.necrosis ? 7 : label === tissue.inflammation ? 4 : 5;
  return smoothNoise(key + 44, row / grain, col / grain);
}

/** Share of tissue in the square window around every pixel of a window. */
function tissueShare(scene: Scene, { row, col, rows, cols, step }: Window): Float32Array {
  const edgeReach = Math.round(edgePixels / step);
  const width = cols + 2 * edgeReach;
  const height = rows + 2 * edgeReach;
  const across = new Uint8Array(height * cols);
  const line = new Uint8Array(width);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      line[j] = scene.at(row + (i - edgeReach) * step, col + (j - edgeReach) * step).label === tissue.substrate ? 0 : 1;
    }
    let sum = 0;
    for (let j = 0; j < width; j++) {
      sum += line[j] - (j > 2 * edgeReach ? line[j - 2 * edgeReach - 1] : 0);
      if (j >= 2 * edgeReach) across[i * cols + j - 2 * edgeReach] = sum;
    }
  }
  const share = new Float32Array(rows * cols);
  const full = (2 * edgeReach + 1) ** 2;
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let i = 0; i < height; i++) {
      sum += across[i * cols + j] - (i > 2 * edgeReach ? across[(i - 2 * edgeReach - 1) * cols + j] : 0);
      if (i >= 2 * edgeReach) share[(i - 2 * edgeReach) * cols + j] = sum / full;
    }
  }
  return share;
}
