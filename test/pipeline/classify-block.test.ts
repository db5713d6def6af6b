import { expect, test } from "vitest";
import { prepareForest } from "#classify/predict-forest";
import { applyTemperature } from "#classify/temperature";
import type { Model } from "#cube/model";
import { reasonCode } from "#cube/rejected";
import { simdKernels } from "#kernels/simd-kernels";
import { prepareClassify } from "#pipeline/classify-block";
import { fit as fitModel } from "#pipeline/fit";
import { BLOCK, preparePath } from "#pipeline/path";
import { prepareProjection } from "#reduce/project";
import { freshFolder, smallPipeline, wavenumbers, writeCohort } from "./tissue.js";

const bands = wavenumbers.length;
const { model } = await fitModel(
  await writeCohort(freshFolder("classify-block"), 3),
  { ...smallPipeline(), steps: [{ step: "normalise", method: "amide-i-area", params: {} }] },
  { workers: 0, hash: false },
);
// More than one block of 256, so that the second stands behind what is left of the first.
const count = 373;
/** Amide I of all heights with one marker band; every eleventh points down, which has no area to be divided by. */
const spectra = Float32Array.from({ length: count * bands }, (_, i) => {
  const [pixel, x] = [Math.floor(i / bands), wavenumbers[i % bands]];
  const height = pixel % 11 === 5 ? -0.5 : 0.2 + (pixel % 7) / 10;
  return height * (Math.exp(-(((x - 1655) / 30) ** 2)) + 0.4 * Math.exp(-(((x - 1000 - 5 * pixel) / 25) ** 2)));
});

function classified(by: Model, values: Float32Array, masked = -1) {
  const kernels = simdKernels();
  const rows = values.length / bands;
  const block = kernels.float32(values.length);
  block.set(values);
  const rejected = new Uint8Array(rows);
  if (masked >= 0) rejected[masked] = reasonCode("masked");
  const probabilities = new Float32Array(rows * by.labels.length);
  const classify = prepareClassify(by.pipeline.steps, wavenumbers, by, kernels);
  classify(block, { rows: 1, cols: rows }, { first: 0, stride: rows }, rejected, probabilities);
  return { rejected, probabilities };
}

test("probabilities are those of the steps, the projection, the forest and the temperature one after another, to the bit", () => {
  const kernels = simdKernels();
  const { components } = model.pca;
  const classes = model.labels.length;
  const path = preparePath(model.pipeline.steps, wavenumbers, kernels);
  const block = kernels.float32(spectra.length);
  block.set(spectra);
  const reasons = new Uint8Array(count);
  const project = prepareProjection(model.pca, kernels);
  const scores = kernels.float32(count * components);
  const pixels: number[] = [];
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    const through = path.run(block.subarray(start * bands, end * bands), end - start, reasons.subarray(start, end));
    project(through.values, through.kept, scores.subarray(pixels.length * components), kernels.float64(BLOCK));
    for (const pixel of through.pixels.subarray(0, through.kept)) pixels.push(start + pixel);
  }
  const kept = pixels.length;
  const expected = kernels.float32(count * classes);
  prepareForest(model.forest, kernels)(scores, kept, expected);
  expect(model.temperature!.exponent).toBeGreaterThan(1);
  applyTemperature(expected, kept, classes, model.temperature!);

  const { rejected, probabilities } = classified(model, spectra);
  expect(rejected).toEqual(reasons);
  expect(kept).toBe(count - 34);
  for (let i = 0; i < kept; i++) {
    const at = pixels[i] * classes;
    expect(probabilities.subarray(at, at + classes)).toEqual(expected.subarray(i * classes, (i + 1) * classes));
  }
});

test("a spectrum that a normalisation has no answer for is rejected and leaves its neighbours alone", () => {
  const { rejected, probabilities } = classified(model, spectra, 3);
  const upright = classified(model, spectra.map(Math.abs), 3);
  const [notFinite, masked] = [reasonCode("not finite"), reasonCode("masked")];
  expect([...rejected]).toEqual(
    Array.from({ length: count }, (_, i) => (i === 3 ? masked : i % 11 === 5 ? notFinite : 0)),
  );
  for (let pixel = 0; pixel < count; pixel++) {
    const own = (of: Float32Array) => of.subarray(pixel * 3, pixel * 3 + 3);
    if (rejected[pixel]) expect([...own(probabilities)]).toEqual([0, 0, 0]);
    else expect(own(probabilities)).toEqual(own(upright.probabilities));
  }
});

test("a spectrum beyond the limit of Q or T² is outside the domain, with its probabilities", () => {
  const strict = { ...model, limits: { q: 0, t2: Number.POSITIVE_INFINITY } };
  const { rejected, probabilities } = classified(strict, spectra.subarray(0, 4 * bands));
  expect([...rejected]).toEqual(new Array(4).fill(reasonCode("outside domain")));
  expect(probabilities).toEqual(classified(model, spectra.subarray(0, 4 * bands)).probabilities);
});
