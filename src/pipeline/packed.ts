const arrays = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;

/** Plain data with typed arrays as JSON: an array becomes its type and its bytes in base 64, so that no bit is lost. */
export function packed(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { $array: value.constructor.name, bytes: bytes.toString("base64") };
  });
}

/** What `packed` made, as it was. */
export function unpacked<T>(text: string): T {
  return JSON.parse(text, (_, value) => {
    const type = arrays[value?.$array as keyof typeof arrays];
    if (!type) return value;
    const bytes = Uint8Array.from(Buffer.from(value.bytes, "base64"));
    return new type(bytes.buffer);
  }) as T;
}
