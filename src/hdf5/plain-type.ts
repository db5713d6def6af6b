import type { Cursor } from "./raw-file.js";
import { type ElementType, elementBytes } from "./values.js";

/** Exponent bits, mantissa bits and bias of the IEEE numbers. */
const floats: Partial<Record<ElementType, readonly [exponent: number, mantissa: number, bias: number]>> = {
  float16: [5, 10, 15],
  float32: [8, 23, 127],
  float64: [11, 52, 1023],
};

/** Whether a datatype message is that of the little-endian number that the library takes it for, with no bit elsewhere. */
export function isPlainType(message: Cursor, type: ElementType): boolean {
  const bytes = elementBytes(type);
  if (!bytes) return false;
  const bits = 8 * bytes;
  const kind = message.byte() & 15;
  const properties = [message.byte(), message.byte(), message.byte()];
  const size = message.number(4);
  const whole = message.number(2) === 0 && message.number(2) === bits;
  if (size !== bytes || !whole) return false;
  const float = floats[type];
  if (!float) return kind === 0 && (properties[0] & 1) === 0 && (properties[0] & 8) / 8 === (type[0] === "i" ? 1 : 0);
  const [exponent, mantissa, bias] = float;
  const places = [message.byte(), message.byte(), message.byte(), message.byte(), message.number(4)];
  // 0x20: the leading 1 of the mantissa is implied, little-endian, padding 0; then the place of the sign.
  const ieee = properties[0] === 0x20 && properties[1] === bits - 1;
  return kind === 1 && ieee && places.join() === [mantissa, exponent, 0, mantissa, bias].join();
}
