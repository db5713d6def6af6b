import type { Counts, Figure } from "../cube/findings.js";
import { areaInterval, type Rests, shareInterval, tooFew } from "./interval.js";

/** A share of pixels as a figure, from its value and its values without each patient. */
export function shareFigure(value: number, left: Float64Array, counts: Counts, oneClass: boolean): Figure {
  const rests = { patients: counts.patients, cohort: counts.patients, oneClass };
  return figureOf(value, counts, rests, () =>
    shareInterval(value, left, { patients: counts.patients, units: counts.pixels }),
  );
}

/** An area under the curve as a figure; `rests.patients` are those of the rarer side. */
export function areaFigure(value: number, left: Float64Array, counts: Counts, rests: Rests): Figure {
  return figureOf(value, counts, rests, () => areaInterval(value, left, rests));
}

function figureOf(
  value: number,
  counts: Counts,
  rests: Rests,
  intervalOf: () => [low: number, high: number] | undefined,
): Figure {
  if (!Number.isFinite(value)) return { value: null, unit: "1", counts, reason: "there is no pixel to count" };
  const few = tooFew(rests);
  const interval = (few?.interval ?? true) ? intervalOf() : undefined;
  const reason = few?.reason ?? (interval ? undefined : "no interval: without one of the patients there is no figure");
  return { value, unit: "1", counts, ...(interval && { interval }), ...(reason && { reason }) };
}
