/**
 * Kills every command at random moments, by KILL, TERM or INT, lets it run again, and holds what it then has against an unbroken run: the
 * same bytes (but for run.json and the moment in the report's header, which say when it was), and nothing left. Prints the table of
 * docs/reliability.md.
 *
 *   node bench/kills.js            20 kills a command
 *   KILLS=2 node bench/kills.js stain rechunk
 *   SIZE=small node bench/kills.js      on the inputs of the suite, where there is little time
 *   KEEP=1 node bench/kills.js fit      leaves the folder of a run that came to other bytes
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandNames, killInputs, killMatrix } from "../test/kill-matrix.js";

const chosen = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "kills-"));
const place = await killInputs(folder, process.env.SIZE ?? "large");
console.log("| command | kills | re-run done | same bytes | half-written under a final name | left |");
console.log("|---|--:|--:|--:|--:|--:|");
for (const name of commandNames) {
  if (chosen.length && !chosen.includes(name)) continue;
  const count = await killMatrix(place, name, Number(process.env.KILLS ?? 20), 2);
  console.log(`| ${name} | ${count.kills} | ${count.done} | ${count.same} | ${count.half} | ${count.left} |`);
  for (const fault of count.faults) console.error(fault);
}
if (process.env.KEEP) console.error(`kept in ${folder}`);
else rmSync(folder, { recursive: true });
