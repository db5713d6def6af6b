import { setFlagsFromString } from "node:v8";

/**
 * Compile WebAssembly that draws a few pictures and then rests, without the optimising compiler: that one takes 80 MB for the SVG
 * renderer, and longer than the drawing itself (1.4 s of computing against 0.6 for six figures). The engine knows no way of saying so
 * for one module, so its threshold is raised while this one is compiled, and set back to what it is by default.
 */
export function compileCold(bytes: Uint8Array): WebAssembly.Module {
  setFlagsFromString("--wasm-tiering-budget=2000000000");
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    const [version] = process.versions.v8.split(".");
    setFlagsFromString(`--wasm-tiering-budget=${Number(version) < 12 ? 1_800_000 : 13_000_000}`);
  }
}
