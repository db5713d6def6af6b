import { createRequire } from "node:module";
import { dirname, join } from "node:path";

type H5wasm = typeof import("h5wasm/node");
type Module = Awaited<H5wasm["ready"]>;

/** The HDF5 library compiled to WebAssembly, one in a thread, with its complaints caught instead of printed. */
export interface Library {
  readonly module: Module;
  /** h5wasm's readers of one attribute and of one dataset, for values that are texts or lists. */
  readonly Attribute: H5wasm["Attribute"];
  readonly Dataset: H5wasm["Dataset"];
  /** What the library has complained of since it was last asked: the innermost line of its error stack, or "". */
  complaint(): string;
  /** The error of the first write to this file that the disk refused, if any; asking forgets it. */
  refusedWrite(path: string): Error | undefined;
  /** Scratch memory of the library for at least so many bytes; the next call may move it. */
  scratch(bytes: number): Uint8Array;
}

/** What is known of an open file of the emulated C library (Emscripten's FS). */
interface Stream {
  fd: number;
  path?: string;
}

type FileWrite = (
  stream: Stream,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position?: number,
  canOwn?: boolean,
) => number;

let loaded: Promise<Library> | undefined;

/** Load the library on first use. The plugins for lzf, blosc, zstd, bitshuffle and others are found beside h5wasm-plugins. */
export function library(): Promise<Library> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Library> {
  // Four megabytes of code, so it is loaded when it is needed: a worker that reads plain datasets does without.
  const { Attribute, Dataset, ready } = await import("h5wasm/node");
  const module = await ready;
  // Not by h5wasm-plugins' own helper: it keeps the %20 of a path with spaces.
  const plugins = createRequire(import.meta.url).resolve("h5wasm-plugins/package.json");
  module.insert_plugin_search_path(join(dirname(plugins), "plugins"), 0);

  stopClock(module);

  let complaints = "";
  const refused = new Map<string, Error>();
  const files = module.FS as unknown as { write: FileWrite };
  const write = files.write;
  // h5wasm drops the status of many calls, and the library prints its errors to descriptor 2: this is where both surface.
  files.write = (stream, buffer, offset, length, position, canOwn) => {
    if (stream.fd === 2) {
      complaints += Buffer.from(buffer.buffer, buffer.byteOffset + offset, length).toString();
      return length;
    }
    try {
      return write(stream, buffer, offset, length, position, canOwn);
    } catch (error) {
      const path = stream.path ?? "";
      if (!refused.has(path)) refused.set(path, error as Error);
      throw error;
    }
  };

  let pointer = 0;
  let capacity = 0;
  return {
    module,
    Attribute,
    Dataset,
    complaint() {
      const lines = [...complaints.matchAll(/#\d+: .* in (\w+)\(\): (.*)/g)];
      complaints = "";
      return lines.at(-1)?.[2] ?? "";
    },
    refusedWrite(path) {
      const error = refused.get(path);
      refused.delete(path);
      return error;
    },
    scratch(bytes) {
      if (bytes > capacity) {
        if (pointer) module._free(pointer);
        pointer = module._malloc(bytes);
        capacity = pointer ? bytes : 0;
        if (!pointer) throw new Error(`the HDF5 library has no ${bytes} bytes left (its limit is 2 GiB)`);
      }
      return new Uint8Array(module.HEAPU8.buffer, pointer, bytes);
    },
  };
}

/** The calls after which the library notes the time in a header. */
const stamping = [
  "create_dataset",
  "create_vlen_str_dataset",
  "create_attribute",
  "create_vlen_str_attribute",
  "set_dataset_data",
  "close_file",
] as const;

/**
 * The library notes in which second a dataset was last changed, and gives no way to leave that out. With the clock at 1970 during those
 * calls, which do not yield, the same data make the same bytes.
 */
function stopClock(module: Module): void {
  const calls = module as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of stamping) {
    const call = calls[name];
    calls[name] = (...args) => {
      const { now } = Date;
      Date.now = () => 0;
      try {
        return call.apply(module, args);
      } finally {
        Date.now = now;
      }
    };
  }
}
