// Try inputs of a kind in a process of its own, which is ended where it hangs and begun again behind that input.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** No input may take this process longer, in milliseconds of the clock: ten times what is a hang, for busy machines. */
const DEAD = 60_000;
/** MB that a process may take at the most. */
const MEMORY = 1024;

const child = fileURLToPath(new URL("child.js", import.meta.url));
export const outcomes = ["refused", "accepted", "foreign", "silent", "hang", "poisoned", "crash", "memory"];

/**
 * Try the jobs `[{ name, from, to }]` one after another. Gives for each kind the counts by outcome, the first faults, and the most memory
 * that the process had taken.
 * @returns {Promise<Record<string, { counts: Record<string, number>, faults: object[], peak: number }>>}
 */
export async function tryInputs(corpus, scratch, jobs) {
  const results = {};
  for (const { name } of jobs) {
    results[name] ??= { counts: Object.fromEntries(outcomes.map((outcome) => [outcome, 0])), faults: [], peak: 0 };
  }
  const note = (name, n, out, what) => {
    const { counts, faults } = results[name];
    counts[out]++;
    if (out !== "refused" && out !== "accepted" && faults.length < 20) faults.push({ kind: name, n, out, what });
  };
  let left = jobs.filter(({ from, to }) => from < to);
  const pass = (name, n) => {
    left = left.map((job) => (job.name === name && job.from <= n && n < job.to ? { ...job, from: n + 1 } : job));
    left = left.filter(({ from, to }) => from < to);
  };
  while (left.length) {
    const run = spawn(process.execPath, [child, corpus, scratch, JSON.stringify(left)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let current;
    let any = false;
    let said = "";
    let killed = false;
    let timer;
    let full = false;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        killed = true;
        run.kill("SIGKILL");
      }, DEAD);
    };
    run.stderr.on("data", (bytes) => {
      said = `${said}${bytes}`.slice(-2000);
    });
    createInterface({ input: run.stdout }).on("line", (line) => {
      wait();
      any = true;
      const { name, n, out, what, peak } = JSON.parse(line);
      current = out ? undefined : { name, n };
      if (!out) return;
      pass(name, n);
      if (peak > MEMORY && !full) note(name, n, "memory", `${peak} MB`);
      full = peak > MEMORY;
      results[name].peak = Math.max(results[name].peak, peak);
      note(name, n, out, what);
    });
    const code = await new Promise((resolve) => run.once("close", resolve));
    clearTimeout(timer);
    if (current) {
      note(current.name, current.n, killed ? "hang" : "crash", said.slice(-600));
      pass(current.name, current.n);
    } else if (left.length && !any && code !== null) throw new Error(`the fuzz does not begin (${code}): ${said}`);
  }
  return results;
}
