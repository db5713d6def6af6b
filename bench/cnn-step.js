// One training step of the small network over pixels (32 patches of 32 × 32 × 8: forward, backward, Adam), on TensorFlow.js with wasm and
// in PyTorch on the CPU, from the same weights; first that both come to the same losses, then their times in turn.
// Run: npm run build && node bench/cnn-step.js        the peer: apt install python3-torch

import { random } from "#cube/random";
import { adam } from "#diagnose/adam";
import { defaultSpec } from "#diagnose/default-spec";
import { registerFilterGradient } from "#diagnose/filter-gradient";
import { meanLoss } from "#diagnose/losses";
import { networkOf } from "#diagnose/network";
import { openBackend } from "#diagnose/open-backend";
import { missing, startPeer } from "./python.js";
import { printTable, say, title } from "./table.js";

const [BATCH, EDGE, CHANNELS] = [32, 32, 8];
const ROUNDS = 7;
const STEPS = 20;

const advice = missing("torch");
if (advice) {
  say(`no PyTorch here: ${advice}`);
  process.exit(0);
}
title();

const { tf } = await openBackend("wasm");
registerFilterGradient(tf);
const spec = { ...defaultSpec("top-k", "cnn"), learningRate: 1e-3, weightDecay: 1e-4 };
const network = networkOf(tf, spec, [EDGE, EDGE, CHANNELS]);
const stream = random("cnn step");
const weights = network.parameters.map(({ name, shape, start }) => [name, shape, [...start(stream.fork(name))]]);
const x = Array.from({ length: BATCH * EDGE * EDGE * CHANNELS }, () => Math.fround(stream.normal()));
const y = Array.from({ length: BATCH }, (_, i) => i % 2);

/** The step of TensorFlow.js, from the first weights on. */
function ours() {
  const variables = Object.fromEntries(
    weights.map(([name, shape, values]) => [name, tf.tidy(() => tf.variable(tf.tensor(values, shape)))]),
  );
  const optimiser = adam(tf, variables, { rate: spec.learningRate, decay: spec.weightDecay });
  const patches = tf.tensor(x, [BATCH, EDGE, EDGE, CHANNELS]);
  const truth = tf.tensor1d(y);
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const logits = network.patchLogits(variables, network.encoder.embed(variables, patches, "train"));
        return meanLoss(tf, logits, truth, { kind: "cross-entropy" });
      });
      optimiser.step(grads);
      return value.dataSync()[0];
    });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rows = [];
for (const threads of [1, 2]) {
  const peer = startPeer("cnn_step.py", []);
  const shape = [BATCH, EDGE, EDGE, CHANNELS];
  await peer.ask({ weights, x, y, shape, threads, rate: spec.learningRate, decay: spec.weightDecay });
  const step = ours();
  const { losses } = await peer.ask({ steps: STEPS });
  const apart = Math.max(...losses.map((loss) => Math.abs(step() - loss)));
  if (apart > 1e-4)
    throw new Error(`the losses of ${STEPS} steps are ${apart} apart: what follows would compare two networks`);
  const [mine, theirs] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    for (let i = 0; i < STEPS; i++) step();
    mine.push((performance.now() - started) / STEPS);
    theirs.push((1000 * (await peer.ask({ steps: STEPS })).seconds) / STEPS);
  }
  peer.end();
  const ratio = median(theirs) / median(mine);
  rows.push([
    `${threads}`,
    apart.toExponential(0),
    median(mine).toFixed(1),
    median(theirs).toFixed(1),
    `${ratio.toFixed(2)}×`,
  ]);
}
printTable(["threads of PyTorch", "losses apart", "wasm, 1 thread / ms", "PyTorch / ms", "PyTorch over wasm"], rows);
