import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MilSpec } from "#cube/mil";
import { random } from "#cube/random";
import { augment } from "#diagnose/augment";
import { camsOf } from "#diagnose/cam";
import { coverage, coverageMap, windowMap } from "#diagnose/coverage-map";
import { defaultSpec } from "#diagnose/default-spec";
import { cnnEncoder } from "#diagnose/encode-cnn";
import { resnextEncoder } from "#diagnose/encode-resnext";
import { registerFilterGradient } from "#diagnose/filter-gradient";
import { gridPatches } from "#diagnose/grid-patches";
import { networkOf } from "#diagnose/network";
import { openBackend } from "#diagnose/open-backend";
import { patchImage } from "#diagnose/patch-image";
import { slideScale } from "#diagnose/slide-scale";
import { gradCam } from "./grad-cam.js";

const cpu = await openBackend("cpu");
const { tf } = await openBackend("wasm");
registerFilterGradient(tf);
registerFilterGradient(tf);

/** The gradient of a convolution's filter, of Σ weight · output, on a backend. */
async function filterGradient(
  backend: string,
  x: Float32Array,
  shape: number[],
  filter: number[],
  stride: number,
  pad: "same" | "valid",
) {
  await tf.setBackend(backend);
  const values = tf.tidy(() => {
    const image = tf.tensor4d(x, shape as [number, number, number, number]);
    const loss = (w: ReturnType<typeof tf.tensor>) => {
      const out = tf.conv2d(image, w as ReturnType<typeof tf.tensor4d>, stride, pad);
      const weights = tf.tensor(
        Float32Array.from({ length: out.size }, (_, i) => Math.sin(i)),
        out.shape,
      );
      return tf.sum(tf.mul(out, weights));
    };
    return Float32Array.from(tf.grad(loss)(tf.zeros(filter)).dataSync());
  });
  await tf.setBackend("wasm");
  return values;
}

test("the filter gradient registered for wasm is that of the cpu backend", async () => {
  expect(cpu.name).toBe("cpu");
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 5, max: 9 }),
      fc.integer({ min: 5, max: 8 }),
      fc.constantFrom(1, 2, 3),
      fc.constantFrom(1, 2, 3, 5),
      fc.constantFrom<"same" | "valid">("same", "valid"),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (batch, height, width, stride, size, pad, from, to) => {
        const stream = random(`${batch}${height}${width}${stride}${size}${pad}${from}${to}`);
        const x = Float32Array.from({ length: batch * height * width * from }, () => stream.normal());
        const shape = [batch, height, width, from];
        const filter = [size, size, from, to];
        const wanted = await filterGradient("cpu", x, shape, filter, stride, pad);
        const found = await filterGradient("wasm", x, shape, filter, stride, pad);
        // Sums of up to 200 products in float32, in another order.
        for (const [i, value] of wanted.entries()) expect(Math.abs(found[i] - value)).toBeLessThan(2e-5);
        checked++;
      },
    ),
    { numRuns: 40 },
  );
  expect(checked).toBe(40);
});

describe("the small network over pixels", () => {
  const encoder = cnnEncoder(tf, 8);
  const stream = random("cnn");
  const weights = () =>
    Object.fromEntries(
      encoder.parameters.map(({ name, shape, start }) => [name, tf.tensor(start(stream.fork(name)), [...shape])]),
    );

  test("sees 32 × 32 pixels of 8 channels with less than a million multiplications", () => {
    const shapes = encoder.parameters.filter(({ name }) => name.endsWith("/w")).map(({ shape }) => shape);
    const pixels = [16 * 16, 8 * 8, 4 * 4];
    const products = shapes.map(([h, w, from, to], layer) => h * w * from * to * pixels[layer]);
    expect(products.reduce((a, b) => a + b)).toBeLessThan(1e6);
  });

  test("has as its embedding the mean of its last maps", () => {
    tf.tidy(() => {
      const held = weights();
      const patches = tf.tensor(
        Float32Array.from({ length: 2 * 32 * 32 * 8 }, () => stream.normal()),
        [2, 32, 32, 8],
      );
      const mean = tf.mean(encoder.maps!(held, patches, "test"), [1, 2]).dataSync();
      expect([...encoder.embed(held, patches, "test").dataSync()]).toEqual([...mean]);
    });
  });
});

