/** Control characters (C0, DEL, C1), line separators, and the marks that turn the direction of text. */
const hidden = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text from a file as a terminal may have it: what would move the cursor, colour, delete or turn text is written out, such as \x1b.
 */
export function plainText(text: string): string {
  return text.replace(hidden, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The same of several lines; those after the first are set in, so that none can pass for a line of ours. */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(plainText)
    .join("\n  ");
}

/** The same within JSON, as its own escapes: what is read from it is unchanged. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(hidden, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
