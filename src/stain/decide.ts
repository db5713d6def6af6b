import { reasonCode } from "../cube/rejected.js";

const UNCLASSIFIED = reasonCode("unclassified");

/**
 * Give every kept pixel of a block the label value of its most probable class; of equally probable classes the first.
 * A pixel whose best class is less probable than `threshold`, or that has no probabilities but NaN, gets the reason "unclassified"
 * and label value 0. A pixel that already has a reason keeps it, and gets label value 0.
 *
 * `probabilities[pixel * labels.length + k]` belongs to label value `labels[k]`; `rejected` and `classes` hold one value a pixel and
 * are written in place, nothing is allocated.
 */
export function decide(
  probabilities: Float32Array,
  count: number,
  labels: Uint8Array,
  threshold: number,
  rejected: Uint8Array,
  classes: Uint8Array,
): void {
  const size = labels.length;
  for (let pixel = 0, start = 0; pixel < count; pixel++, start += size) {
    classes[pixel] = 0;
    if (rejected[pixel] !== 0) continue;
    let best = -1;
    let highest = -1;
    for (let k = 0; k < size; k++) {
      if (probabilities[start + k] > highest) {
        highest = probabilities[start + k];
        best = k;
      }
    }
    if (best < 0 || highest < threshold) rejected[pixel] = UNCLASSIFIED;
    else classes[pixel] = labels[best];
  }
}
