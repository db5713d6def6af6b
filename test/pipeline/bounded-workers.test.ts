import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { boundedWorkers } from "#pipeline/bounded-workers";
import { withCrew } from "#pipeline/crew";
import { dismissThreads } from "#pipeline/threads";

const roomy = { cores: 8, free: 64e9 };

test("as many workers are hired as are asked for, where the machine has room for them", () => {
  for (const asked of [1, 4, 8]) expect(boundedWorkers(asked, undefined, roomy)).toEqual({ workers: asked });
});

test("never more than the cores, and it is said", () => {
  const { workers, remark } = boundedWorkers(1000, undefined, roomy);
  expect(workers).toBe(8);
  expect(remark).toBe("8 worker(s) instead of 1000: this machine has 8 core(s)");
});

test("never more than the free memory holds, but one", () => {
  // 150 MB for the main thread and 100 MB for each of three.
  expect(boundedWorkers(8, undefined, { cores: 8, free: 450e6 })).toMatchObject({
    workers: 3,
    remark: expect.stringContaining("450 MB of memory are free"),
  });
  expect(boundedWorkers(8, undefined, { cores: 8, free: 1e6 }).workers).toBe(1);
});

test("never more than the memory of the run holds, and the remark says how much would do", () => {
  const { workers, remark } = boundedWorkers(8, 700e6, roomy);
  expect(workers).toBe(5);
  expect(remark).toContain("--memory 950MB is for 8");
  expect(boundedWorkers(8, 950e6, roomy)).toEqual({ workers: 8 });
  expect(boundedWorkers(2, 64e6, roomy).workers).toBe(1);
});

test("a crew of a thousand has as many hands as the machine has cores", async () => {
  const remarks: string[] = [];
  const size = await withCrew({ workers: 1000, onRemark: (text) => remarks.push(text) }, async (crew) => crew.size);
  expect(size).toBeLessThanOrEqual(availableParallelism());
  expect(remarks).toHaveLength(1);
  await dismissThreads();
});
