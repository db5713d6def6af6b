import type { CubeKey } from "../cube/identity.js";
import type { AttributeValue } from "./attributes.js";

/** The key of a cube as attributes of a file that was made from it. */
export function cubeAttributes({ content, place, changed, bytes }: CubeKey) {
  return { cube_sha256: content, cube_place: place, cube_changed: changed, cube_bytes: bytes };
}

/** The key that `cubeAttributes` wrote; undefined where a file has none, as those of earlier versions. */
export function cubeOf(attributes: Readonly<Record<string, AttributeValue>>): CubeKey | undefined {
  const { cube_sha256: content, cube_place: place, cube_changed: changed, cube_bytes: bytes } = attributes;
  if (typeof place !== "string" || typeof changed !== "number" || typeof bytes !== "number") return undefined;
  return { content: typeof content === "string" ? content : undefined, place, changed, bytes };
}
