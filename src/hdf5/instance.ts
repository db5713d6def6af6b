import { closeSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type H5wasm = typeof import("h5wasm/node");
export type Module = Awaited<H5wasm["ready"]>;

/** What Emscripten asks of, and gives to, the caller of its factory. */
interface Hooks {
  noInitialRun: true;
  print(text: string): void;
  printErr(text: string): void;
  instantiateWasm(
    imports: Record<string, Record<string, unknown>>,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): unknown;
}
type Factory = (hooks: Hooks) => unknown;

/** One instance of the HDF5 library: its own memory, its own open files. */
export interface Instance {
  readonly module: Module;
  /** Put everything back as it was when this was first called; files that it left open are closed. */
  rewind(): void;
  /** Whether it is worth keeping: it has not grown large, and has loaded no plugin, which `rewind` would leave half there. */
  isPlain(): boolean;
  /** Close the files that it has open. It must not be used any more, but for a rewind. */
  end(): void;
}

/** Memory of an instance, at the most; more is asked for only by chunks that are larger than is sensible. */
const MOST_MEMORY = 400 << 20;
/** An instance that has grown beyond this is not worth keeping. */
const KEPT_MEMORY = 64 << 20;
const BLOCK = 1 << 16;
/** Blocks of zeros behind which nothing was touched: the heap grows upwards. */
const QUIET = 16;

let loading: Promise<() => Instance> | undefined;

/** Load and compile the library on first use, 3 MB of code; then instances are made of it, in some 10 ms each. */
export function instances(): Promise<() => Instance> {
  loading ??= load();
  return loading;
}

async function load(): Promise<() => Instance> {
  // Not by h5wasm's own door: that makes one instance for the life of the process.
  const place = new URL("hdf5_util.js", import.meta.resolve("h5wasm/node"));
  const { default: factory } = (await import(place.href)) as { default: Factory };
  const source = readFileSync(fileURLToPath(place));
  // The code stands in the source as base 64 behind these words; AGFzbQ is how WebAssembly begins.
  const start = source.indexOf("base64,AGFzbQ") + "base64,".length;
  const code = Buffer.from(source.toString("latin1", start, source.indexOf('"', start)), "base64");
  const compiled = await WebAssembly.compile(code);
  return () => instantiate(factory, compiled);
}

function instantiate(factory: Factory, compiled: WebAssembly.Module): Instance {
  let stack: WebAssembly.Global | undefined;
  let table: WebAssembly.Table | undefined;
  const hooks: Hooks = {
    noInitialRun: true,
    // What there is to say stands in the library's own list of errors.
    print: () => {},
    printErr: () => {},
    instantiateWasm(imports, receive) {
      const { env } = imports as { env: Record<string, unknown> };
      stack = env.__stack_pointer as WebAssembly.Global;
      table = env.__indirect_function_table as WebAssembly.Table;
      const grow = env.emscripten_resize_heap as (bytes: number) => number;
      env.emscripten_resize_heap = (bytes: number) => (bytes >>> 0 > MOST_MEMORY ? 0 : grow(bytes));
      const instance = new WebAssembly.Instance(compiled, imports);
      receive(instance, compiled);
      return instance.exports;
    },
  };
  // Compiled already, it is complete when the factory returns, and stands in what the factory was given.
  factory(hooks);
  const module = hooks as unknown as Module;
  const first = { memory: undefined as Uint8Array | undefined, stack: Number(stack!.value), table: table!.length };

  const closeFiles = () => {
    const { streams } = module.FS as unknown as { streams: ({ fd: number; nfd?: number } | null)[] };
    for (const [place, stream] of streams.entries()) {
      if (!stream || stream.fd <= 2) continue;
      try {
        closeSync(stream.nfd!);
      } catch {
        // It was closed already.
      }
      streams[place] = null;
    }
  };
  return {
    module,
    isPlain: () => module.HEAPU8.length <= KEPT_MEMORY && table!.length === first.table,
    end: closeFiles,
    rewind() {
      closeFiles();
      stack!.value = first.stack;
      const memory = module.HEAPU8;
      // Behind 2 MB for the stack begins the heap.
      first.memory ??= memory.slice(0, usedFrom(memory, 3 << 20));
      memory.set(first.memory);
      // Only what was touched is cleared, so that the rest stays without real memory.
      const end = usedFrom(memory, first.memory.length);
      memory.fill(0, first.memory.length, end);
    },
  };
}

const zeros = new Uint8Array(BLOCK);

/** Where memory ends to be used, from a place on. */
function usedFrom(memory: Uint8Array, start: number): number {
  let end = start;
  for (let at = start; at < memory.length && at <= end + QUIET * BLOCK; at += BLOCK) {
    const block = memory.subarray(at, at + BLOCK);
    if (Buffer.compare(block, zeros.subarray(0, block.length)) !== 0) end = at + block.length;
  }
  return end;
}
