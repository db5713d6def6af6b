/**
 * The Node versions that package.json names beside this machine's: a small cohort through all commands, the tests of the workers and
 * those against goldens, kernels and files, under each. What one writes must be the bytes of the first.
 * Usage: node .ci/nodes.js RESULTS.json
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const versions = ["22", "24", "26"];

const workers = ["bounded-workers", "crew", "jobs", "threads"].map((name) => `test/pipeline/${name}.test.ts`);
const tests = readdirSync(join(root, "test"), { recursive: true })
  .map((name) => join("test", name))
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => /^test\/(kernels|hdf5)\//.test(name) || readFileSync(join(root, name), "utf8").includes("golden"));

const room = mkdtempSync(join(tmpdir(), "nodes-"));
const cohort = join(room, "cohort");
mkdirSync(cohort);
const total = { passed: 0, failed: 0, skipped: 0 };
const count = ({ passed = 0, failed = 0, skipped = 0 }) => {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
};
const fail = (text) => {
  console.log(`FAILED  ${text}`);
  count({ failed: 1 });
};

let first;
for (const version of [process.execPath, ...versions]) {
  const node = version === process.execPath ? version : install(version);
  if (!node) continue;
  const hashes = throughAllCommands(node, version);
  first ??= { node, hashes };
  compare(first.hashes, hashes, version);
  // The whole suite has run on this machine's own.
  if (node !== process.execPath) runTests(node, version);
}
rmSync(room, { recursive: true, force: true });
writeFileSync(process.argv[2], JSON.stringify(total));

/** The npm package `node` brings the binary; it is put beside the checkout, not into it. */
function install(version) {
  const at = join(room, version);
  mkdirSync(at);
  const { stderr } = spawnSync(
    "npm",
    ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", at, `node@${version}`],
    {
      cwd: at,
      encoding: "utf8",
    },
  );
  const binary = join(at, "node_modules/node/bin/node");
  if (existsSync(binary)) return binary;
  // Not skipped: what was not tried is not known to run.
  fail(`Node ${version} could not be installed, so nothing was tried on it: ${stderr.trim().split("\n").at(-1)}`);
  return undefined;
}

function throughAllCommands(node, version) {
  // What the Node before made of the cubes goes; maps know the time and place of their cube, so the cubes stay.
  for (const name of readdirSync(cohort)) {
    if (!["cores", "study"].includes(name)) rmSync(join(cohort, name), { recursive: true });
  }
  const { stdout, stderr } = spawnSync(node, [join(root, "test/nodes/every-command.js"), cohort], { encoding: "utf8" });
  const lines = stdout.trim().split("\n");
  console.log(lines.slice(0, -1).join("\n"));
  try {
    const { hashes, ...counted } = JSON.parse(lines.at(-1));
    count(counted);
    return hashes;
  } catch {
    fail(`a cohort through all commands on ${version}: ${stderr}`);
    return {};
  }
}

function compare(wanted, found, version) {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  const other = names.filter((name) => wanted[name] !== found[name]);
  if (names.length && !other.length) {
    console.log(`passed  ${version}: ${names.length} cubes, models, maps, bags and pictures have the same bytes`);
    count({ passed: 1 });
  } else fail(`${version}: other bytes than on the first Node: ${other.join(", ") || "nothing was written"}`);
}

function runTests(node, version) {
  const results = join(room, `${version}.json`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${results}`];
  spawnSync(node, [vitest, "run", ...workers, ...tests, ...reporters], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    // For tests that start `node`.
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  });
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numFailedTestSuites = 0,
  } = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {};
  count({ passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests });
  if (!numPassedTests || (numFailedTestSuites && !numFailedTests)) fail(`the tests on Node ${version} did not run`);
}
