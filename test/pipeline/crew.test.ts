import { once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inOrder, withCrew } from "#pipeline/crew";
import { dismissThreads } from "#pipeline/threads";
import { freshFolder, writeTissue } from "./tissue.js";

const folder = freshFolder("crew");
const steps = [{ step: "normalise", method: "vector", params: {} }] as const;
const gather = (file: string, pixel: number) => ({ file, layout: {}, steps, pixels: Int32Array.of(pixel) });

test("results come in the order of the inputs, whatever the number of workers", async () => {
  const file = await writeTissue(`${folder}/a.h5`, {});
  const found: string[] = [];
  for (const workers of [0, 1, 2, 3]) {
    const seen: number[] = [];
    await withCrew({ workers }, (crew) =>
      inOrder(
        crew,
        "gatherCube",
        Array.from({ length: 20 }, (_, i) => gather(file, i)),
        ({ values }, index) => {
          expect(index).toBe(seen.length);
          seen.push(values[30]);
        },
      ),
    );
    found.push(seen.join());
  }
  expect(new Set(found).size).toBe(1);
});

test("no more results are held than the crew has hands and two, however slow the writer", async () => {
  const file = await writeTissue(`${folder}/b.h5`, {});
  let taken = 0;
  let used = 0;
  function* inputs() {
    for (let i = 0; i < 12; i++) {
      taken++;
      expect(taken - used).toBeLessThanOrEqual(2 + 2 + 1);
      yield gather(file, i);
    }
  }
  await withCrew({ workers: 2 }, (crew) =>
    inOrder(crew, "gatherCube", inputs(), async () => {
      await new Promise((later) => setTimeout(later, 5));
      used++;
    }),
  );
  expect(used).toBe(12);
});

test("an error in a worker comes back with its kind, its place and its words", async () => {
  const job = withCrew({ workers: 1 }, (crew) => crew.run("gatherCube", gather(`${folder}/nowhere.h5`, 0)));
  await expect(job).rejects.toMatchObject({ name: "SpectraError", message: expect.stringMatching(/nowhere\.h5/) });
});

describe("worker threads", () => {
  const { Worker } = threads;
  let made: threads.Worker[] = [];
  beforeEach(async () => {
    // Threads that rest were made by an earlier test.
    await dismissThreads();
    made = [];
    threads.Worker = class extends Worker {
      constructor(...how: ConstructorParameters<typeof Worker>) {
        super(...how);
        made.push(this);
      }
    };
    syncBuiltinESMExports();
  });
  afterEach(() => {
    threads.Worker = Worker;
    syncBuiltinESMExports();
  });

  /** Some megabytes, so that a job is still under way when its worker is killed. */
  const long = () => writeTissue(`${folder}/long.h5`, { rows: 3000, cols: 40 });
  const job = (file: string) => ({ ...gather(file, 0), pixels: Int32Array.from({ length: 120_000 }, (_, i) => i) });

  test("that all went well with rest and do the next work; others are let go", async () => {
    const file = await writeTissue(`${folder}/c.h5`, {});
    const work = (pixel: number) =>
      withCrew({ workers: 2 }, async (crew) => (await crew.run("gatherCube", gather(file, pixel))).values);
    const first = await work(3);
    expect(await work(3)).toEqual(first);
    expect(made.length).toBe(2);
    await expect(withCrew({ workers: 2 }, (crew) => crew.run("gatherCube", gather("nowhere.h5", 0)))).rejects.toThrow();
    expect(await work(3)).toEqual(first);
    expect(made.length).toBe(4);
  });

  test("one that is killed from outside has its job done again by another, and nobody notices", async () => {
    const file = await long();
    const expected = await withCrew({ workers: 0 }, (crew) => crew.run("gatherCube", job(file)));
    const found = await withCrew({ workers: 1 }, async (crew) => {
      const result = crew.run("gatherCube", job(file));
      await once(made[0], "online");
      await made[0].terminate();
      return result;
    });
    expect(made.length).toBeGreaterThan(1);
    expect(Buffer.from(found.values.buffer).equals(Buffer.from(expected.values.buffer))).toBe(true);
  });

  test("two killed on the same job are an error that says so", async () => {
    const file = await long();
    const run = withCrew({ workers: 1 }, async (crew) => {
      const result = crew.run("gatherCube", job(file));
      result.catch(() => undefined);
      for (let killed = 0; killed < 2; killed++) {
        while (made.length <= killed) await new Promise((later) => setTimeout(later, 2));
        await made[killed].terminate();
      }
      return result;
    });
    await expect(run).rejects.toThrow(/a worker died twice on the same job/);
  });
});
