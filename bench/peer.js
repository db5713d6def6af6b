import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Start a peer that answers a line with a line, so that two sides can be measured in turn. Undefined, and said, where it
 * cannot be started; `advice` says what to install.
 */
export async function startPeer(command, args, advice) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on("error", () => undefined);
  const failed = new Promise((resolve) => child.once("error", () => resolve({ done: true })));
  const answer = async () => {
    const { done, value } = await Promise.race([lines.next(), failed]);
    return done ? undefined : value.trim();
  };
  const name = await answer();
  if (name === undefined) {
    console.log(`no ${command} peer: ${advice}`);
    return undefined;
  }
  return {
    name,
    /** Send a command and give the numbers of its answer. */
    async ask(...words) {
      child.stdin.write(`${words.join(" ")}\n`);
      const line = await answer();
      if (line === undefined) throw new Error(`${name} died on: ${words.join(" ")}`);
      return line.split(" ").map(Number);
    },
    stop: () => child.stdin.end(),
  };
}
