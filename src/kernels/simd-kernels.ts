import { readFileSync } from "node:fs";
import type { Kernels } from "./kernels.js";

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;

let compiled: WebAssembly.Module | undefined;

/** The wasm exports by kernel name: pointers and numbers in. */
type Exports = Record<
  Exclude<keyof Kernels, "name" | "float32" | "float64" | "int32" | "uint8">,
  (...args: number[]) => number
> & {
  heapBase(): number;
};

/** The kernels in AssemblyScript SIMD, in a memory of their own that grows as its room is used. */
export function simdKernels(): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./kernels.wasm", import.meta.url)));
  // A shared memory keeps its views alive when it grows; an ordinary one would detach them.
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  const instance = new WebAssembly.Instance(compiled, { env: { memory, abort: () => undefined } });
  const wasm = instance.exports as unknown as Exports;

  // Growing gives a new buffer object over the same bytes; arrays over every earlier one are still ours.
  const buffers = new WeakSet<ArrayBufferLike>();
  let next = wasm.heapBase();
  const take = (bytes: number): number => {
    const start = next;
    // >>> because beyond 2 GiB the mask would turn negative.
    next = ((start + bytes + 15) & ~15) >>> 0;
    // 16 bytes more than asked, so that a vector load at the very end stays inside.
    const missing = next + 16 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    buffers.add(memory.buffer);
    return start;
  };
  const at = (array: ArrayBufferView): number => {
    if (!buffers.has(array.buffer)) throw new Error("a kernel was given an array from outside its room");
    return array.byteOffset;
  };

  return {
    name: "simd",
    // take() may grow the memory, so it runs before `memory.buffer` is read.
    float32: (length) => ((start) => new Float32Array(memory.buffer, start, length))(take(length * 4)),
    float64: (length) => ((start) => new Float64Array(memory.buffer, start, length))(take(length * 8)),
    int32: (length) => ((start) => new Int32Array(memory.buffer, start, length))(take(length * 4)),
    uint8: (length) => ((start) => new Uint8Array(memory.buffer, start, length))(take(length)),
    vectorNorm: (values, count, bands, out) => wasm.vectorNorm(at(values), count, bands, at(out)),
    areaScale: (values, count, bands, weights, first, length, out) =>
      wasm.areaScale(at(values), count, bands, at(weights), first, length, at(out)),
    asymmetricBaseline: (values, count, bands, penalty, asymmetry, tolerance, cap, scratch, iterations, out) =>
      wasm.asymmetricBaseline(
        at(values),
        count,
        bands,
        at(penalty),
        asymmetry,
        tolerance,
        cap,
        at(scratch),
        at(iterations),
        at(out),
      ),
    // biome-ignore format: one call, in the kernel's order
    checkSpectra: (values, count, bands, stretches, stretchCount, saturated, weights, first, length, minimum, marks, codes) =>
      wasm.checkSpectra(at(values), count, bands, at(stretches), stretchCount, saturated, at(weights), first, length, minimum, at(marks), at(codes)),
    gather: (values, count, bands, stretches, stretchCount, outBands, out) =>
      wasm.gather(at(values), count, bands, at(stretches), stretchCount, outBands, at(out)),
    linearBaseline: (values, count, bands, nodes, nodeCount, ramp, out) =>
      wasm.linearBaseline(at(values), count, bands, at(nodes), nodeCount, at(ramp), at(out)),
    unshuffle: (planes, count, out) => wasm.unshuffle(at(planes), count, at(out)),
    markNotFinite: (values, count, bands, stretches, stretchCount, codes, code) =>
      wasm.markNotFinite(at(values), count, bands, at(stretches), stretchCount, at(codes), code),
    minMax: (values, count, bands, out) => wasm.minMax(at(values), count, bands, at(out)),
    peakScale: (values, count, bands, first, end, out) => wasm.peakScale(at(values), count, bands, first, end, at(out)),
    rubberband: (values, count, bands, wavenumbers, side, hull, out) =>
      wasm.rubberband(at(values), count, bands, at(wavenumbers), side, at(hull), at(out)),
    slidingSum: (values, count, bands, runs, runCount, weights, scratch, outBands, out) =>
      wasm.slidingSum(at(values), count, bands, at(runs), runCount, at(weights), at(scratch), outBands, at(out)),
    snv: (values, count, bands, ddof, out) => wasm.snv(at(values), count, bands, ddof, at(out)),
    subtractFit: (values, count, bands, project, curves, curveCount, amounts, out) =>
      wasm.subtractFit(at(values), count, bands, at(project), at(curves), curveCount, at(amounts), at(out)),
    sumDifferences: (values, count, bands, first, end, weights, taps, scratch, outFirst, outBands, out) =>
      wasm.sumDifferences(
        at(values),
        count,
        bands,
        first,
        end,
        at(weights),
        taps,
        at(scratch),
        outFirst,
        outBands,
        at(out),
      ),
    tidy: (
      values,
      bands,
      rows,
      count,
      stretches,
      stretchCount,
      nodes,
      nodeCount,
      ramp,
      scaling,
      weights,
      first,
      end,
      outBands,
      out,
    ) =>
      wasm.tidy(
        at(values),
        bands,
        at(rows),
        count,
        at(stretches),
        stretchCount,
        at(nodes),
        nodeCount,
        at(ramp),
        scaling,
        at(weights),
        first,
        end,
        outBands,
        at(out),
      ),
    addMoments: (values, count, bands, centre, scratch, sum, cross) =>
      wasm.addMoments(at(values), count, bands, at(centre), at(scratch), at(sum), at(cross)),
    project: (values, count, bands, mean, loadings, components, scratch, out, squares) =>
      wasm.project(at(values), count, bands, at(mean), at(loadings), components, at(scratch), at(out), at(squares)),
    growTree: (
      bins,
      rows,
      features,
      classes,
      drawn,
      count,
      tried,
      minLeaf,
      maxDepth,
      seed,
      scratch,
      tree,
      counts,
      importances,
    ) =>
      wasm.growTree(
        at(bins),
        rows,
        features,
        classes,
        at(drawn),
        count,
        tried,
        minLeaf,
        maxDepth,
        seed,
        at(scratch),
        at(tree),
        at(counts),
        at(importances),
      ),
    voteOutOfBag: (bins, rows, classes, list, count, tree, ballots, votes) =>
      wasm.voteOutOfBag(at(bins), rows, classes, at(list), count, at(tree), at(ballots), at(votes)),
    predictForest: (
      nodes,
      leaf,
      starts,
      trees,
      distributions,
      classes,
      columns,
      columnCount,
      thresholds,
      scores,
      count,
      features,
      scratch,
      out,
    ) =>
      wasm.predictForest(
        at(nodes),
        at(leaf),
        at(starts),
        trees,
        at(distributions),
        classes,
        at(columns),
        columnCount,
        at(thresholds),
        at(scores),
        count,
        features,
        at(scratch),
        at(out),
      ),
  };
}
