import { SpectraError } from "../cube/errors.js";
import type { Hdf5File } from "./open.js";

const kinds = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
} as const;

type Kinds = { [K in keyof typeof kinds]: InstanceType<(typeof kinds)[K]> };

/** A dataset of our own files, of the type and, where it is given, the length that it must have; `name` is what the file is, such as a model. */
export function readArray<K extends keyof Kinds>(
  file: Hdf5File,
  path: string,
  kind: K,
  name: string,
  length?: number,
): Kinds[K] {
  const damaged = (what: string) =>
    new SpectraError("format", file.path, `${file.path} is a damaged ${name}: ${path} ${what}; make it anew`);
  const { shape, type } = file.info(path);
  const values = shape.reduce((a, b) => a * b, 1);
  // Asked before room is made for it.
  if (type !== kind) throw damaged(`is ${type} instead of ${kind}`);
  if (length !== undefined && values !== length) throw damaged(`has ${values} values instead of ${length}`);
  return file.read(path) as Kinds[K];
}
