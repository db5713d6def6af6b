// The f32x4 multiply–add that wasm reaches here: eight accumulators, each taking the product of one of four vectors with one of two,
// all in registers. The module is written out byte by byte, so that nothing but the loop is measured.

const F32X4_MUL = [0xfd, 0xe6, 0x01];
const F32X4_ADD = [0xfd, 0xe4, 0x01];
const V128_XOR = [0xfd, 0x51];
const V128_CONST = [0xfd, 0x0c];
const V128 = 0x7b;
const LEFT = 4;
const RIGHT = 2;

const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >> 7)]);

/** run(n): n times eight products and sums; gives a lane of their sum, so that nothing is left out. */
function moduleBytes() {
  // Local 0 counts down; then the left vectors, the right ones, the accumulators, and one that is xored in to keep products apart.
  const left = (i) => 1 + i;
  const right = (j) => 1 + LEFT + j;
  const sum = (i, j) => 1 + LEFT + RIGHT + i * RIGHT + j;
  const change = 1 + LEFT + RIGHT + LEFT * RIGHT;
  const pairs = [...Array(LEFT * RIGHT).keys()].map((k) => [Math.floor(k / RIGHT), k % RIGHT]);
  const ones = (x) => [...V128_CONST, ...new Uint8Array(new Float32Array(4).fill(x).buffer)];
  const body = [
    ...leb(1),
    ...leb(change),
    V128,
    ...[...Array(LEFT + RIGHT).keys()].flatMap((i) => [...ones(0.5 + i / 8), ...set(1 + i)]),
    // loop
    0x03,
    0x40,
    ...pairs.flatMap(([i, j]) => [
      ...get(sum(i, j)),
      ...get(left(i)),
      ...get(right(j)),
      ...F32X4_MUL,
      ...F32X4_ADD,
      ...set(sum(i, j)),
    ]),
    // Products of what stays the same would be moved out of the loop.
    ...[0, 1].flatMap((j) => [...get(right(j)), ...get(change), ...V128_XOR, ...set(right(j))]),
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
    ...pairs.flatMap(([i, j], k) => [...get(sum(i, j)), ...(k ? F32X4_ADD : [])]),
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

/** GFLOP/s, a product and a sum counted as two; the best of many short runs. */
export function peakOf() {
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports;
  const N = 200_000;
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 60; turn++) {
    const start = performance.now();
    run(N);
    best = Math.min(best, performance.now() - start);
  }
  return (2 * 4 * LEFT * RIGHT * N) / best / 1e6;
}