describe("Grad-CAM", () => {
  const spec: MilSpec = defaultSpec("top-k", "cnn");
  const shape = [16, 16, 3];
  const network = networkOf(tf, spec, shape);
  const stream = random("cam 2");
  const weights = {
    tensors: network.parameters.map(({ name, shape: of, start }) => ({
      name,
      shape: of,
      values: start(stream.fork(name)),
    })),
  };

  test("by the weights of the last layer is that by the gradient, to 1e-6", () => {
    const prepared = { values: Float32Array.from({ length: 4 * 16 * 16 * 3 }, () => stream.normal()), shape };
    const dense = camsOf(tf, weights, prepared, spec)!;
    const slow = gradCam(tf, weights, prepared, spec);
    expect(dense.size).toBe(slow.size);
    expect(Math.max(...dense.values)).toBeGreaterThan(0);
    for (const [i, value] of slow.values.entries()) expect(Math.abs(dense.values[i] - value)).toBeLessThan(1e-6);
  });

  test("there is none for attention, whose patches have no logit of their own", () => {
    expect(
      camsOf(tf, weights, { values: new Float32Array(768), shape }, { ...spec, head: "attention" }),
    ).toBeUndefined();
  });
});

describe("a map over windows", () => {
  /** 1350² pixels and patches of 450, as the study has them, at a tenth of the size. */
  const windows = (stride: number) => {
    const { tops, lefts } = gridPatches(135, 135, 45, stride, "made");
    const coords = Int32Array.from(tops.flatMap((top) => lefts.flatMap((left) => [left, top])));
    return { count: coords.length / 2, coords, edge: 45 };
  };

  test("is covered by 9, 49 and 361 windows, once at a corner and 1, 9 and 81 times in the middle", () => {
    for (const [stride, count, middle] of [
      [45, 9, 1],
      [15, 49, 9],
      [5, 361, 81],
    ]) {
      const of = windows(stride);
      const covered = coverage(of, 135, 135);
      expect([of.count, covered[0], covered[135 * 135 - 1], covered[67 * 135 + 67]]).toEqual([count, 1, 1, middle]);
    }
  });

  test("of one value is that value everywhere, whichever rows are asked for", () => {
    const of = windows(15);
    const rows = coverageMap(of, new Float32Array(of.count).fill(0.37), 135);
    expect([...new Set(rows(0, 135))]).toEqual([Math.fround(0.37)]);
    const values = Float32Array.from({ length: of.count }, (_, i) => Math.sin(i));
    const mapped = coverageMap(of, values, 135);
    expect(mapped(40, 9)).toEqual(mapped(0, 135).slice(40 * 135, 49 * 135));
  });

  test("has no value where no window is", () => {
    const rows = coverageMap({ count: 1, coords: Int32Array.of(2, 1), edge: 2 }, Float32Array.of(0.5), 5);
    const nan = Number.NaN;
    expect([...rows(0, 3)]).toEqual([nan, nan, nan, nan, nan, nan, nan, 0.5, 0.5, nan, nan, nan, 0.5, 0.5, nan]);
  });

  test("of small pictures shows a blob ten times as bright as the rest; stretching each window by itself would not", () => {
    const size = 9;
    const [edge, image, blobRow, blobCol] = [18, 90, 40, 52];
    const { tops, lefts } = gridPatches(image, image, edge, 6, "made");
    const coords = Int32Array.from(tops.flatMap((top) => lefts.flatMap((left) => [left, top])));
    const of = { count: coords.length / 2, coords, edge };
    const stream = random("blob");
    const raw = new Float32Array(of.count * size * size);
    const weights = new Float32Array(of.count).fill(0.03);
    for (let i = 0; i < of.count; i++) {
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const away = Math.hypot(coords[2 * i + 1] + 2 * y + 1 - blobRow, coords[2 * i] + 2 * x + 1 - blobCol);
          raw[(i * size + y) * size + x] = (away < 6 ? 1 : 0) + 0.05 * stream.uniform();
          if (away < 6) weights[i] = 0.95;
        }
      }
    }
    const stretched = raw.slice();
    for (let i = 0; i < of.count; i++) {
      const own = stretched.subarray(i * size * size, (i + 1) * size * size);
      const [low, high] = [Math.min(...own), Math.max(...own)];
      for (let j = 0; j < own.length; j++) own[j] = (own[j] - low) / (high - low);
    }
    const contrast = (map: Float32Array) => {
      let [inside, outside, most, rest] = [0, 0, 0, 0];
      for (const [pixel, value] of map.entries()) {
        const away = Math.hypot(Math.floor(pixel / image) + 0.5 - blobRow, (pixel % image) + 0.5 - blobCol);
        if (away < 4) [inside, most] = [inside + value, most + 1];
        else if (away > 10) [outside, rest] = [outside + value, rest + 1];
      }
      return inside / most / (outside / rest);
    };
    expect(contrast(windowMap(of, { size, values: raw, weights }, image)(0, image))).toBeGreaterThan(10);
    expect(contrast(windowMap(of, { size, values: stretched }, image)(0, image))).toBeLessThan(10);
  });

  test("is coloured once a slide, from 0 to its 99th percentile, and its highest value is kept", () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i / 1000);
    expect(slideScale(values)).toEqual({ range: [0, Math.fround(0.99)], highest: 1 });
    expect(slideScale(Float32Array.of(Number.NaN))).toEqual({ range: [0, 1], highest: 0 });
  });
});

