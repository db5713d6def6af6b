import type { NumericArray } from "./values.js";

/** A box of numbers in an array: the value at (i, j, …) is at offset + i·strides[0] + j·strides[1] + …. */
export interface Placement {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Row-major, the last dimension fastest. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** Numbers that share a cache line of 64 bytes. */
const LINE = 16;

/**
 * Copy a box of numbers to where they belong: `out[to + Σ i·stride] = values[from + Σ i·stride]`.
 * Where the two orders differ it goes by cache lines, so that neither side is walked across lines that are gone again.
 */
export function scatter(
  values: NumericArray,
  from: Placement,
  count: readonly number[],
  out: Float32Array | Int32Array,
  to: Placement,
): void {
  const dimensions = count.flatMap((length, i) =>
    length === 1 ? [] : [{ length, source: from.strides[i], target: to.strides[i] }],
  );
  // The innermost is the dimension whose values lie together in the source, the one before it that of the target.
  dimensions.sort((a, b) => Math.abs(b.target) - Math.abs(a.target));
  const fastest = dimensions.reduce((best, { source }, i) => (source < dimensions[best].source ? i : best), 0);
  const inner = dimensions.splice(fastest, 1)[0] ?? { length: 1, source: 1, target: 1 };
  const middle = inner.target === 1 ? undefined : dimensions.pop();
  const walk = (depth: number, source: number, target: number): void => {
    if (depth === dimensions.length) {
      if (middle) transpose(values, source, out, target, inner, middle);
      else copyLine(values, source, inner.source, out, target, inner.target, inner.length);
      return;
    }
    const { length, source: step, target: stride } = dimensions[depth];
    for (let i = 0; i < length; i++) walk(depth + 1, source + i * step, target + i * stride);
  };
  walk(0, from.offset, to.offset);
}

interface Dimension {
  readonly length: number;
  readonly source: number;
  readonly target: number;
}

function transpose(
  values: NumericArray,
  from: number,
  out: Float32Array | Int32Array,
  to: number,
  inner: Dimension,
  middle: Dimension,
): void {
  for (let first = 0; first < inner.length; first += LINE) {
    const length = Math.min(LINE, inner.length - first);
    for (let i = 0; i < middle.length; i++) {
      const source = from + i * middle.source + first * inner.source;
      const target = to + i * middle.target + first * inner.target;
      for (let j = 0; j < length; j++) out[target + j * inner.target] = values[source + j * inner.source];
    }
  }
}

function copyLine(
  values: NumericArray,
  from: number,
  step: number,
  out: Float32Array | Int32Array,
  to: number,
  stride: number,
  length: number,
): void {
  if (step === 1 && stride === 1 && length >= 32) out.set(values.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) out[to + i * stride] = values[from + i * step];
}
