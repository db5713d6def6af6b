import type { Bag, Instances } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import { type GatheredBags, gatherInstances, type Unit, unitOf } from "../diagnose/gather-instances.js";
import { share } from "./share.js";

/** The bags of a study measured otherwise, as instances in the order of the study, with its labels and patients. */
export function challengeOf(
  { names, instances: { featureNames, label, patient } }: GatheredBags,
  bags: readonly Bag[],
  unit: Unit,
  positive: readonly string[] | undefined,
): Instances {
  // Bags that the study does not have are checked with the others, and come last.
  const places = new Map(names.map((name, place) => [name, place]));
  const place = (bag: Bag) => places.get(unitOf(bag, unit)) ?? names.length;
  const inOrder = [...bags].sort((a, b) => place(a) - place(b));
  const other = gatherInstances(inOrder, { unit, positive });
  const missing = names.filter((name) => !other.names.includes(name));
  if (missing.length) {
    throw new SpectraError(
      "patients",
      "challenge",
      `the challenge has no ${unit} ${missing.slice(0, 5).join(", ")}; it must hold the same ${unit} names as the study`,
    );
  }
  if (other.instances.featureNames.join() !== featureNames.join()) {
    throw new SpectraError(
      "shape",
      "challenge",
      "the bags of the challenge have other features than those of the study",
    );
  }
  return share({ ...other.instances, first: other.instances.first.slice(0, names.length + 1), label, patient });
}
