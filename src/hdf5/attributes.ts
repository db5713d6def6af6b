import type { Library } from "./library.js";

export type AttributeValue = string | number | string[] | number[];

type Module = Library["module"];

/** The texts and numbers among the attributes of a group or dataset; empty, compound and reference attributes are left out. */
export function readAttributes(library: Library, id: bigint, path: string): Record<string, AttributeValue> {
  const found: Record<string, AttributeValue> = Object.create(null);
  for (const name of library.module.get_attribute_names(id, path)) {
    const value = readAttribute(library, id, path, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function readAttribute({ Attribute }: Library, id: bigint, path: string, name: string): AttributeValue | undefined {
  let value: unknown;
  try {
    value = new Attribute(id, path, name).json_value;
  } catch {
    // h5wasm throws for types it does not know, such as float16: not worth losing the file for an attribute.
    return undefined;
  }
  if (typeof value === "string") return tidy(value);
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  if (!Array.isArray(value)) return undefined;
  if (value.every((item) => typeof item === "string")) return value.map(tidy);
  if (value.every((item) => typeof item === "number" || typeof item === "boolean")) return value.map(Number);
  return undefined;
}

/** Texts of a fixed length are padded with NUL or blanks, depending on who wrote them. */
function tidy(text: string): string {
  return text.replace(/[\0 ]+$/, "");
}

/** Replace one attribute of a group or dataset. Numbers are written as float64, texts as UTF-8 of variable length. */
export function writeAttribute(module: Module, id: bigint, path: string, name: string, value: AttributeValue): void {
  if (module.get_attribute_names(id, path).includes(name)) module.delete_attribute(id, path, name);
  const items = Array.isArray(value) ? value : [value];
  const shape = Array.isArray(value) ? [BigInt(items.length)] : [];
  if (items.every((item) => typeof item === "string") && items.length) {
    const { H5T_STRING } = module.H5T_class_t;
    module.create_vlen_str_attribute(id, path, name, items, shape, H5T_STRING.value, 4, false, true);
    return;
  }
  const pointer = module._malloc(8 * Math.max(1, items.length));
  try {
    new Float64Array(module.HEAPU8.buffer, pointer, items.length).set(items as number[]);
    const { H5T_FLOAT } = module.H5T_class_t;
    module.create_attribute(id, path, name, BigInt(pointer), shape, H5T_FLOAT.value, 8, true, false);
  } finally {
    module._free(pointer);
  }
}
