import { SpectraError } from "../cube/errors.js";
import type { CubeKey } from "../cube/identity.js";
import { type Made, ofCube } from "./made.js";

/** The cube that a map is looked for. */
export interface Wanted {
  readonly file: string;
  /** What its outputs would be called. */
  readonly name: string;
  readonly patient?: string;
  readonly cube: CubeKey;
  /** Key of the model that must have stained it. */
  readonly model?: string;
}

/**
 * The map of a cube among those of a folder, found by the keys of cube and model that stand in it, whatever it is called; undefined where
 * there is none. A map by another model is refused, and so is one of the same name that is another cube's, with both named.
 */
export function findMap(maps: readonly Made[], wanted: Wanted): Made | undefined {
  const { file, name, patient, cube, model } = wanted;
  const own = ofCube(maps, cube);
  const found = own.find((map) => map.model === model);
  if (found) return found;
  if (own.length) {
    const [{ path, model: by }] = own;
    throw new SpectraError(
      "labels",
      file,
      `${path} is a map of ${file}, but it was stained with another model (${short(by)}) than this one (${short(model)}); stain it anew with this model`,
    );
  }
  const namesake = maps.find((map) => map.source === file) ?? maps.find((map) => likeName(map.name, name));
  if (!namesake) return undefined;
  if (!namesake.cube) {
    const message = `${namesake.path} was made by an earlier version and does not say which cube it is of; stain it anew`;
    throw new SpectraError("format", file, message);
  }
  throw new SpectraError(
    "format",
    file,
    `${namesake.path} is the map of ${whose(namesake.source, namesake.patient)}, not of ${whose(file, patient)}${
      namesake.source === file ? " as it is now: the file has changed since" : ""
    }; stain this cube with the model, into the same folder or another`,
  );
}

const whose = (file: string, patient?: string) => (patient === undefined ? file : `${file} (patient ${patient})`);

const short = (key: string | undefined) => (key === undefined ? "unknown" : key.slice(0, 12));

/** Whether two names are one, but for a piece of a hash behind one of them that tells files of one name apart. */
function likeName(a: string, b: string): boolean {
  const plain = (name: string) => name.replace(/-[0-9a-f]{6,64}$/, "");
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return one === other || plain(one) === other || one === plain(other);
}
