import { createRequire } from "node:module";
import { dirname } from "node:path";
import { messageOf, SpectraError } from "../cube/errors.js";

/** TensorFlow.js, whichever build of it computes. */
export type Tensorflow = typeof import("@tensorflow/tfjs-core");

export const backendNames = ["auto", "node-gpu", "node", "wasm", "cpu"] as const;

export type BackendName = (typeof backendNames)[number];

export interface Backend {
  readonly tf: Tensorflow;
  readonly name: Exclude<BackendName, "auto">;
  /** Why this one, in words. */
  readonly why: string;
}

/** Tried in this order: the native ones only where the user has installed their packages. */
const order = ["node-gpu", "node", "wasm", "cpu"] as const;

const opened = new Map<BackendName, Promise<Backend>>();

/**
 * Make a backend of TensorFlow.js ready. "auto" takes the first that loads of node-gpu, node (the optional packages
 * `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node`), wasm and cpu; one asked for by name that does not load is an error.
 * A thread computes with the one that was asked for last; what is loaded already is only taken up again.
 */
export async function openBackend(wanted: BackendName = "auto"): Promise<Backend> {
  let opening = opened.get(wanted);
  if (!opening) {
    opening = wanted === "auto" ? firstThatLoads() : load(wanted).catch((thrown) => refuse(wanted, thrown));
    opened.set(wanted, opening);
    opening.catch(() => opened.delete(wanted));
  }
  const backend = await opening;
  // Both native builds call themselves so.
  const registered = backend.name.startsWith("node") ? "tensorflow" : backend.name;
  if (backend.tf.getBackend() !== registered) await backend.tf.setBackend(registered);
  return backend;
}

async function firstThatLoads(): Promise<Backend> {
  const failed: string[] = [];
  for (const name of order) {
    try {
      const backend = await load(name);
      const others = failed.length ? `; ${failed.join("; ")}` : "";
      return { ...backend, why: `${backend.why}${others}` };
    } catch (thrown) {
      failed.push(missing(thrown) ? `${name} is not installed` : `${name} did not load: ${messageOf(thrown)}`);
    }
  }
  throw new SpectraError("missing", "diagnose", `no backend of TensorFlow.js loads: ${failed.join("; ")}`);
}

async function load(name: Backend["name"]): Promise<Backend> {
  if (name === "node-gpu" || name === "node") {
    // By a variable, because the packages are optional and need not be there when this is compiled.
    const packageName = `@tensorflow/tfjs-${name}`;
    const tf = (await import(packageName)) as Tensorflow;
    await tf.ready();
    return { tf, name, why: `${packageName} is installed` };
  }
  const tf = await import("@tensorflow/tfjs-core");
  // Without it the library advertises its native build on stderr.
  tf.enableProdMode();
  // The gradients of all kernels come with the layers.
  await import("@tensorflow/tfjs-layers");
  if (name === "wasm") {
    const { setThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
    // One thread: folds are what is shared out, and sums stay in one order.
    setThreadsCount(1);
  } else {
    await import("@tensorflow/tfjs-backend-cpu");
  }
  if (!(await tf.setBackend(name))) throw new Error(`tf.setBackend("${name}") failed`);
  await tf.ready();
  return { tf, name, why: name === "wasm" ? "WebAssembly with SIMD" : "plain JavaScript, slow" };
}

function refuse(name: BackendName, thrown: unknown): never {
  const cure = name.startsWith("node")
    ? `install @tensorflow/tfjs-${name}, or leave --backend out`
    : "leave --backend out, or try --backend cpu";
  const reason = missing(thrown) ? "its package is not installed" : messageOf(thrown);
  throw new SpectraError("missing", "diagnose", `the backend ${name} does not load: ${reason}; ${cure}`, {
    cause: thrown,
  });
}

function missing(thrown: unknown): boolean {
  return ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(String((thrown as NodeJS.ErrnoException)?.code));
}
