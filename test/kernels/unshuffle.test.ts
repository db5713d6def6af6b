import { expect, test } from "vitest";
import { random } from "#cube/random";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

/** The bytes of `count` numbers, sorted by their place in the number, as the filter does it. */
const shuffled = (bytes: Uint8Array, count: number) =>
  Uint8Array.from(bytes, (_, at) => bytes[4 * (at % count) + Math.floor(at / count)]);

test.each([twinKernels, simdKernels])("%o puts every number together, at every count around the lanes", (make) => {
  const stream = random("shuffle");
  const kernels = make();
  for (const count of [0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 100]) {
    const numbers = Uint8Array.from({ length: 4 * count }, () => stream.integer(256));
    const planes = kernels.uint8(4 * count);
    planes.set(shuffled(numbers, count));
    const out = kernels.uint8(4 * count + 16).fill(99);
    kernels.unshuffle(planes, count, out);
    expect(out.slice(0, 4 * count)).toEqual(numbers);
    // Nothing is written behind the last number.
    expect([...out.subarray(4 * count)]).toEqual(new Array(16).fill(99));
  }
});
