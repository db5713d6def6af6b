// Reading a whole cube, against h5py, the HDF5 library in WebAssembly, and the file read raw: contiguous, chunked by rows, and with gzip and
// shuffle. First both sides must add up to the same sum; then each is timed in turn, medians of five, the file in the page cache.
// Run: npm run build && node bench/read.js [edge in pixels] [bands] [contiguous|chunked|gzip]
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { python } from "./python.js";

const BLOCK = 8 << 20;

/** The ways to read: each makes a function that reads its share of a file, every `of`-th region from `first`, and adds up if asked. */
const ways = {
  async raw(path) {
    const file = openSync(path, "r");
    const { size } = statSync(path);
    const out = new Uint8Array(new SharedArrayBuffer(BLOCK));
    return (first, of) => {
      for (let at = first * BLOCK; at < size; at += of * BLOCK) readSync(file, out, 0, Math.min(BLOCK, size - at), at);
    };
  },
  async library(path) {
    const { File, ready } = await import("h5wasm/node");
    await ready;
    const cube = new File(path, "r").get("cube");
    const [rows, cols, bands] = cube.shape;
    const height = cube.metadata.chunks?.[0] ?? Math.max(1, Math.floor(BLOCK / (4 * cols * bands)));
    return (first, of) => {
      for (let row = first * height; row < rows; row += of * height) {
        cube.slice([[row, Math.min(rows, row + height)], [], []]);
      }
    };
  },
  async ours(path) {
    const { openCube } = await import("../dist/read/open-cube.js");
    const { planReading } = await import("../dist/read/plan-reading.js");
    const reader = await openCube(path);
    const { rows, cols, bands } = reader.facts;
    const plan = planReading(reader.facts, 150e6);
    const out = new Float32Array(new SharedArrayBuffer(4 * plan.rows * cols * bands));
    return (first, of, add) => {
      let sum = 0;
      for (let row = first * plan.rows; row < rows; row += of * plan.rows) {
        const { values } = reader.read({ row, rows: Math.min(plan.rows, rows - row) }, out);
        if (add) for (const value of values) sum += value;
      }
      return sum;
    };
  },
};

if (!isMainThread) {
  let read;
  parentPort.on("message", async ({ way, path, first, of, add }) => {
    if (way) read = await ways[way](path);
    parentPort.postMessage(way ? undefined : read(first, of, add));
  });
} else await main();

async function main() {
  const edge = Number(process.argv[2] ?? 512);
  const bands = Number(process.argv[3] ?? 676);
  const kinds = process.argv[4] ? [process.argv[4]] : ["contiguous", "chunked", "gzip"];
  const folder = join(tmpdir(), "spectrastain-bench-read");
  mkdirSync(folder, { recursive: true });
  const megabytes = (4 * edge * edge * bands) / 1e6;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  console.log(
    `cube ${edge} × ${edge} × ${bands} float32, ${megabytes.toFixed(0)} MB; MB/s, medians of five, one and two threads`,
  );
  for (const kind of kinds) {
    const path = join(folder, `${edge}-${bands}-${kind}.h5`);
    if (!existsSync(path)) peer("make", path, edge, edge, bands, kind);
    const crews = {};
    for (const way of Object.keys(ways)) crews[way] = await hire(way, path);
    const theirs = peer("sum", path, 16);
    const ours = await crews.ours.go(2, true);
    const apart = Math.abs(ours.sum / theirs.sum - 1);
    // Sums of 10⁸ numbers in another order.
    if (!(apart < 1e-9)) throw new Error(`the two sides differ by ${apart}, so no time is worth printing`);

    const seconds = { "h5py 1": [] };
    for (let i = 0; i < 5; i++) {
      seconds["h5py 1"].push(peer("read", path, 16).seconds);
      for (const [way, crew] of Object.entries(crews)) {
        for (const threads of [1, 2]) {
          const name = `${way} ${threads}`;
          seconds[name] = [...(seconds[name] ?? []), (await crew.go(threads)).seconds];
        }
      }
    }
    const rate = (name) => megabytes / seconds[name].sort((a, b) => a - b)[2];
    const base = rate("h5py 1");
    console.log(`\n${kind} (${theirs.versions}; sums agree to ${apart.toExponential(0)})`);
    for (const name of Object.keys(seconds)) {
      console.log(
        `  ${name.padEnd(10)} ${rate(name).toFixed(0).padStart(6)} MB/s  ratio to h5py ${(rate(name) / base).toFixed(2)}`,
      );
    }
    for (const crew of Object.values(crews)) await crew.end();
  }
}

/** Two threads that have a file open in one way. */
async function hire(way, path) {
  const threads = [0, 1].map(() => new Worker(fileURLToPath(import.meta.url)));
  const ask = async (thread, message) => {
    thread.postMessage(message);
    const [answer] = await once(thread, "message");
    return answer;
  };
  await Promise.all(threads.map((thread) => ask(thread, { way, path })));
  return {
    async go(of, add) {
      const start = performance.now();
      const sums = await Promise.all(threads.slice(0, of).map((thread, first) => ask(thread, { first, of, add })));
      return { seconds: (performance.now() - start) / 1000, sum: sums.reduce((a, b) => a + (b ?? 0), 0) };
    },
    end: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}

function peer(...args) {
  const script = fileURLToPath(new URL("peers/read.py", import.meta.url));
  const done = spawnSync(python, [script, ...args.map(String)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (done.status !== 0) throw new Error("the peer failed; it needs h5py and numpy");
  return args[0] === "make" ? undefined : JSON.parse(done.stdout);
}
