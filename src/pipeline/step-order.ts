import { correctMethods } from "../correct/prepare.js";
import { SpectraError } from "../cube/errors.js";
import type { Quantity } from "../cube/spectra.js";
import type { Step } from "../cube/step.js";
import { normaliseMethods } from "../normalise/prepare.js";

/**
 * What the numbers are after some steps, absorbance going in. A step that takes something else than the steps before it give is
 * refused, with both named: its limits or its arithmetic would look at numbers that they are not meant for.
 */
export function quantityAfter(steps: readonly Step[], place: string): Quantity {
  let quantity: Quantity = "absorbance";
  let giver = "";
  for (const [index, step] of steps.entries()) {
    const { takes, gives } = (step.step === "correct" ? correctMethods : normaliseMethods)[step.method];
    const name = `step ${index + 1} (${step.method})`;
    if (!takes.includes(quantity)) {
      const message = `${name} takes ${takes.join(" or ")}, ${giver} gives ${quantity}; put it before`;
      throw new SpectraError("params", place, `${place}: ${message}`);
    }
    const given: Quantity = gives?.(quantity, step.params) ?? quantity;
    if (given !== quantity) giver = name;
    quantity = given;
  }
  return quantity;
}
