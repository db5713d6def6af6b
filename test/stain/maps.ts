import type { StainMap } from "#cube/stain-map";

export const sixClasses = ["unclassified", "cancer", "benign", "stroma", "inflammation", "blood", "necrosis"];

/** What the signs of a drawn map mean beside the digits, which are label values. */
const signs: Record<string, number> = { ".": 3, m: 7, x: 5, "?": 9 };

/**
 * A map from its drawing, one text a row: a digit is a kept pixel of that label value, "." no tissue, "m" masked, "x" noise,
 * "?" unclassified. A kept pixel has probability 0.75 for its class, the rest is shared evenly.
 */
export function drawn(lines: readonly string[], classNames: readonly string[] = sixClasses): StainMap {
  const size = classNames.length - 1;
  const cells = lines.flatMap((line) => [...line]);
  const classes = Uint8Array.from(cells, (sign) => (sign in signs ? 0 : Number(sign)));
  const probabilities = new Float32Array(cells.length * size);
  for (const [i, label] of classes.entries()) {
    if (label > 0)
      for (let k = 0; k < size; k++) probabilities[i * size + k] = k === label - 1 ? 0.75 : 0.25 / (size - 1);
    else if (cells[i] === "?") probabilities.fill(1 / size, i * size, (i + 1) * size);
  }
  return {
    rows: lines.length,
    cols: lines[0].length,
    classNames,
    labels: Uint8Array.from({ length: size }, (_, k) => k + 1),
    classes,
    probabilities,
    rejected: Uint8Array.from(cells, (sign) => signs[sign] ?? 0),
  };
}

/** The lines of a map's classes, "." where there is none. */
export function lines({ rows, cols, classes }: Pick<StainMap, "rows" | "cols" | "classes">): string[] {
  return Array.from({ length: rows }, (_, row) =>
    [...classes.subarray(row * cols, (row + 1) * cols)].map((label) => label || ".").join(""),
  );
}
