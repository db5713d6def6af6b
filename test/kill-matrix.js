/** Every command that writes, killed at random moments and run again; what it then has is held against an unbroken run. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { random } from "../dist/cube/random.js";

const main = resolve(import.meta.dirname, "../dist/cli/main.js");
const signals = ["SIGKILL", "SIGTERM", "SIGINT"];

/** Small inputs for CI; large ones, on which a kill meets every stage, for the bench. */
const sizes = {
  small: {
    cores: ["--patients", "4", "--size", "60", "--modes", "SD", "--step", "24"],
    biopsies: ["--biopsies", "10", "--patch", "40", "--patches", "4,6", "--tumour", "0.2,0.6", "--step", "24"],
    patch: "40",
    // Of all methods the one that trains and is tested in the least time.
    study: ["--methods", "supervised", "--repeats", "1", "--epochs", "2"],
    trees: 12,
    workers: "0",
  },
  large: {
    cores: ["--patients", "6", "--size", "200", "--modes", "SD,HD", "--step", "15.4"],
    biopsies: ["--biopsies", "12", "--patch", "80", "--patches", "9,20", "--tumour", "0.2,0.6", "--step", "15.4"],
    patch: "80",
    study: ["--methods", "top-k", "--repeats", "2", "--epochs", "20"],
    trees: 200,
    workers: "2",
  },
};

/** The unbroken run of a command, which those behind it in the sentence read. */
const whole = (name) => `${name}-whole/out`;

/** What each command is given to write to OUT, which stands in a folder of its own. */
const commandsOf = ({ cores, patch, study }) => {
  const learned = [`${whole("simulate")}/cohort.csv`, "--pipeline", "pipeline.yaml"];
  const [model, maps] = [`${whole("fit")}.h5`, whole("stain")];
  return {
    simulate: (out) => ["simulate", "--out", out, ...cores],
    rechunk: (out) => ["rechunk", "core.h5", "--out", `${out}.h5`],
    fit: (out) => ["fit", ...learned, "--out", `${out}.h5`],
    validate: (out) => ["validate", ...learned, "--out", out, "--folds", "2", "--permutations", "2"],
    stain: (out) => ["stain", model, "biopsies/cohort.csv", "--out", out],
    bags: (out) => ["bags", model, "biopsies/cohort.csv", "--stain", maps, "--out", out, "--patch", patch],
    "train-mil": (out) => ["train-mil", whole("bags"), "--out", out, "--folds", "2", "--permutations", "0", ...study],
    diagnose: (out) => {
      return ["diagnose", `${whole("train-mil")}/mil-model.h5`, whole("bags"), "--stain", maps, "--out", out];
    },
    report: (out) => ["report", maps, whole("train-mil"), "--out", `${out}.html`, "--tables"],
  };
};

export const commandNames = Object.keys(commandsOf(sizes.small));

/** Make what the commands read, and run each of them unbroken. Gives what `killMatrix` takes. */
export async function killInputs(folder, size) {
  const chosen = sizes[size];
  const place = { folder, commands: commandsOf(chosen), workers: chosen.workers, unbroken: {} };
  writeFileSync(
    join(folder, "pipeline.yaml"),
    `name: quick
steps: [{ correct: quality }, { correct: baseline-two-point }, { normalise: vector }]
reduce: { components: 6, outside: 0 }
classify: { trees: ${chosen.trees}, pixelsPerClass: 200 }
`,
  );
  await unbroken(place, ["simulate", "--out", "biopsies", ...chosen.biopsies]);
  for (const [name, words] of Object.entries(place.commands)) {
    const took = await unbroken(place, words(outOf(place, `${name}-whole`)));
    place.unbroken[name] = { took, files: written(place, `${name}-whole`) };
    if (name !== "simulate") continue;
    const core = readdirSync(join(folder, whole(name))).findLast((file) => file.endsWith(".h5"));
    copyFileSync(join(folder, whole(name), core), join(folder, "core.h5"));
  }
  return place;
}

/**
 * Kill a command so many times, by KILL, TERM or INT, some at a time, and run it again after each.
 * Gives how many were killed, how many came to their end when they were run again, and to the same bytes; how many had something
 * half-written under a final name at the kill, and how many files were left over; and in words what was not as it should be.
 */
