/**
 * A small cohort through every command of the program, under the Node that runs this. Prints a line a command; the last line is JSON:
 * how many commands did what they should, and hashes of the models, maps and pictures that they wrote.
 * Usage: node test/nodes/every-command.js FOLDER. Maps know the time and place of their cube, so hashes of two Nodes are alike only if
 * they worked in one folder and found the same cubes there.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = process.argv[2];

const run = (args) => spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", timeout: 120_000 });

const small = ["--modes", "SD", "--step", "15.4"];
const study = ["--biopsies", "12", "--patch", "80", "--patches", "9,12", "--tumour", "0.3,0.6", "--step", "15.4"];
const quick = ["--methods", "supervised", "--folds", "2", "--repeats", "1", "--permutations", "0", "--epochs", "4"];

/** In the order in which one takes what another wrote. */
const calls = [
  ["doctor"],
  ["simulate", "--out", "cores", "--patients", "6", "--size", "160", "--labelled", "0.3", "--seed", "7", ...small],
  // The cubes are those of the first Node where they are there already; these are made anew by each.
  ["simulate", "--out", "anew", "--patients", "1", "--size", "80", "--seed", "3"],
  ["cohort", "cores/cohort.csv"],
  ["inspect", "cores/P01-C1-SD.h5"],
  ["rechunk", "cores/P01-C1-SD.h5", "--gzip", "4", "--out", "chunked.h5"],
  ["fit", "cores/cohort.csv", "--out", "model.h5"],
  ["validate", "cores/cohort.csv", "--folds", "2", "--permutations", "1", "--out", "check"],
  ["stain", "model.h5", "cores/P02-C1-SD.h5", "--out", "painted"],
  ["simulate", "--out", "study", ...study],
  ["stain", "model.h5", "study/cohort.csv", "--pictures", "none", "--out", "maps"],
  ["bags", "model.h5", "study/cohort.csv", "--stain", "maps", "--patch", "80", "--out", "bags"],
  ["train-mil", "bags", "--out", "trained", ...quick],
  ["diagnose", "trained/mil-model.h5", "bags/B01-SD.bag.h5", "--stain", "maps", "--out", "cases"],
  ["report", "check", "trained", "cases", "--out", "unified.html"],
];
/** A minute of what the calls above do one by one; and commander's own. */
const left = ["demo", "help"];

let passed = 0;
let failed = 0;
const say = (well, text) => {
  if (well) passed++;
  else failed++;
  console.log(`${well ? "passed" : "FAILED"}  ${process.version} ${text}`);
};

const listed = run(["--help"]).stdout.split("\nCommands:\n")[1]?.split("\n\n")[0] ?? "";
const names = [...listed.matchAll(/^ {2}([a-z-]+)(?: |$)/gm)].map(([, name]) => name);
const missing = names.filter((name) => !left.includes(name) && !calls.some(([command]) => command === name));
say(
  names.length > 10 && !missing.length,
  `every command has a call here${missing.map((name) => `; ${name} has none`)}`,
);

for (const call of calls) {
  const { status, stdout, stderr } = run([...call, "--json"]);
  // What Node itself remarks, such as that something is deprecated, is a fault too.
  const well = status === 0 && isJson(stdout) && !/warning|deprecat/i.test(stderr);
  say(well, call.slice(0, 3).join(" "));
  if (!well) console.log(`exit code ${status}\n${stderr}`);
}
console.log(JSON.stringify({ passed, failed, hashes: hashes() }));

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** All that must not depend on the Node: cubes, plans, models, maps, bags, pictures and polygons. */
function hashes() {
  const files = readdirSync(folder, { recursive: true }).filter((name) =>
    /(\.(h5|png|geojson)|simulation\.json|truth\.csv)$/.test(name),
  );
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}
