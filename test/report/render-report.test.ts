import { describe, expect, test } from "vitest";
import type { Findings } from "#cube/findings";
import { resolve } from "#report/evidence";
import { renderReport } from "#report/render-report";
import { assignments, pictures, plausible } from "./findings.js";
import { parsed } from "./page.js";
import { disagreements, unsourced } from "./sourced.js";

const findings = plausible();
const page = renderReport(findings, pictures, assignments);

/** The least that a run has: nothing was validated, stained or even processed. */
const { schema, title, notice, created, version, command, seed, origin, stamps, inputs } = findings;
const bare: Findings = { schema, title, notice, created, version, command, seed, origin, stamps, inputs };

describe("every number is a finding", () => {
  test("every printed number and name leads to a finding that rounds to it", () => {
    expect(parsed(page).all("[data-finding]").length).toBeGreaterThan(700);
    expect(disagreements(page, findings)).toEqual([]);
  });

  test("a finding that changes is noticed: the check above can fail", () => {
    const changed = JSON.parse(JSON.stringify(findings)) as {
      validation: { byPatient: { macroAuc: { value: number } } };
    };
    changed.validation.byPatient.macroAuc.value += 0.002;
    expect(disagreements(page, changed as unknown as Findings)).not.toEqual([]);
  });

  test("tables, captions and the summary hold no number without its path", () => {
    const prose = unsourced(page).filter((rest) => !/perfect|percentile|chance|cover/.test(rest));
    expect(prose).toEqual([]);
  });

  test("band assignments are those that were given", () => {
    const shown = parsed(page).all("[data-assignment]");
    expect(shown.length).toBe(assignments.length * 5);
    for (const element of shown) {
      expect(element.textContent).toBe(String(resolve(assignments, element.getAttribute("data-assignment")!)));
    }
  });

  test("the headline is the split by patient, and the random split is called a leak", () => {
    const [headline] = parsed(page).all(".headline .value [data-finding]");
    expect(headline.getAttribute("data-finding")).toBe("validation.byPatient.macroAuc.value");
    const leaks = parsed(page).all('[data-finding="validation.randomSplit.macroAuc.value"]');
    expect(leaks.length).toBe(3);
    expect(parsed(page).text(".lead")[0]).toContain("that is what a leak looks like");
  });
});