export async function killMatrix(place, name, kills, lanes = 1) {
  const words = place.commands[name];
  const { files: wanted } = place.unbroken[name];
  const lot = random(`kills/${name}`);
  const count = { kills: 0, done: 0, same: 0, half: 0, left: 0, faults: [] };
  let [lap, wish, { took }] = [0, kills, place.unbroken[name]];
  const lane = async () => {
    while (wish > 0 && lap < 10 * kills) {
      wish--;
      const own = `${name}-${lap++}`;
      // The first part of a run only starts Node.
      const [after, signal] = [took * (0.2 + 0.8 * lot.uniform()), signals[Math.floor(3 * lot.uniform())]];
      const done = await killOnce(place, own, words(outOf(place, own)), { after, signal, wanted, count });
      if (done === undefined) continue;
      // One that was done before it could be killed is no kill, and the machine is less busy than it was.
      wish++;
      took = Math.min(took, done);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return count;
}

/** Kill a run, and run it again; or give what it took, where it was done before. */
async function killOnce(place, own, words, { after, signal, wanted, count }) {
  const folder = join(place.folder, own);
  const fault = (what) => count.faults.push(`${words[0]}, ${signal} after ${Math.round(after)} ms: ${what}`);
  const { code, took } = await run(place, words, after, signal);
  if (code === 0) {
    rmSync(folder, { recursive: true });
    return took;
  }
  count.kills++;
  const early = Object.entries(written(place, own));
  const half = early.filter(([file, hash]) => !isTemporary(file) && file in wanted && wanted[file] !== hash);
  if (half.length) count.half++;
  for (const [file] of half) fault(`${file} is half-written`);
  const again = await run(place, words);
  if (again.code === 0) count.done++;
  else fault(`run again it ended with ${again.code}: ${again.said}`);
  const now = written(place, own);
  const other = Object.keys(wanted).filter((file) => wanted[file] !== now[file]);
  const left = Object.keys(now).filter((file) => !(file in wanted));
  if (!other.length) count.same++;
  else fault(`other bytes in ${other.join(", ")}`);
  count.left += left.length;
  if (left.length) fault(`left over: ${left.join(", ")}`);
  if (!process.env.KEEP || !(other.length || left.length)) rmSync(folder, { recursive: true });
  return undefined;
}

/** A name to write to in a folder of its own. */
function outOf({ folder }, own) {
  mkdirSync(join(folder, own), { recursive: true });
  return `${own}/out`;
}

const isTemporary = (file) => /spectrastain-(tmp|part|run)|\.lock$/.test(file);

/**
 * Hashes of all files of a run by their names, but that of `run.json`, which says when it was made and how long it took. A page says the
 * first as well, and what is written names its own folder: both are taken out.
 */
function written({ folder }, own) {
  const found = {};
  for (const file of readdirSync(join(folder, own), { recursive: true })) {
    const path = join(folder, own, file);
    if (!existsSync(path) || !statSync(path).isFile() || file.endsWith("run.json")) continue;
    const bytes = readFileSync(path);
    const said = /\.(json|html|csv)$/.test(file)
      ? bytes
          .toString()
          .replaceAll(own, "OWN")
          .replace(/(data-log="created">)[^<]*/g, "$1")
      : bytes;
    found[file] = createHash("sha256").update(said).digest("hex");
  }
  return found;
}

/** Run a command; end it after some milliseconds where these are given. */
async function run({ folder, workers }, words, after, signal) {
  const threads = words[0] === "report" || words[0] === "rechunk" ? [] : ["--workers", workers];
  const started = performance.now();
  const child = spawn(process.execPath, [main, ...words, ...threads, "--quiet"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (bytes) => {
    said = `${said}${bytes}`.slice(-1000);
  });
  const timer = after === undefined ? undefined : setTimeout(() => child.kill(signal), after);
  const code = await new Promise((ended) => child.on("close", ended));
  clearTimeout(timer);
  return { code, said, took: performance.now() - started };
}

async function unbroken(place, words) {
  const { code, said, took } = await run(place, words);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${said}`);
  return took;
}
