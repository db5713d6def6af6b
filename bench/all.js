// All benches, one after another. Nothing else should run on the machine.
// Run: npm run bench
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

for (const script of ["correct.js", "kernels.js", "forest.js", "whole-cube.js"]) {
  console.log(`\n== ${script}`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
