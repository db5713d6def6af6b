import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { random } from "#cube/random";
import { freshFolder, writeCohort, writeTissue } from "../pipeline/tissue.js";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = freshFolder("killed");
const names = ["first", "second", "third"];
const args = (out: string) => ["stain", "model.h5", "new.csv", "--out", out, "--no-hash"];
const run = (...words: string[]) => spawnSync(process.execPath, [main, ...words], { cwd: folder, encoding: "utf8" });

beforeAll(async () => {
  const { rows } = await writeCohort(folder, 4);
  writeFileSync(join(folder, "cohort.csv"), ["cube", ...rows.map(({ path }) => path)].join("\n"));
  const pipeline = `
name: quick
steps: [{ correct: quality }, { correct: baseline-two-point }, { normalise: vector }]
reduce: { components: 6, outside: 0 }
classify: { trees: 12, pixelsPerClass: 200 }
`;
  writeFileSync(join(folder, "pipeline.yaml"), pipeline);
  for (const [i, name] of names.entries()) {
    await writeTissue(join(folder, `${name}.h5`), { rows: 2000, cols: 100, patient: `P1${i}`, seed: i, every: 50 });
  }
  writeFileSync(join(folder, "new.csv"), ["cube", ...names.map((name) => `${name}.h5`)].join("\n"));
  const fitted = run("fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "model.h5");
  expect(fitted.status, fitted.stderr).toBe(0);
  const unbroken = run(...args("unbroken"), "--quiet");
  expect(unbroken.status, unbroken.stderr).toBe(0);
});

/** Every file of a run but those that say when it was made. */
const results = (out: string) =>
  (readdirSync(join(folder, out), { recursive: true }) as string[])
    .filter((name) => /\.(stain\.h5|png|geojson)$/.test(name))
    .sort();

/** Start a run and end it after some milliseconds, unless it ends before. */
async function killed(out: string, milliseconds: number, signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args(out)], { cwd: folder, stdio: "ignore" });
  const timer = setTimeout(() => child.kill(signal), milliseconds);
  const code = await new Promise<number | null>((ended) => child.on("close", ended));
  clearTimeout(timer);
  return code;
}

test("a run that is killed twenty times, at any moment, ends with the bytes of the unbroken run", async () => {
  const stream = random("kills");
  let kills = 0;
  for (let lap = 0; kills < 20; lap++) {
    const out = `lap${lap}`;
    for (let finished = false; !finished && kills < 20; ) {
      const code = await killed(out, 350 + 900 * stream.uniform(), stream.uniform() < 0.8 ? "SIGKILL" : "SIGINT");
      finished = code === 0;
      if (!finished) kills++;
      // Whatever has its final name by now is whole.
      if (!existsSync(join(folder, out))) continue;
      for (const name of results(out)) {
        expect(readFileSync(join(folder, out, name)).equals(readFileSync(join(folder, "unbroken", name))), name).toBe(
          true,
        );
      }
    }
    expect(run(...args(out), "--quiet").status).toBe(0);
    expect(results(out)).toEqual(results("unbroken"));
    for (const name of results(out)) {
      expect(readFileSync(join(folder, out, name)).equals(readFileSync(join(folder, "unbroken", name))), name).toBe(
        true,
      );
    }
    // Nothing half-written is left, under whatever name.
    const left = readdirSync(join(folder, out)).filter((name) => name.startsWith(".") || name.endsWith(".tmp"));
    expect(left).toEqual([]);
  }
  expect(kills).toBe(20);
});

test("what was done before the kill is not done again", async () => {
  const log = () =>
    existsSync(join(folder, "half")) && readdirSync(join(folder, "half")).find((name) => name.endsWith(".part"));
  const child = spawn(process.execPath, [main, ...args("half")], { cwd: folder, stdio: "ignore" });
  const ended = new Promise((closed) => child.on("close", closed));
  // The log has more than its first line.
  while (!log() || readFileSync(join(folder, "half", log() as string)).length < 20_000) {
    await new Promise((later) => setTimeout(later, 5));
  }
  child.kill("SIGKILL");
  await ended;
  const { stderr, status } = run(...args("half"));
  expect(status).toBe(0);
  expect(stderr).toMatch(/\d+ of 2000 rows were done before/);
});
