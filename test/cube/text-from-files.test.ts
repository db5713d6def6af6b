import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { csvTable, parseCsvTable, plainCell } from "#cube/csv-table";
import { parseJson } from "#cube/parse-json";
import { plainJson, plainLines, plainText } from "#cube/plain-text";
import { recordOf } from "#cube/record-schema";
import { firstSpelling, tidyName, twoSpellings, wordKey } from "#cube/words";

/** Written with numbers, so that no hidden sign stands in this file. */
const sign = (code: number) => String.fromCharCode(code);

test("what would command a terminal is written out; letters of any language stay", () => {
  expect(plainText(`${sign(27)}[2Jx${sign(7)}${sign(127)}${sign(0x9b)}31m`)).toBe("\\x1b[2Jx\\x07\\x7f\\x9b31m");
  expect(plainText(`a${sign(0x202e)}b${sign(0x2066)}c${sign(0x200f)}`)).toBe("a\\u202eb\\u2066c\\u200f");
  expect(plainText("Größe µm ⁻¹ 组织 🙂")).toBe("Größe µm ⁻¹ 组织 🙂");
  for (let code = 0; code < 0xa0; code++) {
    if (code < 32 || code >= 127) expect(plainText(sign(code))).toMatch(/^\\x[0-9a-f]{2}$/);
  }
});

test("a second line is set in, so that it cannot pass for one of ours", () => {
  expect(plainLines("note: P1\r\nspectrastain: all is well\rdone")).toBe(
    "note: P1\n  spectrastain: all is well\n  done",
  );
});

test("JSON for a terminal says the same", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const json = plainJson(texts);
      expect(JSON.parse(json)).toEqual(texts);
      expect(plainText(json)).toBe(json);
    }),
  );
});

test("a cell that a spreadsheet would compute gets a ' in front; numbers stay numbers", () => {
  const cells = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\tx", "'=1", "-5", "+1.5e-3", ".5", "a=b", "'s"];
  const [, ...lines] = csvTable(
    ["cell"],
    cells.map((cell) => [cell]),
  ).split("\n");
  expect(lines).toEqual(["'=1+1", "'+A1", "'-A1", "'@SUM(A1)", "'\tx", "''=1", ...cells.slice(6), ""]);
  expect(csvTable(["=x", "y"], [[-1, undefined]])).toBe("'=x,y\n-1,\n");
});

test("what was guarded is read back as it was, whatever it is", () => {
  const unit = fc.constantFrom("=", "+", "-", "'", "@", "\t", "a", "1", '"', ",", " ");
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const [row] = parseCsvTable(csvTable(["a", "b"], [[text, "x"]])).rows;
      expect(row.get("a")).toBe(text);
    }),
  );
  expect(plainCell("'quoted'")).toBe("'quoted'");
});

test("class names such as __proto__ survive a schema", () => {
  const schema = recordOf(z.number());
  const text = '{"__proto__":1,"constructor":2,"toString":3}';
  expect(Object.entries(parseJson(text, "x.json", schema))).toEqual([
    ["__proto__", 1],
    ["constructor", 2],
    ["toString", 3],
  ]);
  expect(() => parseJson('{"a":1,"b":"x"}', "x.json", schema)).toThrow(/^x\.json: b: .*number/);
  expect(() => parseJson("[1]", "x.json", schema)).toThrow(/^x\.json: the file: must be an object/);
  expect(() => parseJson("{", "x.json", schema)).toThrow(/^x\.json is not JSON/);
});

test("one word has one key, and the spelling that came first", () => {
  expect(wordKey(" Smooth  MUSCLE\u00a0")).toBe(wordKey("smoothmuscle"));
  expect(tidyName(" e\u0301  a\u200b ")).toBe("é a");
  const spelling = firstSpelling();
  expect(["Cancer ", "cancer", "CANCER", "constructor", "__proto__"].map(spelling)).toEqual([
    ...["Cancer", "Cancer", "Cancer", "constructor", "__proto__"],
  ]);
  expect(twoSpellings(["P1", "P2", "p2"])).toEqual(["P2", "p2"]);
  expect(twoSpellings(["P1", "P2", "P1"])).toBeUndefined();
});
