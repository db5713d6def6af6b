/** Add four f32 to four f64. */
// @ts-expect-error: a decorator of AssemblyScript
export function fold(to: usize, four: v128): void {
  v128.store(to, f64x2.add(v128.load(to), v128.promote_low<f32>(four)));
  const upper = v128.shuffle<i32>(four, four, 2, 3, 0, 1);
  v128.store(to, f64x2.add(v128.load(to, 16), v128.promote_low<f32>(upper)), 16);
}
