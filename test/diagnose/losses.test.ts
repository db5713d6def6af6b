import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HeadKind } from "#cube/mil";
import { random } from "#cube/random";
import { defaultSpec } from "#diagnose/default-spec";
import { type Loss, lossAt, lossOf, meanLoss } from "#diagnose/losses";
import { networkOf } from "#diagnose/network";
import { openBackend } from "#diagnose/open-backend";

const { tf } = await openBackend("wasm");

test("focal loss without focus and balance is cross-entropy to 1e-12", () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), fc.constantFrom(0, 1), (logit, label) => {
      const plain = lossAt(logit, label, { kind: "cross-entropy" });
      expect(Math.abs(lossAt(logit, label, { kind: "focal", gamma: 0, alpha: "off" }) - plain)).toBeLessThan(1e-12);
    }),
  );
});

test("cross-entropy of an even chance is ln 2; focal loss takes a quarter of it, weighted by alpha", () => {
  expect(lossAt(0, 1, { kind: "cross-entropy" })).toBeCloseTo(Math.LN2, 12);
  expect(lossAt(0, 1, { kind: "focal", gamma: 2, alpha: 0.426 })).toBeCloseTo(0.426 * 0.25 * Math.LN2, 12);
  expect(lossAt(0, 0, { kind: "focal", gamma: 2, alpha: 0.426 })).toBeCloseTo(0.574 * 0.25 * Math.LN2, 12);
});

test("a balanced alpha is the share of the negatives: 26 of 61", () => {
  const labels = Uint8Array.from({ length: 61 }, (_, bag) => (bag < 35 ? 1 : 0));
  expect(lossOf(defaultSpec("top-k"), labels)).toMatchObject({ kind: "focal", gamma: 2, alpha: 26 / 61 });
});

test("the tensors give the mean of the definition", () => {
  const stream = random("losses");
  const logits = Float32Array.from({ length: 40 }, () => 6 * stream.normal());
  const labels = Float32Array.from({ length: 40 }, () => stream.integer(2));
  const losses: Loss[] = [
    { kind: "cross-entropy" },
    { kind: "focal", gamma: 2, alpha: 0.3 },
    { kind: "focal", gamma: 1.5, alpha: "off" },
  ];
  for (const loss of losses) {
    const found = tf.tidy(() => meanLoss(tf, tf.tensor1d(logits), tf.tensor1d(labels), loss).dataSync()[0]);
    const wanted = logits.reduce((sum, logit, i) => sum + lossAt(logit, labels[i], loss), 0) / 40;
    // Float32 against Float64.
    expect(found).toBeCloseTo(wanted, 5);
  }
});

describe("gradients agree with finite differences to 1e-4", () => {
  const heads: HeadKind[] = ["top-k", "mean", "attention", "gated-attention", "clam", "supervised"];
  test.each(heads)("of the head %s", (head) => {
    const spec = { ...defaultSpec(head), hidden: 5 };
    const network = networkOf(tf, spec, [4]);
    const stream = random(`gradients/${head}`);
    const patches = Float32Array.from({ length: 12 * 4 }, () => stream.normal());
    // A rectifier has no derivative at its corner: half of the units are kept well above it, half well below.
    const start = network.parameters.map(({ name, start: draw }) =>
      name === "embed/b" ? Float32Array.of(6, 6, 6, -6, 6) : draw(stream.fork(name)).map((w) => w / 2),
    );
    const attention = Float32Array.from({ length: 12 }, (_, i) => (i + 1) / 78);
    const loss = (...weights: ReturnType<typeof tf.tensor>[]) => {
      const held = Object.fromEntries(network.parameters.map(({ name }, p) => [name, weights[p]]));
      const embedded = network.encoder.embed(held, tf.tensor(patches, [12, 4]), "train");
      const logits = ["top-k", "supervised"].includes(head)
        ? network.patchLogits(held, embedded)
        : network.bag(held, embedded).logit;
      const truth = tf.cast(tf.greaterEqual(logits, -100), "float32");
      const ofBag = meanLoss(tf, logits, truth, lossOf(spec, [0, 1, 1]));
      const ofPatches = network.instanceLoss?.(held, embedded, attention, 1);
      return ofPatches ? tf.add(ofBag, ofPatches) : ofBag;
    };
    const tensors = (values: readonly Float32Array[]) =>
      values.map((of, p) => tf.tensor(of, [...network.parameters[p].shape]));
    const at = (values: readonly Float32Array[]) => tf.tidy(() => loss(...tensors(values)).dataSync()[0]);
    const slopes = tf.tidy(() =>
      tf
        .grads((...weights) => loss(...weights))(tensors(start))
        .map((of) => Float32Array.from(of.dataSync())),
    );
    // Four points, so that the error is of the order h⁴ = 1.6e-7; Float32 leaves about 1e-7 / h = 5e-6 of noise.
    const h = 0.02;
    let checked = 0;
    for (const [p, values] of start.entries()) {
      for (let i = 0; i < values.length; i += Math.max(1, Math.floor(values.length / 7))) {
        const moved = (by: number) => start.map((of, q) => (q === p ? of.map((v, j) => (j === i ? v + by : v)) : of));
        const near = at(moved(h)) - at(moved(-h));
        const far = at(moved(2 * h)) - at(moved(-2 * h));
        const difference = (8 * near - far) / (12 * h);
        expect(Math.abs(slopes[p][i] - difference)).toBeLessThan(1e-4);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(10);
  });
});
