import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SpectraError } from "#cube/errors";
import { readFindings } from "#report/read-findings";
import { picturesIn, writeReport } from "#report/write-report";
import { blobs, plausible } from "./findings.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "report-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const saved = (value: unknown) => {
  const path = join(folder, "findings.json");
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};
const refusal = async (value: unknown) => {
  const error = await readFindings(saved(value)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SpectraError);
  return error as SpectraError;
};

describe("findings.json", () => {
  test("findings survive being written and read", async () => {
    const findings = plausible();
    expect(await readFindings(saved(findings))).toEqual(JSON.parse(JSON.stringify(findings)));
  });

  test("what a later version adds is kept", async () => {
    expect(await readFindings(saved({ ...plausible(), diagnosis: { bags: 3 } }))).toMatchObject({
      diagnosis: { bags: 3 },
    });
  });

  test("a file that is not there is missing", async () => {
    await expect(readFindings(join(folder, "none.json"))).rejects.toMatchObject({
      name: "SpectraError",
      kind: "missing",
    });
  });

  test("a foreign file is refused with the place that is wrong", async () => {
    expect((await refusal("a,b\n1,2")).message).toContain("is not JSON");
    expect(await refusal({ schema: "geojson" })).toMatchObject({ kind: "format" });
    expect((await refusal({ ...plausible(), inputs: [{ file: 3 }] })).message).toContain("inputs.0.file");
  });

  test("lists that do not fit one another are refused", async () => {
    const findings = plausible();
    const { validation, spectra } = findings;
    const perClass = validation!.perClass.slice(1);
    expect((await refusal({ ...findings, validation: { ...validation, perClass } })).message).toContain("classNames");
    const wavenumbers = spectra!.wavenumbers.slice(1);
    expect((await refusal({ ...findings, spectra: { ...spectra, wavenumbers } })).message).toContain("wavenumbers");
  });
});

describe("report.html", () => {
  test("the report stands beside its findings, with their pictures inside and nothing left over", async () => {
    const [stain] = plausible().stains!;
    const bytes = blobs(24, 3, "classes");
    writeFileSync(join(folder, stain.pictures.classes!), bytes);
    const path = await writeReport(folder, plausible(), []);
    expect(path).toBe(join(folder, "report.html"));
    expect(readFileSync(path, "utf8").includes(Buffer.from(bytes).toString("base64"))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual([stain.pictures.classes, "report.html"].sort());
  });

  test("a place that cannot be written to is named, and nothing is left there", async () => {
    mkdirSync(join(folder, "taken"));
    const out = join(folder, "taken");
    await expect(writeReport(folder, plausible(), [], { out })).rejects.toMatchObject({
      name: "SpectraError",
      kind: "disk",
    });
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  test("a picture outside the folder is not read, by path or by link", () => {
    const inner = join(folder, "run");
    mkdirSync(inner);
    writeFileSync(join(folder, "secret.png"), "secret");
    writeFileSync(join(inner, "..odd.png"), "kept");
    symlinkSync(join(folder, "secret.png"), join(inner, "link.png"));
    const pictures = picturesIn(inner);
    expect(pictures("../secret.png")).toBeUndefined();
    expect(pictures(join(folder, "secret.png"))).toBeUndefined();
    expect(pictures("link.png")).toBeUndefined();
    expect(pictures("none.png")).toBeUndefined();
    expect(Buffer.from(pictures("..odd.png")!).toString()).toBe("kept");
  });
});
