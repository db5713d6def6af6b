import jstat from "jstat";

/** The quantile of Student's t with `df` degrees of freedom that leaves 2.5 % above it: 2.262 for 9, 1.96 for very many. */
export function studentQuantile(df: number): number {
  return jstat.jStat.studentt.inv(0.975, df);
}
