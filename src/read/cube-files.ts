import { type DatasetInfo, openHdf5 } from "../hdf5/open.js";
import { findLayout } from "./find-layout.js";
import { isTextFile } from "./is-table.js";
import type { LayoutOptions } from "./layout.js";

/** The files besides the one that was opened that a dataset is in. */
export function filesBehind(dataset: DatasetInfo | undefined): string[] {
  const { file, sources = [] } = dataset ?? {};
  return [...(file === undefined ? [] : [file]), ...sources];
}

/**
 * The files besides its own that the spectra of a cube are in: behind an external link, sources of a virtual dataset, external storage.
 * None for most cubes, and for one that cannot be opened: that is told when it is.
 */
export async function otherFiles(path: string, layout: LayoutOptions): Promise<readonly string[]> {
  if (isTextFile(path)) return [];
  try {
    const file = await openHdf5(path, layout);
    try {
      return filesBehind(file.info(findLayout(file, layout).dataset));
    } finally {
      file.close();
    }
  } catch {
    return [];
  }
}
