import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { program } from "#cli/program";
import { commandNames, killInputs, killMatrix } from "../kill-matrix.js";
import { freshFolder, writeCohort, writeTissue } from "../pipeline/tissue.js";

describe("a run that is killed at any moment and run again ends with the bytes of the unbroken run", () => {
  let place: Awaited<ReturnType<typeof killInputs>>;
  beforeAll(async () => {
    place = await killInputs(freshFolder("kills"), "small");
  }, 240_000);

  test("every command that writes has a case", async () => {
    const names = (await program()).commands.map((command) => command.name());
    // These write nothing; the demonstration is the others, one after another.
    const others = ["inspect", "cohort", "doctor", "demo"];
    expect(names.sort()).toEqual([...commandNames, ...others].sort());
  });

  test.each(commandNames)(
    "%s, and nothing is half-written or left over",
    async (name) => {
      const { faults, ...counts } = await killMatrix(place, name, 2, 2);
      expect(faults).toEqual([]);
      expect(counts).toEqual({ kills: 2, done: 2, same: 2, half: 0, left: 0 });
    },
    240_000,
  );
});

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = freshFolder("killed");
const args = (out: string) => ["stain", "model.h5", "new.h5", "--out", out, "--no-hash"];
const run = (...words: string[]) => spawnSync(process.execPath, [main, ...words], { cwd: folder, encoding: "utf8" });

test("what was done before the kill is not done again", async () => {
  const { rows } = await writeCohort(folder, 4);
  writeFileSync(join(folder, "cohort.csv"), ["cube", ...rows.map(({ path }) => path)].join("\n"));
  const pipeline = `
name: quick
steps: [{ correct: quality }, { correct: baseline-two-point }, { normalise: vector }]
reduce: { components: 6, outside: 0 }
classify: { trees: 12, pixelsPerClass: 200 }
`;
  writeFileSync(join(folder, "pipeline.yaml"), pipeline);
  await writeTissue(join(folder, "new.h5"), { rows: 2000, cols: 100, patient: "P1", every: 50 });
  const fitted = run("fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "model.h5");
  expect(fitted.status, fitted.stderr).toBe(0);
  const log = () =>
    existsSync(join(folder, "half")) &&
    readdirSync(join(folder, "half")).find((name) => name.endsWith(".spectrastain-part"));
  const child = spawn(process.execPath, [main, ...args("half")], { cwd: folder, stdio: "ignore" });
  const ended = new Promise((closed) => child.on("close", closed));
  /** Records that are whole in the log: each has its length, sixteen bytes of its hash, and what it says. */
  const records = () => {
    const name = log();
    const bytes = name ? readFileSync(join(folder, "half", name)) : Buffer.alloc(0);
    let [count, at] = [0, 0];
    while (at + 20 <= bytes.length && at + 20 + bytes.readUInt32LE(at) <= bytes.length) {
      at += 20 + bytes.readUInt32LE(at);
      count++;
    }
    return count;
  };
  // The first is the key; behind it are rows.
  while (records() < 2) {
    await new Promise((later) => setTimeout(later, 5));
  }
  child.kill("SIGKILL");
  await ended;
  const { stderr, status } = run(...args("half"));
  expect(status).toBe(0);
  expect(stderr).toMatch(/\d+ of 2000 rows were done before/);
});
