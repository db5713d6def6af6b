import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withCrew } from "#pipeline/crew";
import { gatherTable } from "#pipeline/table";
import { cohortOf, examineCohort, readCohort } from "#read/cohort";
import { freshFolder, smallPipeline, writeTissue } from "../pipeline/tissue.js";

const folder = mkdtempSync(join(tmpdir(), "words-"));
let count = 0;
const written = (text: string | Uint8Array) => {
  const path = join(folder, `cohort-${count++}.csv`);
  writeFileSync(path, text);
  return path;
};
const cohort = (text: string | Uint8Array) => readCohort(written(text));
const splitsOf = async (...words: string[]) =>
  (await cohort(`cube,split\n${words.map((word, i) => `${i}.h5,${word}\n`).join("")}`)).rows.map(({ split }) => split);

describe("the words of split", () => {
  test("train and nothing are learned from, whatever case and blanks", async () => {
    expect(await splitsOf("train", "Training", " TRAIN ", "train set", "")).toEqual([
      "train",
      "train",
      "train",
      "train",
      undefined,
    ]);
  });

  test.each([
    ...[
      "test",
      "TEST",
      "Test",
      " test ",
      "testing",
      "test set",
      "validation",
      "VAL",
      "holdout",
      "hold-out",
      "Held Out",
    ],
    ...["held-out", "held_out", "external", "external validation", "unseen"],
  ])("%j is held out", async (word) => {
    expect(await splitsOf("train", word)).toEqual(["train", "test"]);
  });

  test.each(["tset", "0", "1", "2", "yes", "A", "dev"])(
    "%j is refused, with its row and the words known",
    async (word) => {
      await expect(splitsOf("train", word)).rejects.toThrow(
        `row 2 (line 3): the split "${word}" is not known; say train or training`,
      );
    },
  );

  test("a word that is not plain test is told, with its rows", async () => {
    const { remarks } = await cohort("cube,split\na.h5,holdout\nb.h5,train\nc.h5,holdout\n");
    expect(remarks).toEqual(['the split "holdout" is understood as held out (rows 1, 3)']);
  });

  test("a column of another name that holds the words of split is one, and so never learned from", async () => {
    for (const header of ["purpose", "spilt", "Set", "Train/Test"]) {
      const { rows, remarks } = await cohort(`cube,${header}\na.h5,train\nb.h5,TEST\n`);
      expect(rows.map(({ split }) => split)).toEqual(["train", "test"]);
      expect(remarks?.join()).toContain(`"${header}"`);
    }
    const { rows } = await cohort("cube,set\na.h5,north\nb.h5,south\n");
    expect(rows.map(({ split, extra }) => [split, extra.set])).toEqual([
      [undefined, "north"],
      [undefined, "south"],
    ]);
  });

  test("rows built by hand are held to the same words", async () => {
    const path = join(freshFolder("split"), "a.h5");
    const gather = (split: string) =>
      withCrew({ workers: 0 }, (crew) =>
        gatherTable({ rows: [{ ...cohortOf([path]).rows[0], split }] }, smallPipeline(), crew, { seed: 1 }),
      );
    await expect(gather("tset")).rejects.toThrow(/a\.h5 has the split "tset", which is not known/);
    await expect(gather("Validation")).rejects.toThrow(/every cube of the cohort is held out/);
  });
});

describe("modes, labels and patients", () => {
  test("SD and HD are read in any case; any other mode is told", async () => {
    const { rows, remarks } = await cohort("cube,mode\na.h5,sd\nb.h5,Hd \nc.h5,High Definition\nd.h5,H D\ne.h5,ATR\n");
    expect(rows.map(({ mode }) => mode)).toEqual(["SD", "HD", "HD", "HD", "ATR"]);
    expect(remarks).toEqual(['the mode "ATR" is neither SD nor HD, and is taken for a mode of its own']);
  });

  test("labels that differ in case, blanks or the form of their letters are one, as the first is written", async () => {
    const { rows } = await cohort(
      "cube,label\na.h5,Tumeur rénale\nb.h5,tumeur  re\u0301nale \nc.h5,TUMEUR RÉNALE\nd.h5,other\n",
    );
    expect(rows.map(({ label }) => label)).toEqual(["Tumeur rénale", "Tumeur rénale", "Tumeur rénale", "other"]);
  });

  test("a patient written in two ways would be two patients, and is refused", async () => {
    await expect(cohort("cube,patient\na.h5,P1\nb.h5,p1\n")).rejects.toThrow(/row 1 has the patient "P1", row 2 "p1"/);
    const { rows } = await cohort("cube,patient\na.h5,P1 1\nb.h5,P11\nc.h5, P11 \n");
    expect(rows.map(({ patient }) => patient)).toEqual(["P1 1", "P11", "P11"]);
  });
});

