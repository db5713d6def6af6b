import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { hyperspyLayout } from "./hyperspy-layout.js";
import type { Layout, Order } from "./layout.js";
import { nexusLayout } from "./nexus-layout.js";

/** Names by which programs are known to store a cube and its axis; the first that fits is taken. */
const signatures: readonly { name: string; dataset: string; axis: string }[] = [
  { name: "spectrastain", dataset: "/cube", axis: "/wavenumbers" },
  // agilent-ir-formats and PyIR share their names; the number of dimensions tells them apart.
  { name: "Agilent or PyIR", dataset: "/data/intensities", axis: "/data/xvalues" },
  { name: "OpenVibSpec", dataset: "/HyperSpecCube", axis: "/WVN" },
  { name: "IRmHiRegistration", dataset: "/C", axis: "/WN" },
  { name: "hyperspectral image", dataset: "/SpectralImage", axis: "/Wavelengths" },
];

/** Find the spectra in a file by what programs are known to write; undefined when nothing is known. */
export function knownLayout(file: Hdf5File): Layout | undefined {
  const datasets = file.datasets();
  const at = (path: string) => file.find(path);
  for (const { name, dataset, axis } of signatures) {
    const spectra = at(dataset);
    if (!spectra || !at(axis) || spectra.shape.length < 2 || spectra.shape.length > 3) continue;
    return {
      name: isMatlab(spectra) ? `${name} (MATLAB v7.3)` : name,
      dataset,
      axis,
      order: usualOrder(spectra),
      ...imageSize(file, datasets, spectra),
    };
  }
  return nexusLayout(file) ?? hyperspyLayout(file, datasets);
}

/** MATLAB marks what it writes, and stores the dimensions in reverse. */
export function isMatlab({ attributes }: DatasetInfo): boolean {
  return attributes.MATLAB_class !== undefined;
}

/** Rows, cols, bands or pixels, bands as most programs write; the reverse in a MATLAB file. */
export function usualOrder(dataset: DatasetInfo): Order {
  if (dataset.shape.length === 2) return isMatlab(dataset) ? "bp" : "pb";
  return isMatlab(dataset) ? "bcr" : "rcb";
}

/** PyIR: the size of the image beside a list of pixels. */
function imageSize(file: Hdf5File, datasets: readonly DatasetInfo[], spectra: DatasetInfo) {
  const named = ["/data/xpixels", "/data/ypixels"];
  if (spectra.shape.length !== 2 || !named.every((path) => datasets.some((dataset) => dataset.path === path)))
    return {};
  const [cols, rows] = named.map((path) => Number(file.read(path)[0]));
  return { rows, cols };
}
