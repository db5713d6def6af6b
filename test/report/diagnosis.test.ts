import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Findings } from "#cube/findings";
import { answerColours } from "#report/charts/patches-per-bag";
import { findingsTables } from "#report/findings-tables";
import { mergeFindings } from "#report/merge-findings";
import { findChromium, printPdf } from "#report/print-pdf";
import { readFindings } from "#report/read-findings";
import { renderReport } from "#report/render-report";
import { caseOf, cases, plausibleStudy } from "./diagnosis-findings.js";
import { assignments, pictures, plausible } from "./findings.js";
import { parsed } from "./page.js";
import { disagreements, unsourced } from "./sourced.js";

const folder = mkdtempSync(join(tmpdir(), "diagnosis-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = Object.values(cases);
const findings: Findings = {
  ...plausible(),
  study: plausibleStudy(),
  cases: all,
  agreement: {
    both: 3,
    diagnosisOnly: 0,
    stainOnly: 0,
    neither: 0,
    indeterminate: { stainPositive: 1, stainNegative: 0 },
  },
};
const page = renderReport(findings, pictures, assignments);
const only = (id: string) =>
  parsed(page)
    .all("section.case")
    .find((of) => of.textContent.includes(`Case ${id}`))!.textContent;

describe("the unified report", () => {
  test("leads every number it prints to a finding that rounds to it", () => {
    expect(parsed(page).all('[data-finding^="study"], [data-finding^="cases"]').length).toBeGreaterThan(300);
    expect(disagreements(page, findings)).toEqual([]);
    const moved = JSON.parse(JSON.stringify(findings));
    moved.cases[1].concordance.tumourTop += 0.01;
    expect(disagreements(page, moved)).not.toEqual([]);
  });

  test("holds no number in tables and captions that is not a finding", () => {
    const prose = unsourced(page).filter((rest) => !/perfect|percentile|chance|cover|Wilson/.test(rest));
    expect(prose).toEqual([]);
  });

  test("has its sections in order", () => {
    const ids = parsed(page)
      .all("main > section")
      .map((section) => section.getAttribute("id"));
    expect(ids).toEqual([
      "summary",
      "inputs",
      "quality",
      "spectra",
      "components",
      "validation",
      "stain",
      "diagnosis",
      "concordance",
      "study",
      "model-card",
      "checklists",
      "limits",
    ]);
  });

  test("is the same for the same findings", () => {
    expect(renderReport(findings, pictures, assignments)).toBe(page);
  });

  test("pairs data elements with responses for every case", () => {
    const elements = parsed(page).text(".synoptic th[scope=row]");
    for (const element of [
      "Specimen",
      "Modality and resolution",
      "Tissue measured",
      "Adequacy",
      "Composition",
      "Diagnosis",
      "Concordance of stain and diagnosis",
    ]) {
      expect(elements.filter((of) => of === element)).toHaveLength(all.length);
    }
  });

  test("says research use only, and claims no compliance", () => {
    expect(page).toContain("research use only");
    expect(page).toContain("no claim of compliance");
    expect(
      parsed(page)
        .text("#checklists td")
        .filter((of) => of === "author input needed").length,
    ).toBeGreaterThan(5);
  });

  test("tells how often a case is called, with indeterminate as an answer of its own, and draws the calibration of what a case is told", () => {
    const text = parsed(page).text("#study").join(" ").replaceAll(/\s+/g, " ");
    expect(text).toMatch(
      /told →negativeindeterminatepositive benign758\.3.%433\.3.%18\.3.% malignant211\.1.%527\.8.%1161\.1.%/,
    );
    expect(text).toMatch(/probability that a case is told.*? Brier score of the positive class alone 0\.111/);
    const { decision, ...rest } = findings.study!;
    expect(decision).toBeDefined();
    const without = parsed(renderReport({ ...findings, study: rest }, pictures, assignments));
    expect(without.text("#study").join(" ")).toMatch(/called wrongly, was not measured/);
    const state = (of: typeof without, topic: string) =>
      of.all("#checklists tr").find((row) => row.textContent.startsWith(topic))!.textContent;
    expect(state(parsed(page), "Calibration")).toMatch(/filled in/);
    expect(state(without, "Calibration")).toMatch(/author input needed/);
    const { quality, stains, ...bare } = { ...findings, quality: undefined, stains: undefined };
    expect([quality, stains]).toEqual([undefined, undefined]);
    const unseen = parsed(renderReport(bare, pictures, assignments));
    for (const topic of ["Quality control", "Missing data"])
      expect(state(unseen, topic)).toMatch(/author input needed/);
  });

  test("keeps the colours of its answers apart for a deuteranope, in lightness too", () => {
    const lightness = Object.values(answerColours).map((hex) => {
      const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
      // Deuteranopes see red and green as one: Machado, Oliveira and Fernandes 2009, first two rows.
      return [0.367 * r + 0.861 * g - 0.228 * b, 0.28 * r + 0.673 * g + 0.047 * b, -0.012 * r + 0.043 * g + 0.969 * b];
    });
    for (const [i, one] of lightness.entries()) {
      for (const other of lightness.slice(i + 1))
        expect(Math.hypot(...one.map((v, c) => v - other[c]))).toBeGreaterThan(0.15);
    }
  });
});

describe("a reader is told", () => {
  test("that a case is discordant", () => {
    expect(only("C2")).toContain("Discordant: review – the diagnosis is positive, but");
    expect(only("C1")).not.toContain("Discordant");
    expect(parsed(page).text(".of-case").join()).toContain("Discordant");
  });

  test("that a diagnosis was withheld, and then none is printed anywhere", () => {
    expect(only("C3")).toContain("No diagnosis: the quality gate failed (patches).");
    expect(parsed(page).all('[data-finding^="cases.2.diagnosis"]')).toEqual([]);
    const row = parsed(page)
      .all("#concordance tbody tr")
      .find((of) => of.textContent.startsWith("C3"))!.textContent;
    expect(row).toContain("withheld");
    expect(row).not.toMatch(/malignant|benign/);
  });

  test("that a case is indeterminate, which is an answer", () => {
    expect(only("C4")).toContain("Indeterminate");
    expect(only("C4")).toContain("That is an answer.");
    expect(only("C4")).not.toContain("Discordant");
    expect(parsed(page).text("#concordance th").join()).toContain("diagnosis indeterminate");
  });

  test("which scores are called, by what the study found of them and not by a gap that it never saw", () => {
    const saying = (bandLimits: readonly [number | null, number | null]) => {
      const one = caseOf("C1", { diagnosis: { ...caseOf("C1").diagnosis!, bandLimits } });
      return renderReport({ ...findings, cases: [one] }, pictures);
    };
    expect(saying([0.5, 0.5])).toContain("of the study’s bags on either side were right");
    expect(saying([0.5, 0.5])).not.toContain("separated");
    expect(saying([null, 0.6])).toContain("to be sure of a negative");
    expect(saying([0.4, null])).toContain("to be sure of a positive");
    expect(saying([null, null])).toContain("to be sure of either answer");
  });

  test("that point spectra are not an image, and why there are no maps", () => {
    expect(only("C5")).toContain("Point spectra, not an image");
    expect(only("C5")).toContain("because its spectra are points and not an image");
    const points = renderReport({ ...findings, cases: undefined, study: plausibleStudy("points") }, pictures);
    expect(parsed(points).text("#study .case-banner").join()).toContain("Point spectra, not an image");
  });

  test("that a patient is known to the model", () => {
    const stamped = caseOf("C1", { stamps: ["patient D-C1 is among those that the diagnosis was learned from"] });
    const html = renderReport({ ...findings, cases: [stamped] }, pictures);
    expect(parsed(html).text("section.case .case-banner")).toEqual([
      "patient D-C1 is among those that the diagnosis was learned from",
    ]);
  });

  test("that scores are saturated", () => {
    const study = plausibleStudy();
    const [first, ...rest] = study.methods;
    const odd = {
      ...study,
      methods: [{ ...first, saturated: { share: 0.97, warning: true } }, ...rest],
    };
    const html = renderReport({ ...findings, study: odd }, pictures);
    expect(html).toContain("Saturated scores");
    expect(page).not.toContain("Saturated scores");
  });

  test("whether the figures are better than chance, that few shuffles cannot show it, and that no leak is excluded", () => {
    const saying = (change: object) => {
      const study = { ...plausibleStudy(), permutation: { ...plausibleStudy().permutation!, ...change } };
      const found = { ...findings, study };
      const html = renderReport(found, pictures);
      expect(disagreements(html, found)).toEqual([]);
      return html;
    };
    const better = saying({});
    expect(better).toContain("The order of the bags is better than chance.");
    expect(better).toContain("is not seen by it");
    expect(better).not.toMatch(/nothing leaks|look for a leak|not better than chance/);
    // Brain's figures, as the audit found them: inside the shuffles.
    const chance = saying({ observed: 0.612, interval: [0.331, 0.667], atLeast: 13, p: 0.14 });
    expect(parsed(chance).text("#study b").join()).toContain("The figure is not better than chance");
    expect(parsed(chance).text("#summary b").join()).toContain("The diagnosis is not better than chance");
    const few = saying({ repeats: 6, p: 1 / 7, floor: 1 / 7 });
    expect(few).toContain("So few shuffles cannot show that the figure is better than chance.");
  });

  test("what the stain alone would have said, and from what no difference is shown", () => {
    const study = parsed(page).all("#study")[0].textContent;
    expect(study).toContain("Diagnoses that the stain gives without a network");
    expect(study).toContain("By the AUC no difference is shown from: gated attention.");
    expect(parsed(page).text(".synoptic th").join()).toContain("The stain alone, the same patients");
    expect(study).toContain("a limit that is set beforehand would set fewer aside, or miss some");
  });

  test("whether stain and diagnosis read one stain", () => {
    expect(parsed(page).text("#concordance p").join()).toContain("their agreement is no second opinion");
    const apart = { ...plausibleStudy(), patch: { ...plausibleStudy().patch, ofStain: 0 } };
    const html = renderReport({ ...findings, study: apart }, pictures);
    expect(parsed(html).text("#concordance p").join()).toContain("are two readings of the same spectra");
  });

  test("which heads fail the unit test, and that the one in use passes", () => {
    expect(parsed(page).text("#study td.verdict")).toEqual(expect.arrayContaining(["passed", "failed"]));
    expect(parsed(page).text("#model-card dd").join()).toContain("The head does not learn from what is missing");
  });
});

describe("what is not there is missed aloud", () => {
  test.each([
    ["the study", { study: undefined }, "The performance of the diagnosis is not known here"],
    ["the cases", { cases: undefined }, "because no case was diagnosed in this run"],
    ["the stains", { stains: undefined }, "There are no stain maps"],
    [
      "the challenge",
      { study: { ...plausibleStudy(), challenge: undefined } },
      "No bags measured otherwise were given",
    ],
    ["the unit test", { study: { ...plausibleStudy(), unitTests: [] } }, "The unit test was not part of this run"],
    ["the null test", { study: { ...plausibleStudy(), permutation: undefined } }, "No null test with shuffled labels"],
    ["the fused score", { study: { ...plausibleStudy(), fused: undefined } }, "Score and stain were not fused"],
    ["the maps", { cases: [caseOf("C1", { maps: [] })] }, "There are no maps of this case"],
  ])("without %s", (_, change, sentence) => {
    const html = renderReport({ ...findings, ...(change as Partial<Findings>) }, pictures);
    expect(html).toContain(sentence);
    expect(disagreements(html, { ...findings, ...(change as Partial<Findings>) })).toEqual([]);
  });
});

test("names from files are text and never markup", () => {
  const canary = '<img src=x onerror="alert(1)">Jane Canary';
  const html = renderReport({ ...findings, cases: [caseOf(canary, { truth: canary })] }, pictures);
  expect(html).not.toContain("<img src=x");
  expect(html).toContain("&lt;img src=x");
});

test("findings with study and cases are read back, and a damaged one is refused with its place", async () => {
  const path = join(folder, "findings.json");
  writeFileSync(path, JSON.stringify(findings));
  expect(renderReport(await readFindings(path), pictures, assignments)).toBe(page);
  const broken = JSON.parse(JSON.stringify(findings));
  broken.cases[0].concordance.verdict = "perhaps";
  writeFileSync(path, JSON.stringify(broken));
  await expect(readFindings(path)).rejects.toThrow("cases.0.concordance.verdict");
});

describe("several runs as one report", () => {
  const { study: _, cases: __, agreement: ___, ...stained } = findings;
  const judged: Findings = {
    ...stained,
    validation: undefined,
    stains: undefined,
    quality: undefined,
    study: plausibleStudy(),
    stamps: ["patients overlap"],
  };
  const diagnosed: Findings = { ...stained, validation: undefined, cases: [cases.concordant], origin: "real" };
  const merged = mergeFindings([stained, judged, diagnosed].map((of) => ({ findings: of, pictures })));

  test("hold what each of them found, their stamps, and a mixed origin", () => {
    expect(merged.findings.validation).toEqual(stained.validation);
    expect(merged.findings.study).toEqual(JSON.parse(JSON.stringify(plausibleStudy())));
    expect(merged.findings.cases).toHaveLength(1);
    expect(merged.findings.stamps).toEqual(["patients overlap"]);
    expect(merged.findings.origin).toBe("mixed");
    expect(merged.findings.stains).toHaveLength(stained.stains!.length);
  });

  test("find the pictures of each, and no others", () => {
    const [{ pictures: own }] = merged.findings.stains!;
    expect(merged.pictures(own.classes!)).toEqual(pictures(own.classes!.slice(2)));
    expect(merged.pictures("7/classes.png")).toBeUndefined();
    expect(disagreements(renderReport(merged.findings, merged.pictures), merged.findings)).toEqual([]);
  });
});

test("the tables have a header with units and a row for every fold and case", () => {
  const tables = new Map(findingsTables(findings).map(({ name, csv }) => [name, csv.trim().split("\n")]));
  expect(tables.get("composition.csv")![0]).toContain("area_mm2");
  expect(tables.get("metrics.csv")).toHaveLength(1 + 3 * 10);
  expect(tables.get("cases.csv")).toHaveLength(1 + all.length);
  expect(tables.get("comparison.csv")).toHaveLength(1 + 4 * 6);
  expect(tables.get("comparison.csv")).toContain("stain-share,stain,auc,0.91,0.84,0.96,0.15,0.07,0.23");
});

test("the page is printed to a PDF by Chromium, or it is said that there is none", async (context) => {
  const html = join(folder, "report.html");
  const pdf = join(folder, "report.pdf");
  writeFileSync(html, page);
  const said = process.env.CHROMIUM_PATH;
  process.env.CHROMIUM_PATH = "/nowhere/chromium";
  await expect(printPdf(html, pdf)).rejects.toThrow("needs Chromium to be printed, and none was found");
  if (said === undefined) delete process.env.CHROMIUM_PATH;
  else process.env.CHROMIUM_PATH = said;
  expect(existsSync(pdf)).toBe(false);
  if (!findChromium()) return context.skip("there is no Chromium");
  await printPdf(html, pdf);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe("%PDF-");
}, 60_000);