describe("headers", () => {
  test.each([
    ["Patient ID", "patient"],
    ["patient_id", "patient"],
    ["PatientID", "patient"],
    ["PATIENT", "patient"],
    ["Case", "patient"],
    ["Label", "label"],
    ["Mode", "mode"],
    ["slide-id", "slide"],
  ] as const)("%j is taken for %s, with a remark", async (header, name) => {
    const { rows, remarks } = await cohort(`cube,${header}\na.h5,X1\n`);
    expect(rows[0][name]).toBe("X1");
    expect(remarks?.[0]).toBe(`column "${header}" is taken for "${name}"`);
  });

  test.each(["File", "Path", "filename", "CUBE", "file_name"])("%j names the cube", async (header) => {
    expect((await cohort(`${header},patient\na.h5,P1\n`)).rows[0].path).toBe(join(folder, "a.h5"));
  });

  test("two that mean the same are refused; a looser word beside the plain one is kept", async () => {
    await expect(cohort("cube,Patient ID,patient_no\na.h5,1,2\n")).rejects.toThrow(
      /line 1: has two columns that mean "patient": "Patient ID" and "patient_no"/,
    );
    await expect(cohort("file,path,patient\na.h5,b.h5,2\n")).rejects.toThrow(/mean "cube": "file" and "path"/);
    const { rows } = await cohort("cube,patient,case\na.h5,P1,C7\n");
    expect([rows[0].patient, rows[0].extra.case]).toEqual(["P1", "C7"]);
  });

  test("a slip of the pen is told, and not taken for the column", async () => {
    const { rows, remarks } = await cohort("cube,pateint,lable\na.h5,P1,benign\n");
    expect(rows[0]).toMatchObject({ patient: undefined, label: undefined, extra: { pateint: "P1", lable: "benign" } });
    expect(remarks).toEqual([
      'column "pateint" looks like "patient" misspelt; it is kept, but not taken for it',
      'column "lable" looks like "label" misspelt; it is kept, but not taken for it',
    ]);
  });

  test("labels is where they lie in the file of a row, label what the whole cube is", async () => {
    const { rows, remarks } = await cohort("cube,label,labels,Dataset\na.h5,benign,/notes/labels,/scan\n");
    expect(rows[0]).toMatchObject({ label: "benign", extra: { labels: "/notes/labels", dataset: "/scan" } });
    expect(remarks).toEqual(['column "Dataset" is taken for "dataset"']);
  });

  test("known columns that are kept have one name, others their own; columns without a name are passed over", async () => {
    const { rows } = await cohort(",cube,Biopsy ID,Pixel size (µm),Co-adds,my notes\n0,a.h5,B1,5.5,4,left\n");
    expect(rows[0].extra).toEqual({ biopsy: "B1", pixel_size_um: "5.5", co_adds: "4", "my notes": "left" });
    const odd = await cohort("cube,__proto__,constructor\na.h5,x,y\n");
    expect(Object.entries(odd.rows[0].extra)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });
});

describe("the text of a cohort file", () => {
  const rowsOf = async (text: string | Uint8Array) =>
    (await cohort(text)).rows.map(({ path, patient }) => [path, patient]);
  const expected = [
    [join(folder, "a, b.h5"), 'P "1"'],
    [join(folder, "c.h5"), "P2"],
  ];

  test.each([
    ["quotes and CRLF", 'cube,patient\r\n"a, b.h5","P ""1"""\r\nc.h5,P2\r\n'],
    ["only CR", 'cube,patient\r"a, b.h5","P ""1"""\rc.h5,P2'],
    ["a byte order mark", '\uFEFFcube,patient\n"a, b.h5","P ""1"""\nc.h5,P2\n'],
    ["semicolons", 'cube;patient\na, b.h5;"P ""1"""\nc.h5;P2\n'],
    ["tabs", 'cube\tpatient\na, b.h5\t"P ""1"""\nc.h5\tP2\n'],
    ["blanks before quotes", 'cube, patient\n"a, b.h5", "P ""1"""\nc.h5, P2\n'],
    ["a line that names the separator", 'sep=;\ncube;patient\na, b.h5;"P ""1"""\nc.h5;P2\n'],
    ["comments and blank lines", '# made by hand\n\ncube,patient\n,\n"a, b.h5","P ""1"""\n# x.h5,P9\n\nc.h5,P2\n'],
    ["fields that a spreadsheet appends", 'cube,patient,,\n"a, b.h5","P ""1""",,\nc.h5,P2,,,,\n'],
    ["columns in another order", 'patient,cube\n"P ""1""","a, b.h5"\nP2,c.h5\n'],
  ])("may have %s", async (_, text) => {
    expect(await rowsOf(text)).toEqual(expected);
  });

  test("may be UTF-16, or Windows' Latin", async () => {
    const text = "cube;patient\nä.h5;Ö1\n";
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
    const swapped = Buffer.from(utf16).swap16();
    for (const bytes of [Buffer.from(text), utf16, swapped, Buffer.from(text, "latin1")]) {
      expect(await rowsOf(bytes)).toEqual([[join(folder, "ä.h5"), "Ö1"]]);
    }
  });

  test("lines are counted as in the file, comments and quoted line breaks among them", async () => {
    const text = '# one\ncube,note,split\na.h5,"two\nlines",train\n\nb.h5,,tset\n';
    await expect(cohort(text)).rejects.toThrow(/row 2 \(line 6\): the split "tset"/);
    await expect(cohort('cube,patient\na.h5,"P1\n')).rejects.toThrow(/line 2: a quoted field begins and does not end/);
    await expect(cohort("cube,patient\na.h5,P\u00001\n")).rejects.toThrow(/NUL byte in line 2/);
  });

  test("a commented row is told, for it may be missed", async () => {
    expect((await cohort("#v1\ncube\na.h5\n#b.h5\n")).remarks).toEqual(["lines that begin with # are passed over: 4"]);
  });

  test("all that is wrong is found in one look; the error names the first and counts the others", async () => {
    const path = written("cube,patient,split\na.h5,P1,tset\n,P2,\na.h5,p1,test\nb.h5,P3\n");
    const { problems } = examineCohort(path);
    expect(problems.map((problem) => problem.slice(path.length))).toEqual([
      expect.stringMatching(/^, row 1 \(line 2\): the split "tset"/),
      ", row 2 (line 3): the cube is empty",
      expect.stringMatching(/^, row 4 \(line 5\): 2 fields where the header has 3/),
      expect.stringMatching(/^: row 1 has the patient "P1", row 3 "p1"/),
      expect.stringMatching(/^ names .*a\.h5 twice \(rows 1 and 3\)/),
    ]);
    await expect(readCohort(path)).rejects.toThrow(/tset.*\(and 4 more; spectrastain cohort .* lists them\)/);
  });
});

describe("class names", () => {
  const gather = async (...classNames: string[][]) => {
    const place = freshFolder("classes");
    const paths = await Promise.all(
      classNames.map(async (names, i) => {
        const path = join(place, `${i}.h5`);
        await writeTissue(path, { patient: `P${i}`, seed: i + 1, names });
        return path;
      }),
    );
    return withCrew({ workers: 0 }, (crew) => gatherTable(cohortOf(paths), smallPipeline(), crew, { seed: 1 }));
  };

  test("that differ in case and blanks agree between cubes", async () => {
    const { classNames } = await gather(
      ["unlabelled", "nucleus", "collagen", "mucin"],
      ["Unlabelled", "Nucleus ", "COLLAGEN", " mucin"],
    );
    expect(classNames).toEqual(["unlabelled", "nucleus", "collagen", "mucin"]);
  });

  test("that differ in case only are no two classes", async () => {
    await expect(gather(["unlabelled", "cancer", "Cancer ", "mucin"])).rejects.toThrow(
      /calls the labels 1 and 2 "cancer" and "Cancer", which are one class/,
    );
  });
});
