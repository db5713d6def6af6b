import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ProgressEvent } from "#pipeline/progress";
import { trainMil } from "#pipeline/train-mil";
import { madeBags, quickStudy } from "./made-bags.js";
import { freshFolder } from "./tissue.js";

const folder = freshFolder("null-test");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => join(folder, ...parts);

const options = { ...quickStudy, permutations: 19 };

test("the result comes first, then the shuffles one by one; they are taken up again, and give p for the observed repeat", async () => {
  const said: string[] = [];
  const stop = new AbortController();
  const stopped = trainMil(madeBags(24), at("study"), {
    ...options,
    signal: stop.signal,
    onJudged: async ({ findings, model }) => {
      said.push("judged");
      expect(findings.study!.methods[0].pooled.auc.value).toBeGreaterThan(0.9);
      expect(findings.study!.permutation).toBeUndefined();
      expect(model.members).toHaveLength(5);
      expect(readdirSync(at("study"))).toContain("bag_scores.csv");
    },
    onProgress: ({ stage, done, total }: ProgressEvent) => {
      if (stage !== "null test") return;
      expect(total).toBe(19);
      said.push(`${done}`);
      if (done === 3) stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow("aborted");
  expect(said.slice(0, 4)).toEqual(["judged", "1", "2", "3"]);
  const shuffles = () => readdirSync(at("study", "folds")).filter((name) => name.startsWith("null-"));
  expect(shuffles().length).toBeLessThan(10);
  const first = at("study", "folds", "null-1.json");
  utimesSync(first, 1, 1);
  const { findings } = await trainMil(madeBags(24), at("study"), options);
  expect(shuffles()).toHaveLength(19);
  expect(statSync(first).mtimeMs).toBe(1000);
  const { repeats, observed, atLeast, p, floor, interval } = findings.study!.permutation!;
  expect([repeats, atLeast, p, floor]).toEqual([19, 0, 0.05, 0.05]);
  expect(observed).toBeCloseTo(findings.study!.methods[0].pooled.auc.value!, 6);
  const values = shuffles().map((name) => JSON.parse(readFileSync(at("study", "folds", name), "utf8")).auc as number);
  expect(Math.min(...values)).toBeLessThanOrEqual(interval[0]);
  expect(interval[1]).toBeLessThan(observed!);
}, 60_000);

test("bags that tell nothing are not better than chance", async () => {
  // The malignant bags have no more of anything than the benign ones.
  const { findings } = await trainMil(madeBags(24, 0), at("nothing"), options);
  expect(findings.study!.permutation!.p).toBeGreaterThan(0.05);
}, 60_000);
