import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { checkBackend } from "#diagnose/check-backend";
import { openBackend } from "#diagnose/open-backend";

test("a thread computes with the backend that was asked for last, however often they change", async () => {
  for (const wanted of ["auto", "cpu", "wasm", "cpu", "auto", "wasm"] as const) {
    const { tf, name } = await openBackend(wanted);
    expect(tf.getBackend()).toBe(name.startsWith("node") ? "tensorflow" : name);
    if (wanted !== "auto") expect(name).toBe(wanted);
    // Sums of squares of some hundreds in float32.
    expect(checkBackend(tf)).toBeLessThan(1e-4);
  }
});

test("a backend that is not installed is refused by its name, with a way out", async (context) => {
  try {
    await import(["@tensorflow", "tfjs-node-gpu"].join("/"));
    context.skip();
  } catch {}
  await expect(openBackend("node-gpu")).rejects.toMatchObject({ name: "SpectraError", kind: "missing" });
  await expect(openBackend("node-gpu")).rejects.toThrow(/node-gpu.*install @tensorflow\/tfjs-node-gpu/);
});

test("a worker thread has a backend of its own", async () => {
  const url = new URL(import.meta.resolve("#diagnose/open-backend"));
  const worker = new Worker(
    `import { parentPort } from "node:worker_threads";
     const { openBackend } = await import(${JSON.stringify(String(url))});
     const { tf, name } = await openBackend("wasm");
     parentPort.postMessage([name, ...tf.tidy(() => tf.square(tf.tensor1d([1, 2, 3])).dataSync())]);`,
    { eval: true, execArgv: ["--input-type=module"] },
  );
  const said = await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  expect(said).toEqual(["wasm", 1, 4, 9]);
  await worker.terminate();
});
