import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { afterEach, describe, expect, test } from "vitest";
import { handOver, notPlain } from "#pipeline/hand-over";
import { dismissThreads, type RunJob, withThreads } from "#pipeline/threads";

const folder = mkdtempSync(join(tmpdir(), "threads-"));
const serveJobs = pathToFileURL(resolve(import.meta.dirname, "../../dist/pipeline/serve-jobs.js"));

/** A script of threads whose jobs go wrong in every way that a thread can; each writes down that it was begun. */
const script = pathToFileURL(join(folder, "worker.mjs"));
writeFileSync(
  script,
  `
import { appendFileSync } from "node:fs";
import { serveJobs } from ${JSON.stringify(serveJobs.href)};
const begun = (log) => appendFileSync(log, "begun\\n");
serveJobs({
  echo: async () => ({ value }) => ({ value }),
  gives: async () => ({ what, log }) => {
    begun(log);
    return { found: [0, { a: what === "function" ? () => 1 : what === "symbol" ? Symbol("s") : new (class Cube {})() }] };
  },
  throws: async () => ({ log }) => { begun(log); throw new Error("the job says so"); },
  exits: async () => ({ log }) => { begun(log); process.exit(7); },
  crashes: async () => async ({ log }) => {
    begun(log);
    setImmediate(() => { throw new Error("thrown behind the job's back"); });
    await new Promise(() => {});
  },
  fills: async () => ({ log }) => {
    begun(log);
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill(log));
  },
  pool: async () => () => ({ text: Buffer.from("cut from the pool"), list: [Buffer.from("and another")] }),
  views: async () => () => {
    const large = Float64Array.from({ length: 1000 }, (_, i) => i);
    const shared = new Float32Array(new SharedArrayBuffer(8)).fill(5);
    return { whole: large.slice(), part: large.subarray(10, 12), shared, twice: [large.subarray(0, 1), large.subarray(0, 2)] };
  },
});
`,
);

// So that the thread that is to run out of memory does so soon; for new threads only.
setFlagsFromString("--max-old-space-size=32");

afterEach(dismissThreads);

let logs = 0;

/** Have one job done by one thread; how often it was begun stands in the log. */
async function outcome(job: string, input: object = {}): Promise<{ message: string; kind?: string; begun: number }> {
  const log = join(folder, `${logs++}.log`);
  writeFileSync(log, "");
  const begun = () => readFileSync(log, "utf8").split("\n").length - 1;
  try {
    await withThreads({ script, workers: 1 }, (run) => run(job, { ...input, log }));
    return { message: "", begun: begun() };
  } catch (thrown) {
    const { message, kind } = thrown as { message: string; kind?: string };
    return { message, kind, begun: begun() };
  }
}

describe("an answer that cannot be posted is told with the job, the place and the cause, and not tried again:", () => {
  test.each([
    ["function", "result.found[1].a is a function"],
    ["symbol", "result.found[1].a is a symbol"],
    ["class", "result.found[1].a is a Cube"],
  ])("a %s", async (what, words) => {
    const { message, kind, begun } = await outcome("gives", { what });
    expect(message).toBe(`what gives gave cannot be sent to the main thread: ${words}, which is no plain data`);
    expect(kind).toBe("worker");
    expect(begun).toBe(1);
  });
});

test("an input that cannot be posted is told with the job and the place, and the threads go on", async () => {
  const given = new Float64Array(4);
  structuredClone(given, { transfer: [given.buffer] });
  await withThreads({ script, workers: 1 }, async (run) => {
    const words = async (value: unknown) => run("echo", { value }).catch(({ message }) => message);
    expect(await words({ deep: [() => 1] })).toBe(
      "echo cannot be sent to a worker: its input.value.deep[0] is a function, which is no plain data",
    );
    expect(await words(new Map())).toMatch(/its input\.value is a Map/);
    expect(await words(given)).toMatch(/its input\.value is an array that was handed over to another thread/);
    expect(await run("echo", { value: 3 })).toEqual({ value: 3 });
  });
});

test("a job that throws is not tried again", async () => {
  expect(await outcome("throws")).toEqual({ message: "the job says so", kind: "worker", begun: 1 });
});

describe("a job whose thread dies is begun twice, and then told with the cause:", () => {
  test.each([
    ["exits", /its thread was ended from outside or left by itself \(exit code 7\)$/],
    ["crashes", /thrown behind the job's back$/],
    ["fills", /its thread ran out of memory; give fewer --workers/],
  ])("%s", async (job, words) => {
    const { message, kind, begun } = await outcome(job);
    expect(message).toMatch(new RegExp(`^a worker died twice on the same job \\(${job}\\): `));
    expect(message).toMatch(words);
    expect(kind).toBe("worker");
    expect(begun).toBe(2);
  });

  test("a script that cannot be loaded", async () => {
    const run = (work: RunJob) => work("echo", {});
    const nowhere = withThreads({ script: pathToFileURL(join(folder, "nowhere.mjs")), workers: 2 }, run);
    await expect(nowhere).rejects.toThrow(/a worker died twice on the same job \(echo\): .*nowhere\.mjs/);
  });
});

describe("what is handed over", () => {
  test("arrives whatever its buffer is: the pool's, shared, or a part of a larger one", async () => {
    await withThreads({ script, workers: 1 }, async (run) => {
      expect(await run("pool", {})).toEqual({
        text: new Uint8Array(Buffer.from("cut from the pool")),
        list: [new Uint8Array(Buffer.from("and another"))],
      });
      const { part, shared, ...rest } = (await run("views", {})) as Record<string, Float64Array>;
      expect(rest.whole).toHaveLength(1000);
      expect(part).toEqual(Float64Array.of(10, 11));
      expect(part.buffer.byteLength).toBe(16);
      expect(shared).toEqual(Float32Array.of(5, 5));
      expect(shared.buffer).toBeInstanceOf(ArrayBuffer);
      expect(rest.twice).toEqual([Float64Array.of(0), Float64Array.of(0, 1)]);
    });
  });

  test("is handed over where an array has its buffer to itself, and copied where not", () => {
    const own = new Float32Array(1000);
    const { data, buffers } = handOver({ own, part: own.subarray(0, 10), deep: [{ text: Buffer.from("pool") }] });
    expect(data).toEqual({ own, part: new Float32Array(10), deep: [{ text: new Uint8Array(Buffer.from("pool")) }] });
    expect(buffers).toHaveLength(3);
    expect(buffers[0]).toBe(own.buffer);
    expect(buffers.slice(1).map(({ byteLength }) => byteLength)).toEqual([40, 4]);
  });

  test("may hold nothing that is not plain, and where that stands is said", () => {
    for (const plain of [undefined, null, 1n, "a", [1, [2]], { a: { b: new Uint8Array(2) } }, Object.create(null)]) {
      expect(notPlain(plain)).toBeUndefined();
    }
    expect(notPlain({ a: [1, { b: Object }] })).toBe(".a[1].b is a function");
    expect(notPlain([new Date(0)])).toBe("[0] is a Date");
  });
});
