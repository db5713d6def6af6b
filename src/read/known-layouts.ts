import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import type { Layout, Order } from "./layout.js";

/** Names by which programs are known to store a cube and its axis; the first that fits is taken. */
const signatures: readonly { name: string; dataset: string; axis: string; mask?: string; labels?: string }[] = [
  { name: "spectrastain", dataset: "/cube", axis: "/wavenumbers", mask: "/mask", labels: "/labels" },
  // agilent-ir-formats and PyIR share their names; the number of dimensions tells them apart.
  { name: "Agilent or PyIR", dataset: "/data/intensities", axis: "/data/xvalues", mask: "/data/tissue_mask" },
  { name: "OpenVibSpec", dataset: "/HyperSpecCube", axis: "/WVN" },
  { name: "IRmHiRegistration", dataset: "/C", axis: "/WN" },
  { name: "hyperspectral image", dataset: "/SpectralImage", axis: "/Wavelengths" },
];

/** Find the spectra in a file by what programs are known to write; undefined when nothing is known. */
export function knownLayout(file: Hdf5File): Layout | undefined {
  const datasets = file.datasets();
  const at = (path: string) => datasets.find((dataset) => dataset.path === path);
  for (const { name, dataset, axis, mask, labels } of signatures) {
    const spectra = at(dataset);
    if (!spectra || !at(axis) || spectra.shape.length < 2 || spectra.shape.length > 3) continue;
    return {
      name: isMatlab(spectra) ? `${name} (MATLAB v7.3)` : name,
      dataset,
      axis,
      order: usualOrder(spectra),
      ...imageSize(file, datasets, spectra),
      ...(mask && at(mask) && { mask }),
      ...(labels && at(labels) && { labels }),
    };
  }
  return nexusLayout(file, datasets) ?? hyperspyLayout(file, datasets);
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

/** An NXdata group names its signal and its axes; the axis in cm-1, or named for energy or wavenumber, is the spectral one. */
function nexusLayout(file: Hdf5File, datasets: readonly DatasetInfo[]): Layout | undefined {
  for (const group of groupsOf(datasets)) {
    const { NX_class: kind, signal, axes } = file.attributes(group);
    if (kind !== "NXdata" || typeof signal !== "string" || axes === undefined) continue;
    const find = (name: string) => datasets.find(({ path }) => path === `${group === "/" ? "" : group}/${name}`);
    const spectra = find(signal);
    const names = [axes].flat().map(String);
    const spectral = names.findIndex((name) => {
      const axis = find(name);
      return (
        axis &&
        (/cm|1\/|wavenumber/i.test(String(axis.attributes.units ?? "")) || /wavenumber|energy|wavelength/i.test(name))
      );
    });
    if (!spectra || spectral < 0 || names.length !== spectra.shape.length) continue;
    const order = orderWithBandsAt(spectral, spectra.shape.length);
    if (order) return { name: "NeXus NXdata", dataset: spectra.path, axis: find(names[spectral])!.path, order };
  }
  return undefined;
}

/** HyperSpy: `/Experiments/NAME/data`, each axis a group `axis-N` with size, offset, scale and whether it is navigated. */
function hyperspyLayout(file: Hdf5File, datasets: readonly DatasetInfo[]): Layout | undefined {
  const spectra = datasets.find(({ path }) => /^\/Experiments\/[^/]+\/data$/.test(path));
  if (!spectra) return undefined;
  const group = spectra.path.replace(/\/data$/, "");
  const axes = spectra.shape.map((_, i) => {
    try {
      return file.attributes(`${group}/axis-${i}`);
    } catch {
      return {};
    }
  });
  const spectral = axes.findIndex(({ navigate }) => navigate !== undefined && !Number(navigate) && navigate !== "True");
  const order = orderWithBandsAt(spectral, spectra.shape.length);
  if (spectral < 0 || !order) return undefined;
  const [offset, scale] = [Number(axes[spectral].offset), Number(axes[spectral].scale)];
  const axis = Float64Array.from({ length: spectra.shape[spectral] }, (_, i) => offset + i * scale);
  return { name: "HyperSpy", dataset: spectra.path, axis, order };
}

/** The order with the bands at one place and the others rows before cols. */
function orderWithBandsAt(place: number, dimensions: number): Order | undefined {
  return ({ 3: ["brc", "rbc", "rcb"], 2: ["bp", "pb"] } as const)[dimensions]?.[place];
}

function groupsOf(datasets: readonly DatasetInfo[]): Set<string> {
  return new Set(datasets.map(({ path }) => path.replace(/\/[^/]*$/, "") || "/"));
}
