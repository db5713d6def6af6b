// All benches, one after another. Nothing else should run on the machine.
// Run: npm run bench [-- --quick] [-- --markdown]; --markdown gives the tables as docs/performance.md has them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const scripts = [
  "correct.js",
  "kernels.js",
  "read.js",
  "plan.js",
  "pca.js",
  "forest.js",
  "roofline.js",
  "whole-cube.js",
  "growth.js",
];
const markdown = process.argv.includes("--markdown");

for (const script of scripts) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  console.log(markdown ? `\n## ${script}\n` : `\n== ${script}`);
  const { status } = spawnSync(process.execPath, [path, ...process.argv.slice(2)], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
