import { lengthOf, toWavenumber } from "../cube/axis-unit.js";
import { SpectraError } from "../cube/errors.js";
import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { textAttribute } from "./attribute.js";
import { orderOf, pixelSizeOf } from "./image-axes.js";
import type { Layout } from "./layout.js";

const spectralName = /wave_?(number|length)|energy|raman|frequency|^(nu|lambda|wn)$/i;

/**
 * NeXus: the NXdata group that `default` leads to from the root, else the only one that holds a cube. Its `signal` and `axes`, with
 * NAME_indices where they are given, or in the old form a dataset with signal = 1 and its axes in an attribute with colons or marked by
 * axis = 1, 2, 3. Source: NeXus base class NXdata, 2023.10.
 */
export function nexusLayout(file: Hdf5File): Layout | undefined {
  const groups = file.groups().filter((group) => textAttribute(file.attributes(group), "NX_class") === "NXdata");
  const first = defaultGroup(file);
  const wanted = first === undefined ? undefined : layoutOf(file, first);
  if (wanted) return wanted;
  const [layout, ...more] = groups.flatMap((group) => layoutOf(file, group) ?? []);
  if (!more.length) return layout;
  throw new SpectraError(
    "usage",
    file.path,
    `${file.path} holds several cubes and no default: ${[layout, ...more].map(({ dataset }) => dataset).join(", ")}; ` +
      "say which with --dataset, --axis and --order",
  );
}

/** The group at the end of the chain of `default` attributes; undefined where there is none. */
function defaultGroup(file: Hdf5File): string | undefined {
  let group = "/";
  for (let depth = 0; depth < 8; depth++) {
    const name = textAttribute(file.attributes(group), "default");
    if (name === undefined) break;
    const next = name.startsWith("/") ? name : `${group === "/" ? "" : group}/${name}`;
    try {
      file.attributes(next);
    } catch {
      break;
    }
    group = next;
  }
  return group === "/" ? undefined : group;
}

function layoutOf(file: Hdf5File, group: string): Layout | undefined {
  const about = file.attributes(group);
  const at = (name: string) => file.find(`${group === "/" ? "" : group}/${name}`);
  const members = () => membersOf(file, group);
  const signal = textAttribute(about, "signal");
  const spectra =
    signal === undefined ? members().find(({ attributes }) => Number(attributes.signal) === 1) : at(signal);
  if (!spectra || spectra.shape.length < 2) return undefined;
  const names = axisNames(about.axes ?? spectra.attributes.axes, spectra, members);

  // Which axis spans which dimension: as NAME_indices says, else by its place in the list.
  const spans = new Map<number, { name: string; info: DatasetInfo }>();
  const candidates = [...names, ...Object.keys(about).flatMap((key) => /^(.+)_indices$/.exec(key)?.[1] ?? [])];
  for (const [place, name] of candidates.entries()) {
    const info = name === "." || name === "" ? undefined : at(name);
    const said = about[`${name}_indices`];
    const dimension = said === undefined ? place : Number([said].flat()[0]);
    if (!info || (said === undefined && place >= names.length) || [said].flat().length > 1) continue;
    if (dimension < spectra.shape.length && !spans.has(dimension)) spans.set(dimension, { name, info });
  }
  const dimensions = spectra.shape.map((_, i) => spans.get(i));
  const spectral = spectralDimension(dimensions, file.path);
  if (spectral < 0) return undefined;
  const others = dimensions
    .filter((_, i) => i !== spectral)
    .map((axis) => ({
      name: axis?.name ?? "",
      unit: axis && unitOf(axis.info),
      step: axis && stepOf(file, axis.info),
    }));
  const order = orderOf(spectra.shape.length, spectral, others);
  if (!order) return undefined;
  const { info } = dimensions[spectral]!;
  const edges = info.shape.length === 1 && info.shape[0] === spectra.shape[spectral] + 1;
  return {
    name: "NeXus NXdata",
    dataset: spectra.path,
    axis: edges ? centres(Float64Array.from(file.read(info.path))) : info.path,
    ...(edges && { axisUnits: unitOf(info) }),
    order,
    ...pixelSizeOf(others),
  };
}

const unitOf = ({ attributes }: DatasetInfo) => textAttribute(attributes, "units", "unit");

/** The spectral one: with a unit that is no length, else by its name, else the only one without a unit of length; -1 where that does not tell. */
function spectralDimension(axes: readonly ({ name: string; info: DatasetInfo } | undefined)[], place: string): number {
  const units = axes.map((axis) => axis && unitOf(axis.info));
  const isSpectral = (unit: string | undefined) => {
    if (unit === undefined || lengthOf(unit) !== undefined) return false;
    try {
      return toWavenumber(unit, place) !== undefined;
    } catch {
      return false;
    }
  };
  const byUnit = units.findIndex(isSpectral);
  if (byUnit >= 0) return byUnit;
  const byName = axes.findIndex((axis) => axis && spectralName.test(axis.name));
  if (byName >= 0) return byName;
  const rest = [...axes.keys()].filter((i) => axes[i] && lengthOf(units[i]) === undefined);
  return rest.length === 1 && axes.length > 1 ? rest[0] : -1;
}

/** Names of the axes, one a dimension: a list, a text with colons or commas, or in the old form datasets marked with their dimension. */
function axisNames(said: unknown, spectra: DatasetInfo, members: () => readonly DatasetInfo[]): string[] {
  if (Array.isArray(said) && said.length > 1) return said.map(String);
  if (said !== undefined) {
    return String(Array.isArray(said) ? said[0] : said)
      .replace(/^\[|\]$/g, "")
      .split(/[:,]/)
      .map((name) => name.trim());
  }
  return spectra.shape.map((_, i) => {
    const marked = members().find(({ attributes }) => Number(attributes.axis) === i + 1);
    return marked ? marked.path.split("/").at(-1)! : ".";
  });
}

/** The datasets of a group, behind links too. */
function membersOf(file: Hdf5File, group: string): DatasetInfo[] {
  const inside = (path: string) => (path.replace(/\/[^/]*$/, "") || "/") === group;
  const named = file.datasets().map(({ path }) => path);
  const linked = file.links().map(({ path }) => path);
  return [...named, ...linked].filter(inside).flatMap((path) => file.find(path) ?? []);
}

function stepOf(file: Hdf5File, { path, shape }: DatasetInfo): number | undefined {
  if (shape.length !== 1 || shape[0] < 2) return undefined;
  const values = file.read(path);
  return (values[values.length - 1] - values[0]) / (values.length - 1);
}

const centres = (edges: Float64Array) =>
  Float64Array.from({ length: edges.length - 1 }, (_, i) => (edges[i] + edges[i + 1]) / 2);
