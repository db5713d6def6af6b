import { tidyName } from "../cube/words.js";

/** What a column of a cohort file is taken for. */
export interface ColumnReading {
  /** As written. */
  readonly header: string;
  /** The known column, or the name under which another is kept; undefined for one that is passed over. */
  readonly as: string | undefined;
  readonly known: boolean;
}

/** A known column: `same` are other spellings of its name, `alike` words that mean it where nothing else does. */
interface Known {
  readonly name: string;
  readonly same?: string;
  readonly alike?: string;
}

/** Every column that means something to a command; others are kept as they are. */
const knownColumns: readonly Known[] = [
  { name: "cube", same: "cubes cubefile cubepath", alike: "file path filename filepath h5 hdf5 datei fichier" },
  {
    name: "patient",
    same: "patients patientid patientno patientnr patientnumber patientname patientcode patid",
    alike: "subject subjectid case caseid caseno donor donorid participant participantid",
  },
  { name: "core", same: "cores coreid coreno corenumber corename", alike: "tmacore" },
  { name: "region", same: "regions regionid", alike: "roi" },
  { name: "slide", same: "slides slideid slideno slidenumber slidename" },
  { name: "mode", same: "modes imagingmode measurementmode" },
  { name: "label", alike: "class diagnosis" },
  { name: "split", same: "splits", alike: "set subset partition traintest datasplit" },
  { name: "pair", same: "pairs pairid" },
  { name: "biopsy", same: "biopsies biopsyid biopsyno biopsynumber biopsyname" },
  { name: "instrument" },
  { name: "operator" },
  { name: "day" },
  { name: "centre", same: "center" },
  { name: "fixation" },
  { name: "substrate" },
  { name: "co_adds", same: "coadd coadditions" },
  { name: "seconds" },
  { name: "age" },
  { name: "sex" },
  { name: "stage" },
  { name: "time" },
  { name: "event" },
  { name: "annotations", same: "annotation" },
  { name: "flip" },
  { name: "transpose" },
  { name: "pixel_size_um", same: "pixelsize" },
  { name: "quantity" },
  { name: "axis_units", same: "axisunit" },
  // Places in the file of a row; "labels" is no plural of "label".
  { name: "dataset" },
  { name: "axis" },
  { name: "labels" },
  { name: "mask" },
  { name: "order" },
];

/** The fields of a cohort's row that stand beside `extra`. */
export const rowColumns = ["patient", "core", "slide", "mode", "label", "split"] as const;

/** Case, blanks, hyphens and underscores do not count; a µ is a u. */
const keyOf = (text: string) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[µμ]/g, "u")
    .replace(/[^\p{L}\p{N}]/gu, "");

const sameAs = new Map(
  knownColumns.flatMap(({ name, same = "" }) => [name, ...same.split(" ")].map((word) => [keyOf(word), name] as const)),
);
const alikeTo = new Map(
  knownColumns.flatMap(({ name, alike = "" }) => alike.split(" ").map((word) => [keyOf(word), name] as const)),
);
sameAs.delete("");
alikeTo.delete("");

/** What the headers of a cohort file mean, what is worth a remark, and what cannot be. */
export function readColumns(header: readonly string[]): {
  readonly columns: readonly ColumnReading[];
  readonly remarks: readonly string[];
  readonly problems: readonly string[];
} {
  const remarks: string[] = [];
  const problems: string[] = [];
  const taken = new Map<string, string>();
  for (const text of header) {
    const name = sameAs.get(keyOf(text));
    if (name === undefined) continue;
    const other = taken.get(name);
    if (other === undefined) taken.set(name, text);
    else problems.push(twice(name, other, text));
  }
  const claims = new Map<string, string[]>();
  for (const text of header) {
    const name = alikeTo.get(keyOf(text));
    if (name === undefined || taken.has(name)) continue;
    claims.set(name, [...(claims.get(name) ?? []), text]);
  }
  for (const [name, texts] of claims) {
    if (texts.length > 1) problems.push(twice(name, texts[0], texts[1]));
  }
  const kept = new Map<string, string>();
  const columns = header.map((text): ColumnReading => {
    const tidy = tidyName(text);
    if (tidy === "" || /^unnamed(: ?\d+)?$/i.test(tidy)) return { header: text, as: undefined, known: false };
    const name =
      sameAs.get(keyOf(text)) ?? (claims.has(alikeTo.get(keyOf(text)) ?? "") ? alikeTo.get(keyOf(text)) : undefined);
    if (name !== undefined) {
      if (tidy !== name) remarks.push(`column "${tidy}" is taken for "${name}"`);
      return { header: text, as: name, known: true };
    }
    if (kept.has(tidy)) problems.push(twice(tidy, tidy, tidy));
    kept.set(tidy, text);
    const near = nearest(keyOf(text), new Set(taken.keys()));
    if (near) remarks.push(`column "${tidy}" looks like "${near}" misspelt; it is kept, but not taken for it`);
    return { header: text, as: tidy, known: false };
  });
  return { columns, remarks, problems: [...new Set(problems)] };
}

function twice(name: string, one: string, other: string): string {
  const [a, b] = [tidyName(one), tidyName(other)];
  return a === b ? `has two columns "${a}"` : `has two columns that mean "${name}": "${a}" and "${b}"`;
}

/** The known column that a word of four letters or more is a slip of the pen away from, if it is not there already. */
function nearest(key: string, there: ReadonlySet<string>): string | undefined {
  if (key.length < 4) return undefined;
  const reach = key.length < 6 ? 1 : 2;
  return knownColumns.find(({ name }) => name.length >= 4 && !there.has(name) && slips(key, keyOf(name)) <= reach)
    ?.name;
}

/** Letters left out, put in, changed or swapped with their neighbour. Source: the restricted form of Damerau's distance. */
function slips(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  for (let j = 1; j <= b.length; j++) rows[0][j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}