describe("what a reader finds", () => {
  test("the sections stand in order and the contents lead to them", () => {
    const { all } = parsed(page);
    const ids = all("main > section").map((section) => section.getAttribute("id"));
    expect(ids).toEqual([
      "summary",
      "inputs",
      "quality",
      "spectra",
      "components",
      "validation",
      "stain",
      "diagnosis",
      "limits",
    ]);
    expect(all("nav a").map((link) => link.getAttribute("href"))).toEqual(ids.map((id) => `#${id}`));
  });

  test("figures and tables are numbered from 1 without a gap", () => {
    for (const [selector, word] of [
      ["figcaption .number", "Figure"],
      ["caption .number", "Table"],
    ]) {
      const numbers = parsed(page).text(selector);
      expect(numbers.length).toBeGreaterThan(5);
      expect(numbers).toEqual(numbers.map((_, i) => `${word} ${i + 1}`));
    }
  });

  test("every figure says where its data come from", () => {
    const captions = parsed(page).text("figcaption");
    expect(captions.length).toBeGreaterThan(12);
    for (const caption of captions) expect(caption).toContain("Origin of the data: simulated.");
  });

  test("a stamp stands as a banner and in the caption of every figure", () => {
    const stamped = renderReport({ ...findings, stamps: ["patients overlap"] }, pictures, assignments);
    expect(parsed(stamped).text(".banner")).toEqual(["patients overlap"]);
    const captions = parsed(stamped).text("figcaption");
    for (const caption of captions) expect(caption).toContain("patients overlap");
  });

  test("SD and HD of one core stand side by side in one figure", () => {
    const titles = parsed(page)
      .all("figure")
      .map((figure) => [...figure.querySelectorAll(".title")].map((title) => title.textContent));
    expect(titles).toContainEqual([
      "Class map, SD",
      "Class map, HD",
      "Labels of the cube, SD",
      "Labels of the cube, HD",
    ]);
  });

  test("a bare map gets a scale bar; one with lettering of its own gets more width instead", () => {
    const [sd, hd] = findings.stains!;
    const layout = (html: string) =>
      parsed(html)
        .all(".plates")
        .map((plates) => plates.getAttribute("style"));
    expect(layout(page)).toEqual(["--columns: 2", "--columns: 4", "--columns: 4"]);
    expect(parsed(page).text(".scale")).toEqual(Array(12).fill("20 µm"));
    const lettered = renderReport(
      {
        ...findings,
        stains: [
          { ...sd, cols: 23 },
          { ...hd, cols: 119 },
        ],
      },
      pictures,
    );
    expect(layout(lettered)).toEqual(["--columns: 2", "--columns: 2", "--columns: 2"]);
    expect(parsed(lettered).text(".scale")).toEqual([]);
  });

  test("every colour of a picture has a key: classes, what has none, reasons, and the ends of the scales", () => {
    const { text, all } = parsed(page);
    const keys = text("#stain .legend").map((key) => key.trim());
    const names = findings.validation!.classNames;
    expect(keys.slice(-3)).toEqual([
      [...names, "unclassified", "excluded", "no tissue"].join(""),
      ...Array(2).fill(["kept", "no tissue", "outside domain", "unclassified"].join("")),
    ]);
    expect(text(".ramp")).toEqual(["≤ 1.3≥ 41.9 cm⁻¹", "01", "≤ 1.3≥ 41.9 cm⁻¹", "01"]);
    for (const colours of all(".ramp .colours")) {
      expect(colours.getAttribute("style")!.match(/rgb|#[0-9a-f]{6}/g)).toHaveLength(9);
    }
  });

  test("a run that only stains shows which pixels were rejected, and why", () => {
    const html = renderReport({ ...bare, stains: findings.stains }, pictures);
    expect(parsed(html).text("#quality h3")).toEqual(["All pixels of the stained cubes"]);
    expect(parsed(html).text("#quality td").slice(0, 7)).toEqual([
      "P03-C1-SD",
      "24 × 24",
      // 371 of 371 + 130 + 14 + 61 = 576
      "64.4\u00a0%",
      "371",
      "130",
      "14",
      "61",
    ]);
    expect(disagreements(html, { ...bare, stains: findings.stains })).toEqual([]);
  });

  test("where nothing was rejected there is a sentence instead of a chart", () => {
    const kept = findings.quality!.map(({ file, pixels }) => ({ file, pixels, byReason: { kept: pixels } }));
    const html = renderReport({ ...bare, quality: kept }, pictures);
    expect(parsed(html).text("#quality p")).toEqual(["None of them was rejected."]);
    expect(parsed(html).all("#quality figure")).toHaveLength(0);
  });

  test("a step is told with the parameters that were in force, wavenumbers with their unit", () => {
    const steps = [
      { step: "correct", method: "quality", params: { saturated: 2.5, amideI: [1600, 1700], minimumMean: null } },
      { step: "correct", method: "keep", params: { ranges: [[900, 1340], [1490, 1800]] } }, // biome-ignore format: pairs
      { step: "correct", method: "baseline-linear", params: { points: [900, 1340, 1800] } },
      { step: "correct", method: "resample", params: { start: 900, interpolation: "cubic" } },
    ] as const;
    const run = { ...bare, pipeline: { ...findings.pipeline!, steps } } as Findings;
    const html = renderReport(run, pictures);
    expect(parsed(html).text(".steps li").slice(0, 4)).toEqual([
      "Correct: quality (saturated 2.5, amide I 1600–1700\u00a0cm⁻¹)",
      "Correct: keep (ranges 900–1340, 1490–1800\u00a0cm⁻¹)",
      "Correct: baseline linear (points 900, 1340, 1800\u00a0cm⁻¹)",
      "Correct: resample (start 900\u00a0cm⁻¹, interpolation cubic)",
    ]);
    expect(disagreements(html, run)).toEqual([]);
  });

  test("cubes of different cores stand alone", () => {
    const [sd, hd] = findings.stains!;
    const apart = renderReport({ ...findings, stains: [sd, { ...hd, core: "C2" }] }, pictures, assignments);
    expect(parsed(apart).text(".title")).not.toContain("Class map, SD");
    expect(
      parsed(apart)
        .text(".title")
        .filter((title) => title === "Class map"),
    ).toHaveLength(2);
  });

  test("spectra are drawn high to low", () => {
    const ticks = parsed(page).all("#spectra figure")[0].querySelectorAll('[aria-label="x-axis tick label"] text');
    const places = [...ticks].map((tick) => ({
      wavenumber: Number(tick.textContent),
      x: Number(/translate\(([-\d.]+)/.exec(tick.getAttribute("transform")!)![1]),
    }));
    expect(places.length).toBeGreaterThan(4);
    const leftToRight = places.sort((a, b) => a.x - b.x).map(({ wavenumber }) => wavenumber);
    expect(leftToRight).toEqual([...leftToRight].sort((a, b) => b - a));
  });

  test("a figure that shuffled labels reach is said to be no better than chance, in summary and section", () => {
    const permutation = { ...findings.validation!.permutation!, observed: 0.612, p: 0.06 };
    const weak = parsed(renderReport({ ...findings, validation: { ...findings.validation!, permutation } }, pictures));
    expect(weak.text(".synoptic li").join()).toContain("0.612, is not shown to be better than chance");
    expect(weak.text("#validation p").join()).toContain(
      "p = 0.06, one-sided; with so many shuffles it cannot fall below 0.01",
    );
    expect(weak.text("#validation p").join()).toContain("The macro AUC is not better than chance.");
    expect(parsed(page).text("#validation p").join()).toContain("The macro AUC is better than chance.");
  });

  test("a null test is never said to exclude a leak, and too few shuffles to show nothing", () => {
    expect(parsed(page).text("#validation p").join()).toContain("This tests for chance alone");
    expect(page).not.toMatch(/must cover|nothing leaks|null test failed/i);
    const permutation = { ...findings.validation!.permutation!, repeats: 6, p: 1 / 7, floor: 1 / 7 };
    const few = parsed(renderReport({ ...findings, validation: { ...findings.validation!, permutation } }, pictures));
    expect(few.text("#validation p").join()).toContain("So few shuffles cannot show");
  });
});

describe("what is missing says so", () => {
  test("a run without results has every section and a sentence for each", () => {
    const html = renderReport(bare, pictures);
    const { all } = parsed(html);
    expect(all("main > section")).toHaveLength(9);
    for (const id of ["quality", "spectra", "components", "validation", "stain", "diagnosis"]) {
      const [sentence] = all(`#${id} .missing`);
      expect(sentence.textContent, id).toMatch(/run\.$/);
    }
    expect(disagreements(html, bare)).toEqual([]);
  });

  test("a figure that could not be had shows its reason", () => {
    const reason = "there is no pixel of another class";
    const none = { value: null, unit: "1" as const, reason };
    const byPatient = {
      ...findings.validation!.byPatient,
      macroAuc: none,
      auc: findings.validation!.byPatient.auc.map(() => none),
    };
    const html = renderReport({ ...findings, validation: { ...findings.validation!, byPatient } }, pictures);
    expect(parsed(html).text(".headline")[0]).toContain(reason);
    expect(parsed(html).text(".lead")[0]).toContain(reason);
    expect(
      parsed(html)
        .text("#validation td")
        .filter((cell) => cell.includes(reason)).length,
    ).toBe(7);
  });

  test("a picture that is not there leaves its path", () => {
    const html = renderReport(findings, () => undefined, assignments);
    expect(parsed(html).text(".no-picture")).toHaveLength(12);
    expect(parsed(html).text(".no-picture")[0]).toBe("picture not found: P03-C1-SD.png");
  });

  test("a file that is not a PNG is not embedded", () => {
    const html = renderReport(
      findings,
      () => new TextEncoder().encode("<svg onload=alert(1)>............"),
      assignments,
    );
    expect(parsed(html).all("img")).toHaveLength(0);
    expect(html.includes("onload")).toBe(false);
  });
});

describe("the page stands alone", () => {
  const hostile = "<script>alert(1)</script>";
  const poisoned: Findings = {
    ...findings,
    title: `${hostile}</title></style>`,
    command: `run "${hostile}' & more`,
    stamps: [hostile],
    inputs: findings.inputs.map((input) => ({ ...input, patient: hostile, file: `a"b${hostile}.h5` })),
    stains: findings.stains!.map((stain) => ({
      ...stain,
      name: hostile,
      patient: hostile,
      mode: `"${hostile}${stain.mode}`,
    })),
    spectra: { ...findings.spectra!, quantity: hostile },
    validation: {
      ...findings.validation!,
      byMode: findings.validation!.byMode!.map((each) => ({ ...each, mode: hostile })),
    },
    quality: findings.quality!.map((each) => ({ ...each, byReason: { ...each.byReason, [hostile]: 3 } })),
    failures: [{ file: hostile, error: hostile }],
  };

  test("a name with markup in it is shown, not run", () => {
    const named = assignments.map((band) => ({ ...band, name: hostile, source: hostile }));
    const html = renderReport(poisoned, pictures, named);
    expect(html.match(/<script/gi)).toBeNull();
    expect(html.match(/<\/style>/g)).toHaveLength(page.match(/<\/style>/g)!.length);
    expect(parsed(html).text("h1")).toEqual([poisoned.title]);
    expect(disagreements(html, poisoned)).toEqual([]);
  });

  test("class names with dots, quotes and the names of object members are kept apart", () => {
    const names = ["a.b", "c\\d", "constructor", 'e"f', "__proto", "length"];
    const [stain] = findings.stains!;
    const composition = stain.composition.map((part, i) => ({ ...part, name: names[i] ?? part.name }));
    const auc = Object.fromEntries(names.map((name, i) => [name, 0.9 - i / 100]));
    const odd: Findings = { ...bare, stains: [{ ...stain, composition, scores: { ...stain.scores!, auc } }] };
    const html = renderReport(odd, pictures);
    expect(disagreements(html, odd)).toEqual([]);
    expect(parsed(html).text("#stain tbody th").slice(0, 6)).toEqual(names);
  });

  test("nothing is fetched, nothing runs, and no value leaks as undefined, NaN or [object", () => {
    const forbidden = [
      /<(script|link|iframe|object|embed|base|form)\b/gi,
      /(?:src|href|srcset|action|poster)\s*=\s*(?!["']?(?:#|data:image\/png;base64,)).{9}/gi,
      /https?:|url\(|@import/gi,
      /.{20}(?:undefined|\bNaN\b(?! or infinite)|\[object|&lt;!--|<!--)/g,
    ];
    for (const html of [page, renderReport(bare, pictures), renderReport(poisoned, pictures, assignments)]) {
      // Pictures may hold any letters, and the name of SVG is an address that nobody opens.
      const shown = html.replace(/base64,[A-Za-z0-9+/=]*/g, "base64,").replaceAll("http://www.w3.org/2000/svg", "");
      expect(forbidden.flatMap((pattern) => shown.match(pattern) ?? [])).toEqual([]);
    }
  });

  test("the same findings give the same page", () => {
    expect(renderReport(plausible(), pictures, assignments) === page).toBe(true);
  });

  test("numbers that are not finite print as a dash and draw a hole", () => {
    const classes = findings.spectra!.classes.map((each) => ({ ...each, sd: each.sd.map(() => Number.NaN) }));
    const html = renderReport({ ...bare, spectra: { ...findings.spectra!, classes }, seed: Number.NaN }, pictures);
    expect(html.match(/.{20}\bNaN\b.{20}/g)).toBeNull();
  });

  test("a cut gap in the axis is not bridged by a line", () => {
    const { wavenumbers, classes, quantity } = findings.spectra!;
    const kept = wavenumbers.map((x) => x < 1340 || x > 1490);
    const cut = (values: readonly number[]) => values.filter((_, band) => kept[band]);
    const spectra = {
      quantity,
      wavenumbers: cut(wavenumbers),
      classes: classes.map((each) => ({ ...each, mean: cut(each.mean), sd: cut(each.sd) })),
    };
    const strokes = (html: string) =>
      [...parsed(html).all("#spectra figure")[0].querySelectorAll('[aria-label="line"] path')].map(
        (path) => path.getAttribute("d")!.match(/M/g)!.length,
      );
    expect(strokes(renderReport({ ...bare, spectra }, pictures))).toEqual(classes.map(() => 2));
    expect(strokes(page)).toEqual(classes.map(() => 1));
  });
});
