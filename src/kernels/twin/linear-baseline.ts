/**
 * Subtract the straight pieces between neighbouring nodes, the outer ones extended to the ends of the row.
 * `nodes` are band indices, ascending; `ramp[band]` is the place of a band on its piece, 0 at the left node, 1 at the right.
 */
export function linearBaseline(
  values: Float32Array,
  count: number,
  bands: number,
  nodes: Int32Array,
  nodeCount: number,
  ramp: Float32Array,
  out: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    for (let piece = 0; piece < nodeCount - 1; piece++) {
      const left = values[start + nodes[piece]];
      const right = values[start + nodes[piece + 1]];
      const end = piece === nodeCount - 2 ? bands : nodes[piece + 1];
      for (let band = piece === 0 ? 0 : nodes[piece]; band < end; band++) {
        // This form, unlike left + t·(right − left), is exactly zero at both nodes.
        const t = ramp[band];
        out[start + band] = values[start + band] - (left * (1 - t) + right * t);
      }
    }
  }
}
