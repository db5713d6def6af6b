import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isTable } from "#read/is-table";
import { readSpectraTable } from "#read/spectra-table";

const folder = mkdtempSync(join(tmpdir(), "columns-"));
let count = 0;
const written = (text: string) => {
  const path = join(folder, `spectra-${count++}.csv`);
  writeFileSync(path, text);
  return path;
};
const read = (text: string, named = {}) => readSpectraTable(written(text), named);

/** Six spectra of two classes and three patients, two bands: what each of the tables below says. */
const rows = ["cancer", "stroma", "cancer", "stroma", "cancer", "stroma"].map((name, i) => ({
  name,
  patient: `P${i % 3}`,
  spectrum: [i + 0.5, i + 0.25],
}));
const table = (header: string, line: (row: (typeof rows)[number], i: number) => string) =>
  `${header}\n${rows.map(line).join("\n")}\n`;
const bands = ({ spectrum }: (typeof rows)[number]) => spectrum.join(",");
const right = {
  classNames: ["unlabelled", "cancer", "stroma"],
  labels: Uint8Array.from([1, 2, 1, 2, 1, 2]),
  patients: ["P0", "P1", "P2", "P0", "P1", "P2"],
  values: Float32Array.from(rows.flatMap(({ spectrum }) => spectrum)),
};
const comma = (text: string) => text.replaceAll(".", ",");
const crlf = (text: string) => text.replaceAll("\n", "\r\n");

const plain = table("class,patient,900.5,932.0", (row) => `${row.name},${row.patient},${bands(row)}`);

describe("columns count by their names, not by their places", () => {
  test.each([
    ["class first", plain],
    ["patient first", table("patient,class,900.5,932", (row) => `${row.patient},${row.name},${bands(row)}`)],
    ["class last", table("patient,900.5,932,class", (row) => `${row.patient},${bands(row)},${row.name}`)],
    [
      "in the middle",
      table("900.5,Class,932,Patient", (r) => `${r.spectrum[0]},${r.name},${r.spectrum[1]},${r.patient}`),
    ],
    ["an index without a name", table(",class,patient,900.5,932", (r, i) => `${i},${r.name},${r.patient},${bands(r)}`)],
    [
      "an index by pandas",
      table("Unnamed: 0,class,patient,900.5,932", (r, i) => `${i},${r.name},${r.patient},${bands(r)}`),
    ],
    ["an identifier", table("sample_id,class,patient,900.5,932", (r, i) => `S${i},${r.name},${r.patient},${bands(r)}`)],
    ["no name for the class", table(",patient,900.5,932", (r) => `${r.name},${r.patient},${bands(r)}`)],
    ["a word of its own for the class", table("Gewebe,patient,900.5,932", (r) => `${r.name},${r.patient},${bands(r)}`)],
    ["remarks beside", table("operator,class,patient,900.5,932", (r, i) => `O${i},${r.name},${r.patient},${bands(r)}`)],
    ...["Patient ID", "patient_id", "PatientID", "Subject", "donor", "Case no."].map((header) => [
      header,
      table(`class,${header},900.5,932`, (row) => `${row.name},${row.patient},${bands(row)}`),
    ]),
    ...["label", "Type", "tissue type", "diagnosis", "Class name", "annotation"].map((header) => [
      header,
      table(`id,patient,900.5,932,${header}`, (row, i) => `${i},${row.patient},${bands(row)},${row.name}`),
    ]),
  ])("%s", (_, text) => {
    expect(read(text)).toMatchObject(right);
  });

  test("what was chosen for want of the plain word is told", () => {
    const { remarks } = read(table("Tissue,Donor,900.5,932", (row) => `${row.name},${row.patient},${bands(row)}`));
    expect(remarks.map((text) => text.split(": ")[1])).toEqual([
      'column "Donor" is taken for the patient',
      'column "Tissue" is taken for the class',
    ]);
    expect(read("class,900,932\na,1,2\nb,3,4\n").remarks[0]).toMatch(/no column is called patient/);
    expect(read(plain).remarks).toEqual([]);
  });

  test("two columns that could be the class are asked about, and one can be named", () => {
    const text = table("tissue,diagnosis,patient,900.5,932", (r, i) => `T${i % 2},${r.name},${r.patient},${bands(r)}`);
    expect(() => read(text)).toThrow(/"tissue" and "diagnosis" could each be the class; .*--class-column NAME/);
    expect(read(text, { classColumn: "Diagnosis" })).toMatchObject(right);
    const strange = table("a,b,900.5,932", (r) => `${r.name},${r.patient},${bands(r)}`);
    expect(() => read(strange)).toThrow(/no column is called class, and "a", "b" could each be it/);
    expect(read(strange, { classColumn: "a", patientColumn: "b" })).toMatchObject(right);
    expect(() => read(strange, { classColumn: "c" })).toThrow(/--class-column is "c", but .* has no such column/);
  });

  test("a class that is another one in nearly every row is an identifier, and asked about", () => {
    const text = table("class,patient,900.5,932", (row, i) => `S-${i},${row.patient},${bands(row)}`);
    expect(() => read(text)).toThrow(/is the column "class" the class\? It holds 6 different words for 6 spectra/);
    expect(read(text, { classColumn: "class" }).classNames.length).toBe(7);
  });

  test("more classes than a label can number are refused", () => {
    const many = Array.from({ length: 900 }, (_, i) => `c${i % 300},1,2`).join("\n");
    expect(() => read(`class,900,932\n${many}\n`)).toThrow(/holds 300 classes; at most 255/);
  });

  test("spellings of a class that differ in case or blanks are one; nothing, NaN and unlabelled are no class", () => {
    const text =
      "class,900,932\nCancer ,1,2\ncancer,3,4\nCANCER,1,1\nstroma,1,2\n Stroma,5,6\n,1,2\nNaN,1,2\nUnlabelled,1,2\n";
    const { classNames, labels } = read(text);
    expect(classNames).toEqual(["unlabelled", "Cancer", "stroma"]);
    expect([...labels]).toEqual([1, 1, 1, 2, 2, 0, 0, 0]);
  });

  test("a patient in two spellings, or missing in one row, is refused with its line", () => {
    expect(() => read("class,patient,900,932\na,P1,1,2\nb,p1,1,2\n")).toThrow(/"P1" \(line 2\) and "p1" \(line 3\)/);
    expect(() => read("class,patient,900,932\na,P1,1,2\nb,,1,2\n")).toThrow(/line 3: the patient is empty/);
  });
});

