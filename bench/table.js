import { availableParallelism, cpus } from "node:os";

const markdown = process.argv.includes("--markdown");

/** Say when and on what the figures were taken. */
export function title() {
  const today = new Date().toISOString().slice(0, 10);
  say(`${today}, ${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.versions.node}`);
}

/** A line of text; with --markdown a paragraph. */
export function say(line) {
  console.log(markdown ? `${line}\n` : line);
}

/** A table of words and figures: the first column to the left, the others to the right; with --markdown a table of that. */
export function printTable(head, rows) {
  if (markdown) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    const lines = [line(head), line(head.map((_, i) => (i ? "--:" : "--"))), ...rows.map(line)];
    console.log(`${lines.join("\n")}\n`);
    return;
  }
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => `${row[i]}`.length)));
  for (const row of [head, ...rows]) {
    console.log(row.map((cell, i) => (i ? `${cell}`.padStart(widths[i]) : cell.padEnd(widths[0]))).join("  "));
  }
}
