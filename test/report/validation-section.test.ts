import { describe, expect, test } from "vitest";
import { findingsTables } from "#report/findings-tables";
import { renderReport } from "#report/render-report";
import { pictures, plausible } from "./findings.js";
import { parsed } from "./page.js";

const findings = plausible();
const page = parsed(renderReport(findings, pictures));

describe("the section on validation", () => {
  test("says what is classified, how much of it is right, and the same at the balance of the annotations", () => {
    const rows = page.text("#validation tr").map((row) => row!.replace(/\s+/g, " "));
    expect(rows.find((row) => row.startsWith("Classified, of all"))).toMatch(/0\.961 .*0\.973/);
    expect(rows.find((row) => row.startsWith("Right, of the classified"))).toMatch(/0\.934 .*0\.951/);
    expect(page.text("#validation .headline").join()).toMatch(/Accuracy of what is classified0\.934/);
    expect(page.text("#validation caption").join()).toContain("37 drawn pixels were refused by the quality step");
    expect(page.text("#validation caption").join()).toMatch(/By mode: SD 8\s042, HD 40\s171\./);
  });

  test("claims that limits were fitted in the folds only where they were", () => {
    const { stained: _, annotated: _1, patients: _2, pair: _3, ...earlier } = findings.validation!;
    const old = parsed(renderReport({ ...findings, validation: earlier }, pictures));
    expect(page.text("#validation p").join()).toContain("the limits of its domain and the temperature");
    expect(old.text("#validation p").join()).not.toContain("limits of its domain");
    expect(old.text("#validation").join()).not.toContain("class balance included");
  });

  test("sets the named pair beside the mean, and the patients with the worst first", () => {
    expect(page.text("#validation .headline").join()).toMatch(/AUC .+ against .+0\.912/);
    expect(page.text("#validation p").join()).toMatch(
      /alone the area is 0\.912 .+ patients held out, .+0\.987 .+ split at random/,
    );
    const first = page.text("#validation tr").find((row) => row!.startsWith("P01"));
    expect(first).toMatch(/71\.0/);
  });

  test("gives the calibration error before and after", () => {
    const caption = page.text("#validation figcaption").join();
    expect(caption).toMatch(/expected calibration error 0\.031; before, as shares of the votes, 0\.192 and 0\.151/);
  });
});

test("the tables hold every figure of the validation with its interval, and every patient", () => {
  const tables = new Map(findingsTables(findings).map(({ name, csv }) => [name, csv.trim().split("\n")]));
  const figures = tables.get("validation.csv")!;
  expect(figures[0]).toBe("figure,class,value,low,high,patients,cores,pixels,note");
  expect(figures).toContain("p of macro AUC,,0.01,,,,,,");
  expect(figures.find((row) => row.startsWith("at the balance of the annotations: coverage"))).toMatch(
    /,,0\.973,0\.963,0\.978,/,
  );
  const patients = tables.get("patients.csv")!;
  expect(patients).toHaveLength(13);
  expect(patients[1]).toMatch(/^P01,[^,]+,2,3000,0\.71,0\.93,,$/);
});
