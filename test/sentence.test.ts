import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const src = resolve(import.meta.dirname, "../src");

/** The rows of the house, left to right. A folder imports rows to its left and itself, never a neighbour. */
const rows: string[][] = [
  ["cube"],
  ["kernels", "hdf5"],
  ["simulate", "read", "correct", "normalise", "reduce", "classify", "stain", "diagnose", "report"],
  ["pipeline"],
  ["index", "cli", "serve"],
];

const rowOf = (folder: string) => rows.findIndex((row) => row.includes(folder));
const folderOf = (file: string) => relative(src, file).split("/")[0].replace(/\.ts$/, "");

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(src, name));

/** The relative imports of a file, as absolute paths. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => resolve(dirname(file), match[1]));
}

test("there are source files, and every folder stands in a row", () => {
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) expect(rowOf(folderOf(file)), file).toBeGreaterThanOrEqual(0);
});

test("a folder imports only rows to its left, and itself", () => {
  const broken: string[] = [];
  for (const file of files) {
    const from = folderOf(file);
    for (const imported of importsOf(file)) {
      const to = folderOf(imported);
      if (from !== to && rowOf(to) >= rowOf(from))
        broken.push(`${relative(src, file)} imports ${relative(src, imported)}`);
    }
  }
  expect(broken).toEqual([]);
});

test("only hdf5 knows h5wasm", () => {
  const knowing = files.filter((file) => /["']h5wasm/.test(readFileSync(file, "utf8"))).map(folderOf);
  expect(new Set(knowing)).toEqual(new Set(knowing.length ? ["hdf5"] : []));
});

test("nothing in src reads the clock but the pipeline, for the report's header and its own speed, and the progress line", () => {
  const allowed = ["cli/", "pipeline/"];
  const reading = files
    .filter((file) =>
      /Date\.now\(|new Date\(\)|performance\.now\(|hrtime|Math\.random\(/.test(readFileSync(file, "utf8")),
    )
    .map((file) => relative(src, file))
    .filter((name) => !allowed.some((folder) => name.startsWith(folder)));
  expect(reading).toEqual([]);
});

test("no power is taken whose last bit depends on the Node: ** squares, or stands over 2 or 10", () => {
  const powers = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /[\w)\]] \*\* /.test(line) && !/^\s*(\*|\/\/)/.test(line))
      .flatMap((line) =>
        [...line.matchAll(/(\S+) \*\* (\S+)/g)].map(([power, base, exponent]) => ({ file, power, base, exponent })),
      ),
  );
  expect(powers.length).toBeGreaterThan(20);
  const allowed = ({ base, exponent }: { base: string; exponent: string }) =>
    /^2\b/.test(exponent) || /(^|\W)(2|10)$/.test(base);
  // The order of a derivative, 1 or 2, and the units of a size.
  const known = ["step ** derivative", "base ** ("];
  const others = powers.filter((one) => !allowed(one) && !known.some((text) => one.power.includes(text)));
  expect(others.map(({ file, power }) => `${relative(src, file)}: ${power}; use cube/power`)).toEqual([]);
});
