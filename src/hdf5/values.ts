/** The kinds of numbers and texts that a dataset holds. `other`: compound, reference, opaque; not readable here. */
export type ElementType =
  | "float16"
  | "float32"
  | "float64"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "string"
  | "other";

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

const bytesOf: Partial<Record<ElementType, number>> = {
  float16: 2,
  float32: 4,
  float64: 8,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
};

/** Bytes of one number, or 0 for text and others. */
export function elementBytes(type: ElementType): number {
  return bytesOf[type] ?? 0;
}

/**
 * Numbers from little-endian bytes, copied. float16 becomes Float32Array (exact); int64 and uint64 become Float64Array
 * (exact up to 2⁵³).
 */
export function decode(bytes: Uint8Array, type: ElementType): NumericArray {
  const buffer = bytes.slice().buffer;
  switch (type) {
    case "float16":
      return Float32Array.from(new Uint16Array(buffer), float16);
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return new Float64Array(buffer);
    case "int8":
      return new Int8Array(buffer);
    case "uint8":
      return new Uint8Array(buffer);
    case "int16":
      return new Int16Array(buffer);
    case "uint16":
      return new Uint16Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint32":
      return new Uint32Array(buffer);
    case "int64":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "uint64":
      return Float64Array.from(new BigUint64Array(buffer), Number);
    default:
      throw new Error(`elements of type ${type} are not numbers`);
  }
}

/** The number in 16 bits of IEEE 754 binary16. */
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** A view of bytes as the numbers they are to hold, so that `set` converts to the type of the file. */
export function viewAs(bytes: Uint8Array, type: ElementType): NumericArray {
  const { buffer, byteOffset } = bytes;
  const length = bytes.byteLength / elementBytes(type);
  switch (type) {
    case "float32":
      return new Float32Array(buffer, byteOffset, length);
    case "float64":
      return new Float64Array(buffer, byteOffset, length);
    case "uint8":
      return new Uint8Array(buffer, byteOffset, length);
    case "uint16":
      return new Uint16Array(buffer, byteOffset, length);
    case "int32":
      return new Int32Array(buffer, byteOffset, length);
    case "uint32":
      return new Uint32Array(buffer, byteOffset, length);
    default:
      throw new Error(`numbers of type ${type} are not written`);
  }
}
