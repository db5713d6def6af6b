import { SpectraError } from "../cube/errors.js";
import { tidyName } from "../cube/words.js";

/** Which columns of a table hold what; the rest is kept aside. */
export interface TableColumns {
  readonly classColumn: number;
  readonly patientColumn?: number;
  /** What was chosen, and what for want of something better. */
  readonly remarks: readonly string[];
}

/** Columns named on the command line, by their headers. */
export interface NamedColumns {
  readonly classColumn?: string;
  readonly patientColumn?: string;
}

/** Words for the class and for the patient; those of an earlier list count first. */
const classWords = [
  ["class", "classes", "classname", "classlabel", "klasse"],
  ["label", "labels", "target"],
  [
    ...[
      "type",
      "tissue",
      "tissuetype",
      "tissueclass",
      "diagnosis",
      "annotation",
      "annotations",
      "histology",
      "category",
    ],
    ...["celltype", "pathology", "group", "disease", "y"],
  ],
];
const patientWords = [
  [
    "patient",
    "patientid",
    "patientno",
    "patientnr",
    "patientnumber",
    "patientname",
    "patientcode",
    "patid",
    "patients",
  ],
  ["subject", "subjectid", "donor", "donorid", "participant", "participantid"],
  ["case", "caseid", "caseno", "individual", "person"],
];
/** What only tells spectra apart. */
const ids =
  /^(index|idx|id|no|nr|row|number|spectrum|spectra|sample|point|pixel|measurement|scan|file|filename|name|path)(id|no|nr|number|name|index)?$/;

const keyOf = (text: string) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/**
 * Find class and patient by the names of the columns, wherever they stand. Where no name says what the class is, it is the one column
 * of words that is left; two that could be are asked about. `candidates` are the columns without wavenumbers.
 */
export function tableColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  candidates: readonly number[],
  named: NamedColumns,
  place: string,
): TableColumns {
  const nameOf = (column: number) => tidyName(header[column]) || `column ${column + 1} (without a name)`;
  const ask = (why: string): never => {
    throw new SpectraError("format", place, `${place}: ${why}; say which column is the class with --class-column NAME`);
  };
  const remarks: string[] = [];
  const patientColumn =
    byName(named.patientColumn, "--patient-column", header, place) ??
    firstOf(patientWords, header, candidates, (of) => {
      const two = of.map((column) => `"${nameOf(column)}"`).join(" and ");
      throw new SpectraError(
        "format",
        place,
        `${place} has ${two}; say which is the patient with --patient-column NAME`,
      );
    });
  if (patientColumn !== undefined && keyOf(header[patientColumn]) !== "patient") {
    remarks.push(`column "${nameOf(patientColumn)}" is taken for the patient`);
  }
  const free = candidates.filter((column) => column !== patientColumn);
  const said =
    byName(named.classColumn, "--class-column", header, place) ??
    firstOf(classWords, header, free, (of) =>
      ask(`${of.map((column) => `"${nameOf(column)}"`).join(" and ")} could each be the class`),
    );
  if (said !== undefined) {
    if (!classWords[0].includes(keyOf(header[said]))) remarks.push(`column "${nameOf(said)}" is taken for the class`);
    return { classColumn: said, patientColumn, remarks };
  }
  // An index or an identifier is no class: it has no name, or a name for it, or a number of its own in every row.
  const left = free.filter((column) => {
    if (ids.test(keyOf(header[column])) || /^unnamed\d*$/.test(keyOf(header[column]))) return false;
    const values = rows.map((row) => row[column].trim());
    return !(header[column].trim() === "" && values.every((value) => /^\d*$/.test(value)));
  });
  if (left.length === 1) {
    remarks.push(`no column is called class; "${nameOf(left[0])}" is taken for it`);
    return { classColumn: left[0], patientColumn, remarks };
  }
  return ask(
    left.length
      ? `no column is called class, and ${left
          .slice(0, 6)
          .map((column) => `"${nameOf(column)}"`)
          .join(", ")} could each be it`
      : "there is no column with the class beside the wavenumbers",
  );
}

function byName(
  name: string | undefined,
  option: string,
  header: readonly string[],
  place: string,
): number | undefined {
  if (name === undefined) return undefined;
  const found = header.findIndex((text) => tidyName(text) === tidyName(name));
  const column = found >= 0 ? found : header.findIndex((text) => keyOf(text) === keyOf(name) && keyOf(name) !== "");
  if (column >= 0) return column;
  const message = `${option} is "${name}", but ${place} has no such column; its header begins ${header.slice(0, 6).join(", ")}`;
  throw new SpectraError("params", place, message);
}

/** The column that the earliest list names; `several` says what happens where it names more than one. */
function firstOf(
  lists: readonly (readonly string[])[],
  header: readonly string[],
  candidates: readonly number[],
  several: (columns: readonly number[]) => never,
): number | undefined {
  for (const words of lists) {
    const found = candidates.filter((column) => words.includes(keyOf(header[column])));
    if (found.length > 1) return several(found);
    if (found.length) return found[0];
  }
  return undefined;
}
