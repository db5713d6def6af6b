import type { Bag } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import type { MilModel } from "../cube/mil.js";

/** Refuse a bag that the model was not made for: other channels or features, pixels or patches of another size, points for an image. */
export function checkBag(bag: Bag, { bag: made, spec }: MilModel): void {
  const refuse = (what: string, has: unknown, wants: unknown): never => {
    throw new SpectraError(
      "shape",
      bag.name,
      `${bag.name} has ${what} ${has}, the diagnosis model was made for ${wants}; cut its bags as those of the study were cut`,
    );
  };
  if (bag.geometry !== made.geometry) refuse("the geometry", bag.geometry, made.geometry);
  if (bag.stainModel !== made.stainModel) {
    refuse("a stain by model", bag.stainModel?.slice(0, 12) ?? "none", made.stainModel?.slice(0, 12) ?? "none");
  }
  if (bag.channels !== made.channels) refuse("the channels", `"${bag.channels}"`, `"${made.channels}"`);
  const { featureNames } = bag.patches;
  const other = made.featureNames.findIndex((name, i) => featureNames[i] !== name);
  if (other >= 0 || featureNames.length !== made.featureNames.length) {
    const at = Math.max(0, other);
    refuse(`as feature ${at + 1} of ${featureNames.length}`, `"${featureNames[at]}"`, `"${made.featureNames[at]}"`);
  }
  const differs = (a: number | undefined, b: number | undefined) =>
    a !== undefined && b !== undefined && Math.abs(a / b - 1) > 0.01;
  if (differs(bag.pixelSizeUm, made.pixelSizeUm)) refuse("pixels of (µm)", bag.pixelSizeUm, made.pixelSizeUm);
  if (differs(bag.patchUm, made.patchUm)) refuse("patches of (µm)", bag.patchUm, made.patchUm);
  if (spec.encoder !== "features" && !bag.patches.images) refuse("no pixels in its patches", "", spec.encoder);
}
