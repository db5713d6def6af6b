import { plainJson, plainLines, plainText } from "../cube/plain-text.js";

/** The one place where the command line writes: names and messages come from files, and a terminal must not obey them. */

/** A line on stdout. */
export function sayLine(line: string): void {
  process.stdout.write(`${plainText(line)}\n`);
}

/** One JSON object on stdout. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${plainJson(value)}\n`);
}

/** A remark or an error on stderr. */
export function sayAside(text: string): void {
  process.stderr.write(`${plainLines(text)}\n`);
}

/** Text of commander's, help or an error, which has lines of its own. */
export function sayHelp(text: string, to: NodeJS.WriteStream): void {
  to.write(text.split("\n").map(plainText).join("\n"));
}
