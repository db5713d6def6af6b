import type { Bag, Patches } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import { isOfStain } from "./patch-features.js";

/** A bag with these of its features, in this order; as it is where it lacks one of them, to be refused by name later. */
export function pickFeatures(bag: Bag, names: readonly string[]): Bag {
  const { featureNames } = bag.patches;
  if (featureNames.join() === names.join() || names.some((name) => !featureNames.includes(name))) return bag;
  const places = names.map((name) => featureNames.indexOf(name));
  const picked = (of: Patches): Patches => {
    const features = new Float32Array(of.count * places.length);
    for (let i = 0; i < of.count; i++) {
      for (const [f, place] of places.entries()) {
        features[i * places.length + f] = of.features[i * featureNames.length + place];
      }
    }
    return { ...of, features, featureNames: names };
  };
  return { ...bag, patches: picked(bag.patches), ...(bag.windows && { windows: picked(bag.windows) }) };
}

/** A bag without the features that are read off the stain, so that a diagnosis learned from it is a witness of its own. */
export function withoutStain(bag: Bag): Bag {
  const names = bag.patches.featureNames.filter((name) => !isOfStain(name));
  if (names.length) return pickFeatures(bag, names);
  const message = `${bag.name} has no features but those of the stain; make the bags with a pipeline that has components`;
  throw new SpectraError("params", bag.name, message);
}
