/** A name as a file gives it, in one form: composed letters (NFC), single blanks inside, none around. */
export function tidyName(text: string): string {
  // Zero-width spaces and NULs come along from spreadsheets and from fixed-length strings.
  return text
    .normalize("NFC")
    .replaceAll("\0", " ")
    .replace(/[\s\u200b\u2060]+/g, " ")
    .trim();
}

/** Names with the same key are one word: case and blanks do not count. */
export function wordKey(text: string): string {
  return tidyName(text).toLowerCase().replaceAll(" ", "");
}

/** A function that gives every spelling of a word the one that it saw first. */
export function firstSpelling(): (name: string) => string {
  const seen = new Map<string, string>();
  return (name) => {
    const key = wordKey(name);
    const first = seen.get(key);
    if (first !== undefined) return first;
    seen.set(key, tidyName(name));
    return tidyName(name);
  };
}

/** Two of the names that differ only in case or blanks around them, such as "P1" and "p1"; undefined where there are none. */
export function twoSpellings(names: Iterable<string>): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const name of names) {
    // Blanks inside count: "P1 1" and "P11" may be two.
    const key = tidyName(name).toLowerCase();
    const first = seen.get(key);
    if (first !== undefined && first !== name) return [first, name];
    seen.set(key, name);
  }
  return undefined;
}

/** SD or HD, however it is written; any other mode is kept, its blanks tidied. */
export function modeName(text: string): string {
  const key = wordKey(text).replace(/[^\p{L}\p{N}]/gu, "");
  if (/^(sd|standard(definition)?)$/.test(key)) return "SD";
  if (/^(hd|high(definition)?)$/.test(key)) return "HD";
  return tidyName(text);
}
