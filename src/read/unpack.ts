import { SpectraError } from "../cube/errors.js";
import type { AttributeValue, DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { attribute } from "./attribute.js";

/** How stored numbers become what they stand for: NaN where they are missing or not valid, else number × factor + offset. */
export interface Unpacking {
  readonly factor: number;
  readonly offset: number;
  /** Stored numbers that stand for "not measured". */
  readonly missing: readonly number[];
  /** Stored numbers outside are no measurement. */
  readonly valid: readonly [low: number, high: number];
  /** In words, for `inspect`. */
  readonly said: string;
}

/** Attributes by which a dataset may be scaled in ways that nobody has written down: refused unless they change nothing. */
const unclear = ["scale", "scaling", "multiplier", "slope", "intercept", "bias"];

/**
 * What the attributes of a dataset say that its stored numbers stand for, undefined where they say nothing: `scale_factor`, `add_offset`,
 * `_FillValue`, `missing_value`, `valid_range`, `valid_min`, `valid_max` of netCDF's conventions, `scaling_factor` and `offset` of NeXus,
 * `Scale_Factor` (divides) and `Data_Ignore_Value` of NEON.
 * Source: CF Conventions 1.11, 2.5.1 and 8.1.
 */
export function unpackingOf(file: Hdf5File, dataset: DatasetInfo): Unpacking | undefined {
  const { attributes, path } = dataset;
  const place = `${path} of ${file.path}`;
  const one = (...names: string[]) => {
    const found = attribute(attributes, ...names);
    return found && { name: found.name, value: numberIn(found.value, found.name, place, file.path) };
  };
  const scale = one("scale_factor", "scaling_factor");
  const shift = one("add_offset") ?? (scale && one("offset"));
  for (const name of scale ? unclear : [...unclear, "offset"]) {
    const found = attribute(attributes, name);
    if (!found || [found.value].flat().every((value) => !Number.isFinite(Number(value)))) continue;
    const neutral = /^(slope|scale|scaling|multiplier)$/.test(name) ? 1 : 0;
    if ([found.value].flat().every((value) => Number(value) === neutral)) continue;
    throw new SpectraError(
      "unit",
      file.path,
      `${place} has the attribute ${found.name} = ${found.value}, and nothing tells what to do with it; ` +
        "call it scale_factor (multiplies) or add_offset (is added), or set it to what changes nothing",
    );
  }
  // NEON's numbers are to be divided; it writes capitals, and a factor that makes numbers larger.
  const divides = scale !== undefined && scale.name !== "scale_factor" && /^scale/i.test(scale.name) && scale.value > 1;
  const factor = scale ? (divides ? 1 / scale.value : scale.value) : 1;
  const offset = shift?.value ?? 0;
  if (!(Number.isFinite(factor) && factor !== 0 && Number.isFinite(offset))) {
    throw new SpectraError("unit", file.path, `${place} is scaled by ${factor} and ${offset}, which gives no numbers`);
  }
  const missing = ["_FillValue", "missing_value", "Data_Ignore_Value", "no_data_value", "nodata"].flatMap((name) => {
    const found = attribute(attributes, name);
    return found ? [found.value].flat().map(Number) : [];
  });
  const range = attribute(attributes, "valid_range")?.value;
  const [low, high] = Array.isArray(range) && range.length === 2 ? range.map(Number) : [undefined, undefined];
  const valid = [
    low ?? one("valid_min")?.value ?? Number.NEGATIVE_INFINITY,
    high ?? one("valid_max")?.value ?? Number.POSITIVE_INFINITY,
  ] as const;
  const bounded = valid.some(Number.isFinite);
  // NaN is not a number already.
  const marks = [...new Set(missing.filter((value) => !Number.isNaN(value)))].map(Math.fround);
  if (factor === 1 && offset === 0 && !marks.length && !bounded) return undefined;
  const parts = [
    scale && `${divides ? "÷" : "×"} ${scale.value} (${scale.name})`,
    shift && `+ ${shift.value} (${shift.name})`,
    marks.length && `${marks.join(", ")} not measured`,
    bounded && `valid from ${valid[0]} to ${valid[1]}`,
  ];
  return { factor, offset, missing: marks, valid, said: parts.filter(Boolean).join(", ") };
}

function numberIn(value: AttributeValue, name: string, place: string, file: string): number {
  const list = [value].flat();
  const number = Number(list[0]);
  if (list.length === 1 && Number.isFinite(number)) return number;
  throw new SpectraError(
    "unit",
    file,
    `the attribute ${name} of ${place} is ${list.slice(0, 4).join(", ")}${list.length > 4 ? " …" : ""}; only a single number is understood`,
  );
}

/** Unpack stored numbers in place. */
export function unpack(values: Float32Array, { factor, offset, missing, valid: [low, high] }: Unpacking): void {
  const [first, ...more] = missing;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const gone = value === first || value < low || value > high || more.includes(value);
    values[i] = gone ? Number.NaN : value * factor + offset;
  }
}
