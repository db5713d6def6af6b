/**
 * The same plain data with its typed arrays in shared memory, so that posting it to a worker copies nothing.
 * Arrays that are shared already are left as they are.
 */
export function share<T>(data: T): T {
  if (ArrayBuffer.isView(data)) {
    const array = data as unknown as Float32Array;
    if (array.buffer instanceof SharedArrayBuffer) return data;
    const copy = new (array.constructor as Float32ArrayConstructor)(new SharedArrayBuffer(array.byteLength));
    copy.set(array);
    return copy as T;
  }
  if (Array.isArray(data)) return data.map(share) as T;
  if (typeof data === "object" && data !== null) {
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, share(value)])) as T;
  }
  return data;
}
