import { closeSync, openSync, readSync, statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { deflateSync, inflateSync } from "node:zlib";
import asc from "assemblyscript/asc";

/** Kernels that do nothing but what is measured; compiled here, so that nothing of it is shipped. */
const source = `
/** A tile of 2 rows × 16 columns in eight sums, as a matrix product has: per step 6 loads from the nearest cache, 64 flop. */
export function multiplyAdd(a: usize, b: usize, steps: i32, times: i32): f32 {
  ${Array.from({ length: 8 }, (_, i) => `let c${i} = f32x4.splat(0);`).join("\n")}
  for (let t = 0; t < times; t++) {
    let q = b;
    for (let p = a, end = a + (<usize>steps << 3); p < end; p += 8, q += 64) {
      ${Array.from({ length: 4 }, (_, i) => `const l${i} = v128.load(q, ${16 * i});`).join("\n")}
      let one = v128.load32_splat(p);
      ${Array.from({ length: 4 }, (_, i) => `c${i} = f32x4.add(c${i}, f32x4.mul(one, l${i}));`).join("\n")}
      one = v128.load32_splat(p, 4);
      ${Array.from({ length: 4 }, (_, i) => `c${i + 4} = f32x4.add(c${i + 4}, f32x4.mul(one, l${i}));`).join("\n")}
    }
  }
  let sum = c0;
  ${Array.from({ length: 7 }, (_, i) => `sum = f32x4.add(sum, c${i + 1});`).join("\n")}
  return f32x4.extract_lane(sum, 0);
}
/** Loads of 8 bytes at places that do not depend on one another, anywhere in 2^bits bytes. */
export function look(base: usize, bits: i32, times: i32): i64 {
  let x: u32 = 1, y: u32 = 77777, z: u32 = 4242, w: u32 = 99;
  let sum: i64 = 0;
  const shift = 32 - bits;
  for (let t = 0; t < times; t++) {
    x = x * 1664525 + 1013904223;
    y = y * 1664525 + 1013904223;
    z = z * 1664525 + 1013904223;
    w = w * 1664525 + 1013904223;
    sum += load<i64>(base + ((x >> shift) & ~7)) + load<i64>(base + ((y >> shift) & ~7));
    sum += load<i64>(base + ((z >> shift) & ~7)) + load<i64>(base + ((w >> shift) & ~7));
  }
  return sum;
}`;

/** The best of several: what the machine can do is not what it does while it is disturbed. */
function bestSeconds(run, rounds = 7) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

async function tiny() {
  const options = { optimizeLevel: 3, runtime: "stub", noAssert: true, enable: ["simd"], initialMemory: 1100 };
  const { binary, stderr } = await asc.compileString(source, options);
  if (!binary) throw new Error(stderr.toString());
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(binary), { env: { abort() {} } });
  return exports;
}

/** Multiply–adds in f32x4, flop/s of one core; and independent 8-byte loads a second from a table of so many bytes. */
export async function wasmLimits(tableBytes) {
  const { multiplyAdd, look } = await tiny();
  const [steps, times] = [128, 20_000];
  const product = () => multiplyAdd(4096, 65536, steps, times);
  // Wasm starts in a quick compiler's code; the better one works on another thread meanwhile.
  product();
  await new Promise((later) => setTimeout(later, 100));
  const bits = Math.max(12, Math.min(26, Math.ceil(Math.log2(tableBytes))));
  return {
    flops: (steps * times * 64) / bestSeconds(product),
    looks: 4e6 / bestSeconds(() => look(65536, bits, 1e6)),
  };
}

/** Bytes copied a second by one core, in its cache (2 × 350 kB) and in memory (2 × 256 MB). */
export function copyLimits() {
  const rate = (bytes, times) => {
    const [from, to] = [new Float32Array(bytes / 4).fill(1), new Float32Array(bytes / 4)];
    const run = () => {
      for (let i = 0; i < times; i++) to.set(from);
    };
    run();
    return (bytes * times) / bestSeconds(run);
  };
  return { cache: rate(350_000, 500), memory: rate(256 << 20, 1) };
}

const PIECE = 4 << 20;

/** Bytes a second of a file that is in the page cache, read in pieces of 4 MiB by one thread. */
export function readLimit(file) {
  const size = statSync(file).size;
  const piece = Buffer.alloc(PIECE);
  const all = () => {
    const handle = openSync(file, "r");
    for (let at = 0; at < size; at += PIECE) readSync(handle, piece, 0, PIECE, at);
    closeSync(handle);
  };
  all();
  return size / bestSeconds(all, 3);
}

/** The same by several threads, each its share of the pieces. */
export async function readLimitOf(file, threads) {
  const size = statSync(file).size;
  const code = `
    const { closeSync, openSync, readSync } = require("node:fs");
    const { parentPort, workerData: { file, size, first, step, piece } } = require("node:worker_threads");
    const buffer = Buffer.alloc(piece);
    parentPort.on("message", () => {
      const handle = openSync(file, "r");
      for (let at = first * piece; at < size; at += step * piece) readSync(handle, buffer, 0, piece, at);
      closeSync(handle);
      parentPort.postMessage("read");
    });`;
  const workers = Array.from(
    { length: threads },
    (_, first) => new Worker(code, { eval: true, workerData: { file, size, first, step: threads, piece: PIECE } }),
  );
  const all = () =>
    Promise.all(
      workers.map((worker) => {
        worker.postMessage("go");
        return new Promise((done) => worker.once("message", done));
      }),
    );
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    await all();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  for (const worker of workers) await worker.terminate();
  return size / best;
}

/** Bytes a second that Node's zlib gives back from float32 spectra, shuffled and deflated as HDF5's gzip does. */
export function inflateLimit(spectra) {
  const bytes = new Uint8Array(spectra.buffer, spectra.byteOffset, Math.min(spectra.byteLength, 4 << 20) & ~3);
  const count = bytes.length / 4;
  const shuffled = Uint8Array.from(bytes, (_, i) => bytes[(i % count) * 4 + Math.floor(i / count)]);
  const packed = deflateSync(shuffled, { level: 4 });
  return bytes.length / bestSeconds(() => inflateSync(packed));
}

/** Bytes a second that Node's zlib deflates at the level of the maps. */
export function deflateLimit(bytes) {
  return bytes.length / bestSeconds(() => deflateSync(bytes, { level: 2 }));
}
