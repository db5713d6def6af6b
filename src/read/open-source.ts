import { openPlain, type PlainDataset } from "../hdf5/open-direct.js";
import type { Unshuffle } from "../hdf5/read-direct.js";
import type { CubeReader } from "./open-cube.js";
import { regionReader, type SpectraFacts } from "./region-reader.js";

/** The spectra of a cube that has been opened, as plain data: posted to a worker, it spares it the library. */
export interface CubeSource extends SpectraFacts {
  readonly dataset: PlainDataset;
}

/** Open the spectra of a source; `read` throws `NotPlain` where only the library can read a chunk, or say what is wrong with it. */
export function openSource(source: CubeSource, quick?: Unshuffle): Pick<CubeReader, "cube" | "read" | "close"> {
  const file = openPlain(source.dataset, quick);
  return {
    cube: source.cube,
    read: regionReader(source, file.read),
    close: file.close,
  };
}
