import { type Gaps, segments } from "../../cube/axis.js";

/** A point of a curve over the wavenumber axis; `low` and `high` bound a band around it. */
export interface CurvePoint {
  readonly wavenumber: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A spectrum as points, with a hole wherever the axis has a gap, so that no line is drawn where nothing was measured. Gaps are told from
 * the spacing if not given.
 * `spread` is laid to both sides of every value; none if not given.
 */
export function curve(
  wavenumbers: readonly number[],
  values: readonly number[],
  spread?: readonly number[],
  gaps?: Gaps,
): CurvePoint[] {
  return segments(wavenumbers, gaps).flatMap(([start, end]) => {
    const points: CurvePoint[] = [];
    for (let band = start; band < end; band++) {
      const half = spread?.[band] ?? 0;
      const value = values[band];
      points.push({ wavenumber: wavenumbers[band], value, low: value - half, high: value + half });
    }
    points.push({ wavenumber: (wavenumbers[end - 1] + (wavenumbers[end] ?? wavenumbers[end - 1])) / 2, ...hole });
    return points;
  });
}

const hole = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
