import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The Python that has Debian's numpy, scipy and scikit-learn; another may stand before it on the path. */
export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** Debian packages of the modules that the peers import. */
const packages = {
  h5py: "python3-h5py",
  numpy: "python3-numpy",
  scipy: "python3-scipy",
  sklearn: "python3-sklearn",
  torch: "python3-torch",
};

/** What to install before a peer that imports these modules can run; undefined when they are all there. */
export function missing(...modules) {
  const absent = modules.filter((name) => spawnSync(python, ["-c", `import ${name}`]).status !== 0);
  return absent.length ? `apt install ${absent.map((name) => packages[name]).join(" ")}` : undefined;
}

/**
 * The OpenBLAS of Debian 12 does not know processors newer than itself and takes them for a Prescott of 2004, at a fifth of
 * their speed. Told to use the kernels that the processor's flags allow, the peers are as fast as they can be.
 */
export const fastBlas = (() => {
  const flags = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  if (/\bavx512vl\b/.test(flags)) return { OPENBLAS_CORETYPE: "SkylakeX" };
  return /\bavx2\b/.test(flags) ? { OPENBLAS_CORETYPE: "Haswell" } : {};
})();

/**
 * A peer script that stays: it reads a line of JSON and answers with one, so that its start and its data are not timed.
 * `ask(question)` gives the answer; `end()` lets it go.
 */
export function startPeer(script, args, env = fastBlas) {
  const child = spawn(python, ["-B", fileURLToPath(new URL(`peers/${script}`, import.meta.url)), ...args], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended before it answered`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}
