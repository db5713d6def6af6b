// The part of the WebAssembly interface used here: @types/node 20 lacks it, and the "dom" library would bring the browser along.
declare namespace WebAssembly {
  function compile(bytes: Uint8Array): Promise<Module>;
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean });
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  interface Global {
    value: unknown;
  }
  interface Table {
    readonly length: number;
  }
}
