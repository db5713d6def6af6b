import type { Tile } from "../cube/spectra.js";
import type { CubeReader } from "./open-cube.js";

/** The blocks of a cube from the top to the bottom, each in an array of its own. Between two blocks an abort is heeded. */
export async function* readTiles(
  reader: CubeReader,
  { rows = reader.rowsPerBlock, signal }: { rows?: number; signal?: AbortSignal } = {},
): AsyncGenerator<Tile> {
  const { cube } = reader;
  for (let row = 0; row < cube.rows; row += rows) {
    signal?.throwIfAborted();
    const height = Math.min(rows, cube.rows - row);
    yield { row, rows: height, cols: cube.cols, spectra: reader.read({ row, rows: height }) };
  }
}
