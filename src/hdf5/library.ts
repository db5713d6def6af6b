import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Confinement, confinementOf } from "./confine.js";
import { type Instance, instances, type Module } from "./instance.js";

/** The HDF5 library compiled to WebAssembly, for one file at a time, with its complaints caught instead of printed. */
export interface Library extends Confinement {
  readonly module: Module;
  /** What the library has complained of since it was last asked: the innermost line of its error stack, or "". */
  complaint(): string;
  /** The error of the first write to this file that the disk refused, if any; asking forgets it. */
  refusedWrite(path: string): Error | undefined;
  /** Scratch memory of the library for at least so many bytes; the next call may move it. */
  scratch(bytes: number): Uint8Array;
  /**
   * Give it back when the file is done with. "sound": the next file gets it, its memory as on the first day. "doubtful": it has trapped,
   * was cut off or has thrown, and nobody gets it any more, so that a damaged file never spoils the next.
   */
  giveBack(state: "sound" | "doubtful"): void;
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

/** Libraries that wait for the next file; a run has a few files open at once. */
const idle: { readonly library: Library; rewind(): void }[] = [];
const MOST_IDLE = 4;
/** Letters of complaints that are kept. */
const MOST_COMPLAINTS = 1 << 20;

/** The library for one file. The plugins for lzf, blosc, zstd, bitshuffle and others are found beside h5wasm-plugins. */
export async function borrowLibrary(): Promise<Library> {
  const make = await instances();
  return next(make);
}

/** The same at once, where the library has been loaded: `make` is what `instances` gave. */
export function anotherLibrary(make: () => Instance): Library {
  return next(make);
}

/** Its memory is put back only now, which saves it to a process that needs no other. */
function next(make: () => Instance): Library {
  const waiting = idle.pop();
  waiting?.rewind();
  return waiting?.library ?? dress(make);
}

function dress(make: () => Instance): Library {
  const instance = make();
  const { module } = instance;
  // Not by h5wasm-plugins' own helper: it keeps the %20 of a path with spaces.
  const plugins = createRequire(import.meta.url).resolve("h5wasm-plugins/package.json");
  module.insert_plugin_search_path(join(dirname(plugins), "plugins"), 0);
  instance.rewind();

  const confinement = confinementOf(module, [dirname(plugins)]);

  stopClock(module);

  let complaints = "";
  const refused = new Map<string, Error>();
  const files = module.FS as unknown as { write: FileWrite };
  const write = files.write;
  // h5wasm drops the status of many calls, and the library prints its errors to descriptor 2: this is where both surface.
  files.write = (stream, buffer, offset, length, position, canOwn) => {
    if (stream.fd === 2) {
      if (complaints.length < MOST_COMPLAINTS)
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
  const library: Library = {
    module,
    ...confinement,
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
        if (!pointer) throw new Error(`the HDF5 library has no ${bytes} bytes left`);
      }
      return new Uint8Array(module.HEAPU8.buffer, pointer, bytes);
    },
    giveBack(state) {
      instance.end();
      if (state === "doubtful" || !instance.isPlain() || idle.length >= MOST_IDLE) return;
      confinement.confine(undefined);
      complaints = "";
      refused.clear();
      pointer = 0;
      capacity = 0;
      idle.push({ library, rewind: instance.rewind });
    },
  };
  return library;
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
