// Time of every correction and normalisation, twin and SIMD, on 1024 spectra of 450 bands (950–1816 cm-1, as an FPA gives).
// Each pair must agree before it is timed; where python3 with numpy and scipy is at hand, so must its result.
// Run: npm run build && node bench/correct.js
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { correctMethods } from "../dist/correct/prepare.js";
import { simdKernels } from "../dist/kernels/simd-kernels.js";
import { twinKernels } from "../dist/kernels/twin-kernels.js";
import { normaliseMethods } from "../dist/normalise/prepare.js";
import { python } from "./python.js";

const COUNT = 1024;
const BANDS = 450;
const BLOCK = 256;

const wavenumbers = Float64Array.from({ length: BANDS }, (_, i) => 950 + 1.9285 * i);
const spectra = new Float32Array(COUNT * BANDS);
for (let row = 0; row < COUNT; row++) {
  for (let band = 0; band < BANDS; band++) {
    const x = wavenumbers[band];
    let a = 0.05 + 1e-4 * (x - 950) * (1 + (row % 5));
    for (const [at, width, height] of [
      [1654, 30, 0.5],
      [1545, 30, 0.35],
      [1236, 30, 0.12],
      [1080, 40, 0.1],
    ]) {
      a += (0.6 + (row % 17) / 20) * height * Math.exp(-(((x - at) / width) ** 2));
    }
    // Noise by a formula, so that the peer has the same spectra: the sine of numbers far apart.
    spectra[row * BANDS + band] = a + 2e-3 * Math.sin(12.9898 * band + 78.233 * row + 0.017 * band * row);
  }
}

const rows = [
  ["quality", { position: [1630, 1680], quiet: [1780, 1816] }],
  [
    "keep",
    {
      ranges: [
        [1000, 1340],
        [1490, 1800],
      ],
    },
  ],
  ["resample", { start: 951, stop: 1815, step: 2 }],
  ["resample", { start: 951, stop: 1815, step: 2, interpolation: "cubic" }],
  ["offset", {}],
  ["baseline-two-point", {}],
  ["baseline-linear", { points: [951, 1180, 1480, 1780] }],
  ["baseline-rubberband", {}],
  ["baseline-polynomial", { order: 2 }],
  ["baseline-asymmetric", {}],
  ["smooth", { window: 9 }],
  ["derivative", { window: 9 }],
  ["derivative", { window: 21, order: 5 }],
  ["vector", {}],
  ["amide-i-height", {}],
  ["amide-i-area", {}],
  ["area", {}],
  ["min-max", {}],
  ["snv", {}],
];

/** All spectra through one method, block by block as the pipeline does: the result and µs a spectrum, the best of several. */
function time(make, name, params) {
  const kernels = make();
  const step = { ...correctMethods, ...normaliseMethods }[name].prepare(wavenumbers, params, kernels);
  const outBands = step.wavenumbers.length;
  const values = kernels.float32(COUNT * BANDS);
  values.set(spectra);
  const out = kernels.float32(COUNT * outBands);
  const rejected = kernels.uint8(COUNT);
  const once = () => {
    for (let row = 0; row < COUNT; row += BLOCK) {
      const from = values.subarray(row * BANDS, (row + BLOCK) * BANDS);
      step.mark?.(from, BLOCK, rejected.subarray(row, row + BLOCK));
      step.apply?.(from, BLOCK, out.subarray(row * outBands, (row + BLOCK) * outBands));
    }
  };
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + 400;
  do {
    rejected.fill(0);
    const start = performance.now();
    once();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return { result: step.apply ? out : Float32Array.from(rejected), microseconds: (best * 1000) / COUNT };
}

/** Largest difference over the largest number. */
function difference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let apart = 0;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(a[i]));
    // Math.max hands NaN on, and NaN fails every bound.
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
  }
  return largest === 0 ? apart : apart / largest;
}

const peer = spawnSync(python, [fileURLToPath(new URL("peers/correct.py", import.meta.url))], {
  input: Buffer.from(spectra.buffer),
  maxBuffer: 1 << 26,
});
const peers = peer.status === 0 ? JSON.parse(peer.stdout.toString()) : undefined;

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model.trim()}, one core, Node ${process.versions.node}`,
);
console.log(peers ? `peer: ${peers.versions}` : "no peer: python3 with numpy and scipy is not at hand");
console.log(`${COUNT} spectra of ${BANDS} bands; µs a spectrum, best of the runs in 0.4 s`);
console.log(`${"method".padEnd(66)}${"twin".padStart(8)}${"SIMD".padStart(8)}${"peer".padStart(8)}`);
for (const [name, params] of rows) {
  const twin = time(twinKernels, name, params);
  const simd = time(simdKernels, name, params);
  // Eight roundings to float32 of the largest number.
  const apart = difference(twin.result, simd.result);
  if (!(apart <= 8 * 2 ** -24)) throw new Error(`${name}: SIMD is ${apart} from the twin`);
  const label = `${name} ${JSON.stringify(params)}`;
  const other = peers?.methods[label];
  if (other) {
    const first = simd.result.subarray(0, other.result.length);
    const from = difference(Float64Array.from(other.result), first);
    // One rounding to float32, and for the asymmetric baseline the condition of its system.
    if (!(from <= 1e-6)) throw new Error(`${name}: ${from} from the peer`);
  }
  const figure = (value) => (value === undefined ? "" : value.toFixed(2)).padStart(8);
  console.log(label.padEnd(66) + figure(twin.microseconds) + figure(simd.microseconds) + figure(other?.microseconds));
}
