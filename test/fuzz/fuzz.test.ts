import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { makeCorpus } from "./corpus.js";
import { kinds } from "./kinds.js";
import { tryInputs } from "./try-inputs.js";

/** Inputs of a kind, and a quarter of them for cubes, of which there are seven kinds of files; `bench/fuzz.js` tries a million. */
const INPUTS = Number(process.env.SPECTRASTAIN_FUZZ ?? 1000);

const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
const corpus = join(folder, "corpus");
beforeAll(() => makeCorpus(corpus));

/** What may come of a mutated file: it is refused by name, or read to something that holds. */
const clean = { foreign: 0, silent: 0, hang: 0, poisoned: 0, crash: 0, memory: 0 };

/** Kinds are shared among two processes; every other one to each. */
const halves = [0, 1].map((half) =>
  kinds
    .filter((_, i) => i % 2 === half)
    .map(({ name, attempt }) => ({ name, from: 0, to: Math.ceil(attempt === "cube" ? INPUTS / 4 : INPUTS) })),
);

describe.concurrent("a damaged file is refused by name or read, in bounded time and memory, and spoils no other", () => {
  for (const [i, jobs] of halves.entries()) {
    test(jobs.map(({ name, to }) => `${name} (${to})`).join(", "), { timeout: 600_000 }, async ({
      expect: expects,
    }) => {
      const results = await tryInputs(corpus, join(folder, `scratch-${i}`), jobs);
      for (const { name, to } of jobs) {
        const { counts, faults } = results[name];
        expects(counts, `${name}: ${JSON.stringify(faults, null, 1)}`).toMatchObject(clean);
        expects(counts.refused + counts.accepted, name).toBe(to);
        expects(counts.accepted, name).toBeGreaterThan(0);
      }
    });
  }
});

test("the same number makes the same input", async () => {
  const { bytesMutator, drawOf } = await import("./mutate.js");
  const mutate = bytesMutator(Buffer.alloc(4000, "TREE"));
  expect(mutate(drawOf("a", 7))).toEqual(mutate(drawOf("a", 7)));
  expect(mutate(drawOf("a", 7))).not.toEqual(mutate(drawOf("a", 8)));
});
