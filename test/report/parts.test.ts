import { array, assert, double, integer, property, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { distinctBands } from "#report/assignment";
import { spread } from "#report/charts/band-labels";
import { contrastWithWhite, darkened } from "#report/class-colours";
import { entries, evidence, resolve } from "#report/evidence";
import { format } from "#report/numbers";
import { pngSize, scaleLength } from "#report/picture";
import { cssString } from "#report/style";
import { blobs } from "./findings.js";

describe("numbers", () => {
  test("thousands stand apart, a minus is a minus, and a rounded zero has none", () => {
    expect(format(1234567.891, 1)).toBe("1\u202f234\u202f567.9");
    expect(format(999, 0)).toBe("999");
    expect(format(-1234.5, 1)).toBe("\u22121\u202f234.5");
    expect(format(-0.0004, 3)).toBe("0.000");
    expect(format(0.12345678, 6)).toBe("0.123457");
  });
});

describe("evidence", () => {
  test("a path leads back to its value, whatever the keys are called", () => {
    const tree = { "a.b": { "c\\d": [1, { "": 2, length: 3 }] } };
    const leaf = evidence(tree).at("a.b").at("c\\d").at(1) as ReturnType<typeof evidence<{ length: number }>>;
    expect(leaf.path).toBe("a\\.b.c\\\\d.1");
    expect(resolve(tree, leaf.path)).toEqual({ "": 2, length: 3 });
    expect(resolve(tree, leaf.at("length").path)).toBe(3);
    expect(resolve(tree, "a.b")).toBeUndefined();
  });

  test("every key of a record can be found again", () => {
    assert(
      property(array(tuple(integer(), integer({ min: 0, max: 2 }))), (pairs) => {
        const record = Object.fromEntries(pairs.map(([n, kind]) => [["x.", "y\\", "z"][kind] + n, n]));
        for (const [, found] of entries(evidence({ in: record }).at("in"))) {
          expect(resolve({ in: record }, found.path)).toBe(found.value);
        }
      }),
    );
  });
});

describe("band labels", () => {
  test("labels with room stay over their bands", () => {
    expect(spread([100, 200, 300], 12, 0, 400)).toEqual([100, 200, 300]);
  });

  test("labels keep their order, their distance and the width of the chart", () => {
    assert(
      property(array(double({ min: 50, max: 700, noNaN: true }), { maxLength: 50 }), (positions) => {
        const ascending = [...positions].sort((a, b) => a - b);
        const places = spread(ascending, 12.5, 50, 700);
        for (let i = 0; i < places.length; i++) {
          // Sums of up to 50 steps of 12.5 are exact to a billionth.
          if (i) expect(places[i] - places[i - 1]).toBeGreaterThan(12.5 - 1e-9);
          expect(places[i]).toBeGreaterThan(50 - 1e-9);
          expect(places[i]).toBeLessThan(700 + 1e-9);
        }
      }),
    );
  });

  test("two sources for one band make one label, two bands of one name two", () => {
    const band = (wavenumber: number, name: string) => ({ wavenumber, name, assignment: "", source: "" });
    const bands = [band(1743, "ester"), band(1740, "ester"), band(1340, "wag"), band(1204, "wag")];
    expect(distinctBands(bands).map(({ wavenumber }) => wavenumber)).toEqual([1743, 1340, 1204]);
  });
});

describe("colours and pictures", () => {
  test("black on white has contrast 21, white 1", () => {
    expect(contrastWithWhite([0, 0, 0])).toBeCloseTo(21, 10);
    expect(contrastWithWhite([255, 255, 255])).toBeCloseTo(1, 10);
  });

  test("yellow is darkened until it shows as a line, and stays yellow", () => {
    const [r, g, b] = darkened([240, 228, 66]);
    expect(contrastWithWhite([r, g, b])).toBeGreaterThanOrEqual(3);
    expect(g / r).toBeCloseTo(228 / 240, 10);
    expect(b / r).toBeCloseTo(66 / 240, 10);
    expect(darkened([0, 114, 178])).toEqual([0, 114, 178]);
  });

  test("a scale bar is a round length of at most 30 % of the width", () => {
    expect([132, 264, 1408, 700, 40].map(scaleLength)).toEqual([20, 50, 200, 200, 10]);
  });

  test("the size of a PNG is read from its header, and of nothing else", () => {
    expect(pngSize(blobs(24, 1, "grey"))).toEqual({ width: 24, height: 24 });
    expect(pngSize(new Uint8Array(40))).toBeUndefined();
    expect(pngSize(undefined)).toBeUndefined();
  });

  test("a title cannot leave its string in the style sheet", () => {
    expect(cssString('a"</style>\\')).toBe('"a\\22 \\3c \\2f style\\3e \\5c "');
    expect(cssString("µ\n")).toBe('"\\b5 \\a "');
  });
});
