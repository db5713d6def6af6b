/** Data on its way to another thread, and the buffers that go along instead of being copied. */
export interface Parcel {
  readonly data: unknown;
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Plain data as it is posted: an array that has its buffer to itself hands it over, any other array is copied first. So it is of no
 * matter where an array came from: Node refuses to hand over its pool, from which small Buffers are cut, shared memory is written
 * again by the next job, and a small view would take a large buffer along.
 */
export function handOver(data: unknown): Parcel {
  const buffers = new Set<ArrayBuffer>();
  const pack = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (ArrayBuffer.isView(value)) {
      const own = ownBuffer(value) ? value : copyOf(value);
      buffers.add(own.buffer as ArrayBuffer);
      return own;
    }
    if (Array.isArray(value)) return value.map(pack);
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pack(inner)]));
  };
  return { data: pack(data), buffers: [...buffers] };
}

function ownBuffer({ buffer, byteLength }: ArrayBufferView): boolean {
  return buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
}

function copyOf(view: ArrayBufferView): ArrayBufferView {
  // A Buffer would be cut from the pool again; it arrives as a Uint8Array anyway.
  if (view instanceof DataView || Buffer.isBuffer(view))
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  return (view as Float32Array).slice();
}

/**
 * What in some data cannot be posted to a thread, and where it stands, such as ".pictures[2].close is a function"; undefined when all
 * of it is plain: numbers, texts, arrays, typed arrays and objects of these.
 */
export function notPlain(data: unknown): string | undefined {
  if (typeof data === "function" || typeof data === "symbol") return ` is a ${typeof data}`;
  if (typeof data !== "object" || data === null) return undefined;
  if (ArrayBuffer.isView(data))
    return isDetached(data) ? " is an array that was handed over to another thread" : undefined;
  if (Array.isArray(data)) {
    for (const [index, value] of data.entries()) {
      const found = notPlain(value);
      if (found) return `[${index}]${found}`;
    }
    return undefined;
  }
  if (!isPlainObject(data)) return ` is a ${data.constructor?.name || "class of its own"}`;
  for (const [name, value] of Object.entries(data)) {
    const found = notPlain(value);
    if (found) return `.${name}${found}`;
  }
  return undefined;
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isDetached({ byteLength, buffer }: ArrayBufferView): boolean {
  if (byteLength > 0 || !(buffer instanceof ArrayBuffer) || buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}
