import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderReport } from "#report/render-report";
import { cases, plausibleStudy } from "./diagnosis-findings.js";
import { assignments, pictures, plausible } from "./findings.js";

const executablePath = "/usr/bin/chromium";
const absent = !existsSync(executablePath);
if (absent) console.log(`skipped: the report is not opened in a browser, because there is no ${executablePath}`);

const args =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** Twice as many bands, in pairs too near for their labels, one of them with a long name. */
const crowded = assignments.flatMap((band, i) => [
  band,
  {
    ...band,
    wavenumber: band.wavenumber - 3,
    name: i ? `neighbour ${i}` : "a name that is much too long for the chart",
  },
]);

/** A4 less the margins of the page, in CSS pixels of 1/96 inch. */
const paper = { width: ((210 - 32) / 25.4) * 96, height: ((297 - 38) / 25.4) * 96 };

describe.skipIf(absent)("the report in a browser, offline", () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "report-browser-"));
    const path = join(folder, "report.html");
    const diagnosed = { ...plausible(), study: plausibleStudy(), cases: Object.values(cases) };
    writeFileSync(path, renderReport({ ...diagnosed, stamps: ["patients overlap"] }, pictures, crowded));
    browser = await chromium.launch({ executablePath, args: args.split(" ") });
    const context = await browser.newContext({ viewport: { width: 1100, height: 1400 } });
    await context.setOffline(true);
    page = await context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url().slice(0, 40)));
    await page.goto(pathToFileURL(path).href);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Run an expression in the page; given as text, since the tests are compiled without the types of a browser. */
  const look = <T>(expression: string) => page.evaluate(expression) as Promise<T>;

  test("it opens without a complaint and asks for nothing but itself and its pictures", async () => {
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("data:image/png"))).toHaveLength(1);
  });

  test("every picture is decoded", async () => {
    const widths = await look<number[]>("[...document.images].map((image) => image.naturalWidth)");
    expect(widths).toHaveLength(12);
    expect(Math.min(...widths)).toBe(24);
  });

  test("nothing sticks out sideways, on a desk or on a telephone", async () => {
    for (const width of [1100, 390]) {
      await page.setViewportSize({ width, height: 1400 });
      expect(await look<number>("document.documentElement.scrollWidth"), `at ${width}`).toBeLessThanOrEqual(width);
    }
    await page.setViewportSize({ width: 1100, height: 1400 });
  });

  test("there are charts to look at", async () => {
    expect(await look<number>(`document.querySelectorAll("figure svg[role=img]").length`)).toBe(24);
    expect(await look<number>(`document.querySelectorAll("figure svg[role=img] text").length`)).toBeGreaterThan(250);
  });

  test("the letters of a chart stay inside it", async () => {
    const outside = await look<string[]>(`[...document.querySelectorAll("figure svg[role=img]")].flatMap((svg) => {
      const frame = svg.getBoundingClientRect();
      return [...svg.querySelectorAll("text")].filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
      }).map((text) => text.textContent);
    })`);
    expect(outside).toEqual([]);
  });

  test("the labels of a chart do not lie on one another", async () => {
    const overlaps = await look<string[]>(`[...document.querySelectorAll("figure svg[role=img]")].flatMap((svg) => {
      const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
      return texts.flatMap(([a, p], i) => texts.slice(i + 1).filter(([b, q]) =>
        Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1.5 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3.5
      ).map(([b]) => a + " | " + b));
    })`);
    expect(overlaps).toEqual([]);
  });

  test("text stands out from its ground by at least 4.5 to 1", async () => {
    const faint = await look<string[]>(`(() => {
      const luminance = (rgb) => rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      // A canvas turns every way of writing a colour, color-mix among them, into bytes.
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      const bytes = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data]; };
      const ground = (element) => { for (let e = element; e; e = e.parentElement) {
        const colour = bytes(getComputedStyle(e).backgroundColor); if (colour[3] === 255) return colour.slice(0, 3); } return [255, 255, 255]; };
      const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      return [...document.querySelectorAll("body *")].filter((e) => own(e) && !["STYLE", "TITLE"].includes(e.tagName.toUpperCase())).flatMap((element) => {
        const style = getComputedStyle(element);
        const ink = luminance(bytes(element.namespaceURI.endsWith("svg") ? style.fill : style.color).slice(0, 3));
        const behind = luminance(ground(element));
        const ratio = (Math.max(ink, behind) + 0.05) / (Math.min(ink, behind) + 0.05);
        return ratio < 4.5 ? [ratio.toFixed(2) + " " + element.tagName + " " + element.textContent.slice(0, 40)] : [];
      });
    })()`);
    expect(faint).toEqual([]);
  });

  test("on paper every figure fits a page and may not be cut", async () => {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: Math.floor(paper.width), height: Math.floor(paper.height) });
    const figures = await look<{ height: number; width: number; inside: string }[]>(
      `[...document.querySelectorAll("figure")].map((figure) => ({ height: figure.offsetHeight, width: figure.scrollWidth,
        inside: getComputedStyle(figure).breakInside }))`,
    );
    const sideways = await look<string[]>(
      `[...document.querySelectorAll("table")].filter((table) => table.offsetWidth > ${paper.width}).map((table) => table.caption.textContent)`,
    );
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1100, height: 1400 });
    expect(figures.length).toBeGreaterThan(12);
    for (const figure of figures) {
      expect(figure.height).toBeLessThan(paper.height);
      expect(figure.width).toBeLessThanOrEqual(paper.width);
      expect(figure.inside).toBe("avoid");
    }
    expect(sideways).toEqual([]);
  });

  test("it prints to A4 with a reasonable number of pages", async () => {
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const text = pdf.toString("latin1");
    // A4 is 595 × 842 points.
    const box = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(text)!;
    expect(Number(box[1])).toBeCloseTo(595, 0);
    expect(Number(box[2])).toBeCloseTo(842, 0);
    const pages = text.match(/\/Type\s*\/Page\b/g)!.length;
    expect(pages).toBeGreaterThan(8);
    expect(pages).toBeLessThan(40);
    expect(readFileSync(join(folder, "report.html")).length).toBeLessThan(1_500_000);
  });
});
