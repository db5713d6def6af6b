import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { textAttribute } from "./attribute.js";
import { orderOf, pixelSizeOf } from "./image-axes.js";
import type { Layout } from "./layout.js";

/**
 * HyperSpy: `/Experiments/NAME/data`, each axis a group `axis-N` with name, size, offset, scale, units and whether it is navigated; an
 * axis that is not uniform is a list `axis` in its group. What the numbers are stands in `metadata/Signal`.
 */
export function hyperspyLayout(file: Hdf5File, datasets: readonly DatasetInfo[]): Layout | undefined {
  const spectra = datasets.find(({ path }) => /^\/Experiments\/[^/]+\/data$/.test(path));
  if (!spectra) return undefined;
  const group = spectra.path.replace(/\/data$/, "");
  const axes = spectra.shape.map((_, i) => attributesOf(file, `${group}/axis-${i}`));
  const spectral = axes.findIndex(({ navigate }) => navigate !== undefined && !isTrue(navigate));
  const others = axes
    .filter((_, i) => i !== spectral)
    .map((axis) => ({
      name: textAttribute(axis, "name") ?? "",
      step: Number(axis.scale),
      unit: textAttribute(axis, "units"),
    }));
  const order = orderOf(spectra.shape.length, spectral, others);
  if (spectral < 0 || !order) return undefined;
  const { offset = 0, scale = 1 } = axes[spectral];
  const listed = `${group}/axis-${spectral}/axis`;
  const axis = file.find(listed)
    ? Float64Array.from(file.read(listed))
    : Float64Array.from({ length: spectra.shape[spectral] }, (_, i) => Number(offset) + i * Number(scale));
  const quantityText = textAttribute(attributesOf(file, `${group}/metadata/Signal`), "quantity");
  return {
    name: "HyperSpy",
    dataset: spectra.path,
    axis,
    axisUnits: textAttribute(axes[spectral], "units"),
    order,
    ...(quantityText && { quantityText }),
    ...pixelSizeOf(others),
  };
}

const isTrue = (value: unknown) => (typeof value === "string" ? /^(true|1)$/i.test(value) : Boolean(Number(value)));

function attributesOf(file: Hdf5File, path: string) {
  return file.groups().includes(path) ? file.attributes(path) : {};
}
