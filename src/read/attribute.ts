import type { AttributeValue } from "../hdf5/open.js";

type Attributes = Readonly<Record<string, AttributeValue>>;

const keyOf = (name: string) => name.toLowerCase().replace(/[ _-]+/g, "");

/** An attribute by one of its names, whatever its case and with blanks, hyphens or underscores; the first name that is there counts. */
export function attribute(
  attributes: Attributes,
  ...names: string[]
): { name: string; value: AttributeValue } | undefined {
  for (const wanted of names) {
    const name = Object.keys(attributes).find((one) => keyOf(one) === keyOf(wanted));
    if (name !== undefined) return { name, value: attributes[name] };
  }
  return undefined;
}

/** The text of such an attribute; undefined where there is none, or an empty one. */
export function textAttribute(attributes: Attributes, ...names: string[]): string | undefined {
  const value = attribute(attributes, ...names)?.value;
  const text = value === undefined ? "" : String(Array.isArray(value) ? value[0] : value).trim();
  return text === "" ? undefined : text;
}
