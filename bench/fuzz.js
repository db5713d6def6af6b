// A million damaged files: node bench/fuzz.js [INPUTS] [FOLDER]. Stopped, it goes on where it was when it is called again with the same
// folder. Prints the table of docs/reliability.md. Both cores are busy, each with a process that is begun anew every few thousand inputs.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCorpus } from "../test/fuzz/corpus.js";
import { kinds } from "../test/fuzz/kinds.js";
import { outcomes, tryInputs } from "../test/fuzz/try-inputs.js";

const inputs = Number(process.argv[2] ?? 1_000_000);
const folder = process.argv[3] ?? join(tmpdir(), "spectrastain-fuzz");
const PROCESSES = 2;
/** Inputs between two notes of how far it is. */
const STRETCH = 2000;

mkdirSync(folder, { recursive: true });
const corpus = join(folder, "corpus");
// Its cubes are made now: stains of an earlier run would be those of others.
rmSync(corpus, { recursive: true, force: true });
await makeCorpus(corpus);
const notes = join(folder, "done.json");
const done = existsSync(notes) ? JSON.parse(readFileSync(notes, "utf8")) : {};
const before = Object.values(done).reduce((sum, { next }) => sum + next, 0);
const started = performance.now();

const stretches = [];
for (const { name, share } of kinds) {
  done[name] ??= { next: 0, counts: Object.fromEntries(outcomes.map((outcome) => [outcome, 0])), peak: 0, faults: [] };
  const most = Math.ceil((inputs * share) / 100);
  for (let from = done[name].next; from < most; from += STRETCH) {
    stretches.push({ name, from, to: Math.min(most, from + STRETCH) });
  }
}
// Kinds take turns, so that a run that is stopped has tried something of each.
stretches.sort((a, b) => a.from - b.from);
const waiting = new Map(kinds.map(({ name }) => [name, stretches.filter((stretch) => stretch.name === name)]));
const busy = new Set();

async function work(number) {
  for (;;) {
    const [name] = [...waiting].find(([kind, left]) => left.length && !busy.has(kind)) ?? [];
    if (name === undefined) return;
    // To the end of the line, so that the next one is another kind.
    const left = waiting.get(name);
    waiting.delete(name);
    waiting.set(name, left);
    busy.add(name);
    const { from, to } = left.shift();
    const results = await tryInputs(corpus, join(folder, `scratch-${number}`), [{ name, from, to }]);
    const { counts, faults, peak } = results[name];
    const kind = done[name];
    for (const outcome of outcomes) kind.counts[outcome] += counts[outcome];
    kind.peak = Math.max(kind.peak, peak);
    kind.faults.push(...faults);
    kind.next = to;
    busy.delete(name);
    writeFileSync(notes, JSON.stringify(done));
    const so = Object.values(done).reduce((sum, { next }) => sum + next, 0);
    process.stderr.write(`${so} of ${inputs} inputs, ${Math.round((performance.now() - started) / 1000)} s\n`);
  }
}
await Promise.all(Array.from({ length: PROCESSES }, (_, number) => work(number)));

const header = ["kind", "inputs", ...outcomes, "peak MB"];
const rows = kinds.map(({ name }) => {
  const { next, counts, peak } = done[name];
  return [name, next, ...outcomes.map((outcome) => counts[outcome]), peak];
});
const sum = ["all", ...header.slice(1, -1).map((_, i) => rows.reduce((all, row) => all + row[i + 1], 0))];
sum.push(Math.max(...rows.map((row) => row.at(-1))));
console.log(
  `| ${header.join(" | ")} |\n|---|${header
    .slice(1)
    .map(() => "--:")
    .join("|")}|`,
);
for (const row of [...rows, sum]) console.log(`| ${row.join(" | ")} |`);
for (const { faults } of Object.values(done)) {
  for (const { kind, n, out, what } of faults) console.log(`\n${kind}, input ${n}: ${out}\n${what ?? ""}`);
}
const tried = rows.reduce((all, row) => all + row[1], 0) - before;
console.error(`${tried} inputs in ${Math.round((performance.now() - started) / 1000)} s, Node ${process.version}`);
