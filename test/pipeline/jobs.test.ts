import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cohort } from "#cube/cohort";
import { defaultSpec } from "#diagnose/default-spec";
import { bagCohort } from "#pipeline/bag-cohort";
import { solo, withCrew } from "#pipeline/crew";
import { fit as fitModel } from "#pipeline/fit";
import { handOver, notPlain } from "#pipeline/hand-over";
import { type Jobs, jobs } from "#pipeline/jobs";
import { readBags } from "#pipeline/read-bags";
import { simulateCohort } from "#pipeline/simulate-cohort";
import { stainCohort } from "#pipeline/stain-cohort";
import { dismissThreads } from "#pipeline/threads";
import { trainMil } from "#pipeline/train-mil";
import { validate } from "#pipeline/validate";
import { freshFolder, smallPipeline, writeCohort } from "./tissue.js";

const folder = freshFolder("jobs");
const at = (name: string) => join(folder, name);
const names = Object.keys(jobs) as (keyof Jobs)[];

type Input = Parameters<Jobs[keyof Jobs]>[0];

/** What each job was given in the runs below, and what it gave. */
const done = new Map<keyof Jobs, { input: Input; answer: unknown }[]>(names.map((name) => [name, []]));

/** Every kind of run on a small cohort in this thread, with every job's inputs noted as they would be posted. */
beforeAll(async () => {
  const loaders = { ...jobs };
  for (const name of names) {
    const noting = async () => {
      const work = (await loaders[name]()) as (input: Input) => unknown;
      return async (input: Input) => {
        const posted = structuredClone(input);
        const answer = await work(input);
        done.get(name)!.push({ input: posted, answer });
        return answer;
      };
    };
    Object.assign(jobs, { [name]: noting });
  }
  try {
    const here = { workers: 0, hash: false };
    await simulateCohort(at("cores"), { patients: 2, size: 40, modes: ["SD"], step: 60, ...here });
    const pipeline = smallPipeline();
    const cohort: Cohort = await writeCohort(folder, 14, { rows: 16, cols: 16 });
    const { model } = await fitModel(cohort, pipeline, here);
    await validate(cohort, pipeline, { ...here, folds: 2, permutations: 2 });
    await stainCohort({ ...cohort, rows: cohort.rows.slice(0, 1) }, model, at("all"), { ...here, pictures: "all" });
    const smoothed = {
      ...model,
      pipeline: { ...pipeline, stain: { ...pipeline.stain, smoothing: "majority" } },
    } as const;
    await stainCohort({ ...cohort, rows: cohort.rows.slice(0, 1) }, smoothed, at("smoothed"), {
      ...here,
      pictures: "none",
    });
    await stainCohort(cohort, model, at("maps"), { ...here, pictures: "none" });
    const rows = cohort.rows.map((row, i) => ({ ...row, label: i % 2 ? "malignant" : "benign" }));
    const bags = { patchUm: 44, pixels: 8, channels: "srs3", tissueFraction: 0, ...here } as const;
    await bagCohort({ ...cohort, rows }, model, at("maps"), at("bags"), bags);
    const quick = { folds: 2, repeats: 1, permutations: 1, unitTests: false, change: { epochs: 2 } } as const;
    await trainMil(await readBags([at("bags")]), at("study"), { ...here, methods: ["top-k"], ...quick });
    // A study would ask for three seeds.
    const spec = { ...defaultSpec("mean"), epochs: 1 };
    await solo().run("testHead", { head: "mean", spec, backend: "wasm", seeds: [1] });
  } finally {
    Object.assign(jobs, loaders);
  }
}, 240_000);

afterAll(async () => {
  await dismissThreads();
  rmSync(folder, { recursive: true });
});

/** The first and last of what a job did, and of the pictures each bare one: a lettered one takes seconds. */
function casesOf(name: keyof Jobs) {
  const all = done.get(name)!;
  const chosen = new Set([...all.slice(0, 2), ...all.slice(-2)]);
  if (name === "drawPicture") for (const one of all) if ("bare" in kindOf(one)) chosen.add(one);
  return [...chosen].map(({ input, answer }) => ({
    // An outcome that is found in its file would be no work.
    input: name === "trainFold" ? { ...input, file: undefined } : input,
    answer: timeless(answer),
  }));
}

const kindOf = ({ input }: { input: Input }) => (input as Parameters<Jobs["drawPicture"]>[0]).kind;

/** An answer without the time that it took. */
const timeless = (answer: unknown) =>
  typeof answer === "object" && answer !== null && "seconds" in answer ? { ...answer, seconds: 0 } : answer;

describe("what a job gives is plain, can be posted, and is the same from a worker as from this thread:", () => {
  test.each(names)("%s", { timeout: 240_000 }, async (name) => {
    const cases = casesOf(name);
    expect(cases.length, `no run above asks for ${name}; add one`).toBeGreaterThan(0);
    const here = cases.map(({ answer }) => answer);
    expect(notPlain(here)).toBeUndefined();
    // A buffer of the pool, or shared memory, would throw here.
    const { data, buffers } = handOver(here);
    const posted = structuredClone(data, { transfer: [...buffers] });
    await withCrew({ workers: 1 }, async (crew) => {
      // Twice: what a worker keeps of one job, and what it hands over, does not spoil the next.
      for (const _ of ["first", "second"]) {
        const there: unknown[] = [];
        for (const { input } of cases) there.push(timeless(await crew.run(name, input as never)));
        // By their bytes first: vitest takes a minute to compare some pictures.
        if (!serialize(there).equals(serialize(posted))) expect(there).toEqual(posted);
      }
    });
  });
});

test("all kinds of pictures were drawn, lettered and bare", () => {
  const kinds = done.get("drawPicture")!.map(kindOf);
  expect(kinds.filter((kind) => "bare" in kind)).toHaveLength(6);
  expect(kinds.filter((kind) => "figure" in kind).length).toBeGreaterThan(8);
  expect(readFileSync(at("all/p1.png")).length).toBeGreaterThan(100);
});
