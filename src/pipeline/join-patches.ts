import type { Patches } from "../cube/bag.js";
import { joinFloats } from "../cube/join-floats.js";

/** The patches of several cubes of one case as one list, cube after cube. */
export function joinPatches(parts: readonly Patches[]): Patches {
  if (parts.length === 1) return parts[0];
  const [first] = parts;
  const floats = (values: (part: Patches) => Float32Array) => joinFloats(parts.map(values));
  return {
    ...first,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    coords: Int32Array.from(parts.flatMap(({ coords }) => [...coords])),
    features: floats(({ features }) => features),
    spectra: floats(({ spectra }) => spectra),
    tissue: floats(({ tissue }) => tissue),
    mix: floats(({ mix }) => mix),
    images: first.images && { ...first.images, values: floats(({ images }) => images!.values) },
  };
}
