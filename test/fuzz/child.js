// A process that tries inputs: node child.js CORPUS SCRATCH JOBS, which are JSON: [{ name, from, to }]. Says what came of each input in a
// line of JSON.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { openCube } from "#read/open-cube";
import { values } from "./corpus.js";
import { isRefusal, kinds, prepare, Silent } from "./kinds.js";
import { drawOf } from "./mutate.js";

const [corpus, scratch, jobs] = process.argv.slice(2);
const tries = await prepare(corpus, scratch);

/** A good file is read to the same numbers, whatever was tried before it. */
async function goodIsGood() {
  const reader = await openCube(join(corpus, "gzip.h5"));
  try {
    const { rows, cols } = reader.cube;
    const read = reader.read({ row: 0, rows, col: 0, cols }).values;
    if (!read.every((value, i) => value === values[i])) throw new Error("the good cube reads to other numbers");
  } finally {
    reader.close();
  }
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const peak = () => process.resourceUsage().maxRSS / 1024;

async function outcomeOf(attempt, file, n) {
  try {
    await tries[attempt](file, n);
    return { out: "accepted" };
  } catch (thrown) {
    if (thrown instanceof Silent) return { out: "silent", what: thrown.message };
    if (isRefusal(thrown)) return { out: "refused" };
    return { out: "foreign", what: `${thrown?.stack ?? thrown}`.slice(0, 600) };
  }
}

for (const { name, from, to } of JSON.parse(jobs)) {
  const { seed, mutator, attempt } = kinds.find((kind) => kind.name === name);
  const mutate = mutator(readFileSync(join(corpus, seed)));
  // Bags and cohorts name files beside them.
  const place = attempt === "bags" || attempt === "cohort" ? corpus : scratch;
  const file = join(place, `input-${process.pid}${extname(seed)}`);
  for (let n = from; n < to; n++) {
    writeFileSync(file, mutate(drawOf(name, n)));
    say({ name, n });
    const before = process.cpuUsage();
    let outcome = await outcomeOf(attempt, file, n);
    const { user, system } = process.cpuUsage(before);
    // Time that was computed: on a busy machine the clock goes on without us.
    if ((user + system) / 1e6 > 2) outcome = { out: "hang", what: `${(user + system) / 1e6} s` };
    if (n % 20 === 0 && outcome.out !== "foreign") {
      await goodIsGood().catch((thrown) => {
        outcome = { out: "poisoned", what: `${thrown?.stack ?? thrown}`.slice(0, 600) };
      });
    }
    say({ name, n, ...outcome, peak: Math.round(peak()) });
  }
  rmSync(file, { force: true });
}
