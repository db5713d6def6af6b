import type { Module } from "./instance.js";
import type { Library } from "./library.js";
import { textsOrNumbers } from "./texts-and-numbers.js";

export type AttributeValue = string | number | string[] | number[];

/**
 * The texts and numbers among the attributes of a group or dataset; empty, compound and reference attributes are left out. One that is
 * of a known type and cannot be read is damage, and told: without it a cube could be another patient's.
 */
export function readAttributes(library: Library, id: bigint, path: string): Record<string, AttributeValue> {
  const found: Record<string, AttributeValue> = Object.create(null);
  for (const name of library.module.get_attribute_names(id, path)) {
    const value = readAttribute(library, id, path, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function readAttribute(library: Library, id: bigint, path: string, name: string): AttributeValue | undefined {
  const { module } = library;
  const metadata = module.get_attribute_metadata(id, path, name);
  const damaged = () => new Error(`attribute ${name} of ${path} cannot be read`);
  const values = textsOrNumbers(module, metadata, {
    read(pointer) {
      if (module.get_attribute_data(id, path, name, pointer) < 0) throw damaged();
      return 0;
    },
    reclaim: (pointer) => module.reclaim_vlen_memory(id, path, name, pointer),
  });
  if (!values) return undefined;
  const scalar = !metadata.shape?.length && metadata.type !== module.H5T_class_t.H5T_ARRAY.value;
  return scalar ? values[0] : values;
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