describe("augmentation", () => {
  test("is the same for the same stream, and does not invent values", () => {
    const stream = random("augment");
    const values = Float32Array.from({ length: 3 * 16 * 16 * 2 }, () => stream.uniform());
    const shown = augment(values, 16, 2, random("a"));
    expect(augment(values, 16, 2, random("a"))).toEqual(shown);
    expect(augment(values, 16, 2, random("b"))).not.toEqual(shown);
    expect(Math.min(...shown)).toBeGreaterThanOrEqual(Math.min(...values));
    expect(Math.max(...shown)).toBeLessThanOrEqual(Math.max(...values));
  });

  test("leaves an even patch even", () => {
    const even = new Float32Array(16 * 16 * 2).fill(0.25);
    expect(augment(even, 16, 2, random("even"))).toEqual(even);
  });
});

describe("the picture of a patch", () => {
  test("of the same size is the patch, with zeros where there is no tissue", () => {
    const channels = Float32Array.from({ length: 16 }, (_, i) => i + 1);
    const kept = new Uint8Array(16).fill(1);
    kept[5] = 0;
    const out = new Float32Array(4);
    patchImage(channels, 1, kept, 4, 1, 1, 2, 2, out, 0);
    expect([...out]).toEqual([0, 7, 10, 11]);
  });

  test("keeps the mean whatever the size", () => {
    const stream = random("mean");
    const channels = Float32Array.from({ length: 29 * 29 }, () => stream.normal());
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const size of [8, 29, 32]) {
      const out = new Float32Array(size * size);
      patchImage(channels, 1, new Uint8Array(29 * 29).fill(1), 29, 0, 0, 29, size, out, 0);
      expect(mean(out)).toBeCloseTo(mean(channels), 5);
    }
  });
});

describe("ResNeXt-50 32×4d", () => {
  const encoder = resnextEncoder(tf, 3);
  const trainable = encoder.parameters.filter(({ trainable: learned }) => learned);

  test("has the 22 979 904 weights of the published network without its last layer", () => {
    const count = trainable.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count).toBe(22_979_904);
  });

  test("runs forward and takes one step of training on small patches, and its running statistics follow", async () => {
    await tf.setBackend("wasm");
    const stream = random("resnext");
    const variables = Object.fromEntries(
      encoder.parameters.map(({ name, shape, trainable: learned, start }) => [
        name,
        tf.tidy(() => tf.variable(tf.tensor(start(stream.fork(name)), [...shape]), learned)),
      ]),
    );
    const patches = tf.tensor(
      Float32Array.from({ length: 2 * 32 * 32 * 3 }, () => stream.normal()),
      [2, 32, 32, 3],
    );
    const before = tf.memory().numTensors;
    const embedded = tf.tidy(() => encoder.embed(variables, patches, "test").dataSync());
    expect(embedded.length).toBe(2 * 2048);
    expect(embedded.every(Number.isFinite)).toBe(true);
    const target = tf.tensor1d([0, 1]);
    const loss = () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => {
            const logits = tf.mean(encoder.embed(variables, patches, "train"), 1);
            return tf.mean(tf.squaredDifference(logits, target)) as ReturnType<typeof tf.scalar>;
          },
          trainable.map(({ name }) => variables[name]),
        );
        for (const { name } of trainable) {
          const variable = variables[name];
          variable.assign(tf.sub(variable, tf.mul(grads[variable.name], 0.01)) as typeof variable);
        }
        return value.dataSync()[0];
      });
    const first = loss();
    const second = loss();
    target.dispose();
    expect(second).toBeLessThan(first);
    expect([...variables["stem/mean"].dataSync()].some((value) => value !== 0)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(variables);
    patches.dispose();
  }, 120_000);
});
