// The f32x4 multiply–add that wasm reaches here: so many accumulators, each times x plus x again and again, all in registers. The
// module is written out byte by byte, so that nothing but the loop is measured.

const F32X4_MUL = [0xfd, 0xe6, 0x01];
const F32X4_ADD = [0xfd, 0xe4, 0x01];
const V128_CONST = [0xfd, 0x0c];
const V128 = 0x7b;

const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >> 7)]);

/** run(n): n products and sums in each accumulator; gives a lane of their sum, so that nothing is left out. */
function moduleBytes(accumulators) {
  // Local 0 counts down, 1 is x, the accumulators come after it.
  const sums = Array.from({ length: accumulators }, (_, i) => 2 + i);
  const half = [...V128_CONST, ...new Uint8Array(new Float32Array(4).fill(0.5).buffer)];
  const body = [
    ...leb(1),
    ...leb(1 + accumulators),
    V128,
    ...half,
    ...set(1),
    // loop
    0x03,
    0x40,
    ...sums.flatMap((sum) => [...get(sum), ...get(1), ...F32X4_MUL, ...get(1), ...F32X4_ADD, ...set(sum)]),
    // n -= 1; again while n
    ...get(0),
    0x41,
    0x01,
    0x6b,
    0x22,
    0x00,
    0x0d,
    0x00,
    0x0b,
    ...sums.flatMap((sum, k) => [...get(sum), ...(k ? F32X4_ADD : [])]),
    // f32x4.extract_lane 0
    0xfd,
    0x1f,
    0x00,
    0x0b,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...Buffer.from("run"), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** GFLOP/s, a product and a sum counted as two: the best of many short runs with as many accumulators as fill the latency. */
export function peakOf() {
  const N = 200_000;
  const rates = [8, 10, 12, 13, 14].map((accumulators) => {
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(accumulators))).exports;
    let best = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 40; turn++) {
      const start = performance.now();
      run(N);
      best = Math.min(best, performance.now() - start);
    }
    return (2 * 4 * accumulators * N) / best / 1e6;
  });
  return Math.max(...rates);
}
