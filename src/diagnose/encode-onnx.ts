import type { PatchImages } from "../cube/bag.js";
import { messageOf, SpectraError } from "../cube/errors.js";

/** The little of `onnxruntime-node` that is used. */
interface Runtime {
  readonly InferenceSession: { create(path: string): Promise<Session> };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => unknown;
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Record<string, unknown>,
  ): Promise<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;
}

/** Patches that go through the network together. */
const BATCH = 16;

/**
 * Embed pictures of patches by a network that the user brings as ONNX: float32 `[n, channels, height, width]` in, `[n, d]` out, or
 * `[n, d, h, w]`, of which the mean over h and w is taken. Needs the optional package `onnxruntime-node`.
 */
export async function encodeOnnx(
  file: string,
  { size, channels, values }: PatchImages,
): Promise<{ width: number; features: Float32Array }> {
  const session = await open(file);
  const { runtime, net } = session;
  const pixels = size * size;
  const count = values.length / (pixels * channels);
  let width = 0;
  const parts: Float32Array[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const now = Math.min(BATCH, count - first);
    const planes = new Float32Array(now * channels * pixels);
    for (let i = 0; i < now; i++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let c = 0; c < channels; c++) {
          planes[(i * channels + c) * pixels + pixel] = values[((first + i) * pixels + pixel) * channels + c];
        }
      }
    }
    const input = new runtime.Tensor("float32", planes, [now, channels, size, size]);
    let found: Awaited<ReturnType<Session["run"]>>;
    try {
      found = await net.run({ [net.inputNames[0]]: input });
    } catch (cause) {
      throw new SpectraError(
        "shape",
        file,
        `${file} does not take patches of ${size} × ${size} pixels with ${channels} channels: ${messageOf(cause)}; cut bags with other --pixels or --channels`,
        { cause },
      );
    }
    const { data, dims } = found[net.outputNames[0]];
    const places = dims.slice(2).reduce((product, length) => product * length, 1);
    width = dims[1];
    const means = new Float32Array(now * width);
    for (let i = 0; i < means.length; i++) {
      let sum = 0;
      for (let place = 0; place < places; place++) sum += data[i * places + place];
      means[i] = sum / places;
    }
    parts.push(means);
  }
  const features = new Float32Array(count * width);
  for (const [p, part] of parts.entries()) features.set(part, p * BATCH * width);
  return { width, features };
}

const opened = new Map<string, Promise<{ runtime: Runtime; net: Session }>>();

function open(file: string) {
  const before = opened.get(file) ?? load(file);
  opened.set(file, before);
  before.catch(() => opened.delete(file));
  return before;
}

async function load(file: string): Promise<{ runtime: Runtime; net: Session }> {
  // By a variable, because the package is optional and need not be there when this is compiled.
  const name = "onnxruntime-node";
  let runtime: Runtime;
  try {
    const found = (await import(name)) as Runtime & { default?: Runtime };
    runtime = found.InferenceSession ? found : found.default!;
  } catch (cause) {
    throw new SpectraError("missing", file, `${file} needs the package ${name}: npm install ${name}`, { cause });
  }
  try {
    return { runtime, net: await runtime.InferenceSession.create(file) };
  } catch (cause) {
    throw new SpectraError("format", file, `${file} is not a network that can be run: ${messageOf(cause)}`, { cause });
  }
}