describe("numbers and headers as people write them", () => {
  test.each([
    ["decimal commas and semicolons", comma(plain.replaceAll(",", ";"))],
    ["decimal commas and tabs", comma(plain.replaceAll(",", "\t"))],
    ["decimal commas in quotes", plain.replace(/\d+\.\d+/g, (digits) => `"${comma(digits)}"`)],
    ["semicolons with decimal points", plain.replaceAll(",", ";")],
    ["comment lines", `# exported on 2026-11-30, by hand; or not\n#\n${plain}`],
    ["CRLF and a byte order mark", `\uFEFF${crlf(plain)}`],
    ["blank lines", plain.replaceAll("\n", "\n\n")],
    ...[
      "$ cm-1",
      "$ cm^-1",
      "$ 1/cm",
      "$ [cm-1]",
      "$ (1/cm)",
      "$cm⁻¹",
      "$ cm−1",
      "X$",
      "X$.cm.1",
      "wavenumber $",
      "wn_$",
    ].map((form) => [
      `headers such as ${form}`,
      plain.replace("900.5", form.replace("$", "900.5")).replace("932.0", form.replace("$", "932.0")),
    ]),
  ])("%s", (_, text) => {
    const path = written(text);
    expect(isTable(path)).toBe(true);
    const found = readSpectraTable(path);
    expect(found).toMatchObject(right);
    expect([...found.axis.wavenumbers]).toEqual([900.5, 932]);
  });

  test("a unit in the header is that of the axis: 10 µm is 1000 cm-1, and bands are turned round", () => {
    const { axis, values } = read("class,8 µm,10 µm\na,1,2\nb,3,4\n");
    expect([...axis.wavenumbers]).toEqual([1000, 1250]);
    expect([...values]).toEqual([2, 1, 4, 3]);
    expect(() => read("class,8 µm,1000 cm-1\na,1,2\n")).toThrow(/the header has several units: µm, cm-1/);
    expect([...read("class,8,10\na,1,2\n", { units: "um" }).axis.wavenumbers]).toEqual([1000, 1250]);
  });

  test("descending bands are turned round; one that stands twice is refused with the line", () => {
    expect([...read("class,932,900\na,1,2\nb,3,4\n").values]).toEqual([2, 1, 4, 3]);
    expect(() => read("# x\nclass,900,932,900.0\na,1,2,3\n")).toThrow(/line 2: .*(twice|not in order)/);
  });

  test("numbers of columns are no wavenumbers", () => {
    expect(isTable(written("class,X1,X2\na,1,2\n"))).toBe(false);
    expect(isTable(written("cube,V1,V2\na,1,2\n"))).toBe(false);
    expect(() => read("class,X1,X2,X3\na,1,2,3\n")).toThrow(
      /header must hold wavenumbers.*line 1 begins class, X1, X2, X3/,
    );
  });

  test("an error shows the line in the file", () => {
    expect(() => read("# one\n\nclass,900,932\na,1,2\nb,1,x\n")).toThrow(
      /line 5: "x" in the column 932 is not a number/,
    );
    expect(() => read("class,900,932\na,1,2\nb,0,1,0,2\n")).toThrow(
      /line 3: 5 fields where the header has 3; decimal commas need/,
    );
    expect(() => read('class,900,932\na,1,"2\n')).toThrow(/line 2: a quoted field begins and does not end/);
    expect(() => read("class,900,932\na,0x10,1\n")).toThrow(/line 2: "0x10" in the column 900 is not a number/);
  });

  test("a cohort file is none, whatever its comments", () => {
    expect(isTable(written("# 900,932,964\ncube,patient\na.h5,P1\n"))).toBe(false);
    expect(isTable(written(""))).toBe(false);
    expect(isTable(join(folder, "none.csv"))).toBe(false);
  });
});
