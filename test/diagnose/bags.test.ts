import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Bag, Patches } from "#cube/bag";
import { readBag, writeBag } from "#diagnose/bag-file";
import { concordance } from "#diagnose/concordance";
import { gate } from "#diagnose/gate";
import { gatherInstances } from "#diagnose/gather-instances";
import { gridPatches, pixelsOf } from "#diagnose/grid-patches";
import { describePatch, featureNames, patchRoom, type Strip } from "#diagnose/patch-features";
import { patchesGeojson, patchesLeftOut } from "#diagnose/patches-geojson";
import { percentiles } from "#diagnose/slide-scale";
import { topPatches } from "#diagnose/top-patches";

const folder = mkdtempSync(join(tmpdir(), "bags-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classNames = ["cancer", "stroma"];

/** A bag of patches of two classes, `shares` of cancer, as plain as can be. */
function bagOf(name: string, label: string | undefined, shares: readonly number[], more: Partial<Bag> = {}): Bag {
  const count = shares.length;
  const patches: Patches = {
    count,
    coords: Int32Array.from(shares.flatMap((_, i) => [4 * i, 0])),
    edge: 4,
    stride: 4,
    features: Float32Array.from(shares.flatMap((share) => [share, 1 - share, 7])),
    featureNames: ["a", "b", "c"],
    spectra: Float32Array.from(shares.flatMap((share) => [share, 2 * share])),
    wavenumbers: Float64Array.of(1000, 1004),
    tissue: new Float32Array(count).fill(0.5),
    mix: Float32Array.from(shares.flatMap((share) => [share, 1 - share])),
    classNames,
  };
  return {
    name,
    file: `/data/${name}.h5`,
    cube: { place: name, changed: 0, bytes: 1 },
    patient: name,
    biopsy: name,
    label,
    origin: "simulated",
    geometry: "image",
    rows: 4,
    cols: 4 * Math.max(1, count),
    pixelSizeUm: 5.5,
    patchUm: 22,
    tissueFraction: 0.1,
    channels: "plain",
    modelPatients: ["P01"],
    patches,
    ...more,
  };
}

describe("patches are laid", () => {
  test("from edge to edge, the remainder covered by a last one flush with the border", () => {
    expect(gridPatches(10, 7, 3, 3, "cube")).toMatchObject({ tops: [0, 3, 6, 7], lefts: [0, 3, 4] });
    expect(gridPatches(9, 6, 3, 3, "cube")).toMatchObject({ tops: [0, 3, 6], lefts: [0, 3] });
  });

  test("160 µm wide: 29 pixels of SD and 145 of HD", () => {
    expect([pixelsOf(160, 5.5, 2), pixelsOf(160, 1.1, 2), pixelsOf(1, 5.5, 2)]).toEqual([29, 145, 2]);
  });

  test("on no image that is smaller than one", () => {
    expect(() => gridPatches(20, 40, 29, 29, "small.h5")).toThrow(
      "small.h5 has 20 × 40 pixels and a patch 29 × 29; ask for smaller patches with --patch",
    );
  });
});

describe("a patch is described", () => {
  /** Two rows of three pixels; the last has no tissue. */
  const strip: Strip = {
    rows: 2,
    cols: 3,
    kept: Uint8Array.of(1, 1, 1, 1, 1, 0),
    classes: Uint8Array.of(1, 1, 2, 1, 0, 2),
    classCount: 2,
    probabilities: Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4, 0.4, 0.6, 0, 0),
    scores: Float32Array.of(1, 2, 3, 5, 4, Number.NaN),
    components: 1,
  };

  test("by the roots of class shares and probabilities, by mean, spread and texture of its scores, and by its borders", () => {
    const out = new Float32Array(9);
    const counts = describePatch(strip, 0, 0, 2, out, 0, patchRoom(2, 1));
    expect(featureNames(classNames, 1)).toHaveLength(9);
    expect(counts.kept).toBe(4);
    expect([...counts.classes]).toEqual([3, 0]);
    // Pixels 0, 1, 3, 4: three of cancer, one without a class; scores 1, 2, 5, 4.
    const wanted = [1, 0, Math.sqrt(2.7 / 4), Math.sqrt(1.3 / 4), Math.sqrt(1 / 4), 3, Math.sqrt(2.5)];
    // Differences 1–2, 5–4, 1–5, 2–4; cancer meets cancer twice and nothing else.
    for (const [i, value] of [...wanted, (1 + 1 + 4 + 2) / 4, 0].entries()) expect(out[i]).toBeCloseTo(value, 6);
  });

  test("without what has no tissue, whatever stands there", () => {
    const out = new Float32Array(9);
    const counts = describePatch(strip, 0, 1, 2, out, 0, patchRoom(2, 1));
    expect(counts.kept).toBe(3);
    expect(out.every(Number.isFinite)).toBe(true);
    // Cancer above stroma's neighbour: one of the sides between classified pixels, 1–2, is a border.
    expect(out[8]).toBe(1);
  });

  test("by zeros where there is no tissue at all", () => {
    const out = new Float32Array(9).fill(9);
    describePatch({ ...strip, kept: new Uint8Array(6) }, 0, 0, 2, out, 0, patchRoom(2, 1));
    expect([...out]).toEqual(new Array(9).fill(0));
  });
});

describe("a bag file", () => {
  const bag = bagOf("B01 ü", "benign", [0.1, 0.9], { windows: bagOf("w", "benign", [0.5]).patches });

  test("comes back as it was written", async () => {
    const path = join(folder, "one.bag.h5");
    await writeBag(path, bag, "key");
    expect(await readBag(path)).toEqual(bag);
  });

  test("holds pictures of patches, and may hold no patch at all", async () => {
    const path = join(folder, "pictures.bag.h5");
    const images = {
      size: 2,
      channels: 1,
      channelNames: ["PC1"],
      values: Float32Array.from({ length: 8 }, (_, i) => i),
    };
    const pictured = { ...bag, windows: undefined, patches: { ...bag.patches, images } };
    await writeBag(path, pictured, "key");
    expect(await readBag(path)).toEqual(pictured);
    const empty = bagOf("empty", "benign", []);
    await writeBag(path, empty, "key");
    expect((await readBag(path)).patches.count).toBe(0);
  });

  test("is read by h5py as CLAM's users read theirs", async (context) => {
    const path = join(folder, "clam.bag.h5");
    await writeBag(path, bag, "key");
    const script = `
import sys, json
try:
    import h5py
except ImportError:
    print("null"); sys.exit()
f = h5py.File(sys.argv[1])
c = f["coords"]
print(json.dumps({"coords": c[:].tolist(), "features": f["features"][:].shape, "patch_size": int(c.attrs["patch_size"]), "level_dim": c.attrs["level_dim"].tolist()}))
`;
    let said: string;
    try {
      said = execFileSync("/usr/bin/python3", ["-c", script, path], { encoding: "utf8" });
    } catch {
      said = "null";
    }
    const found = JSON.parse(said);
    if (!found) return context.skip("python3 with h5py is not installed");
    expect(found).toEqual({
      coords: [
        [0, 0],
        [4, 0],
      ],
      features: [2, 3],
      patch_size: 4,
      level_dim: [8, 4],
    });
  });

  test("that is none is refused by name, with what to do", async () => {
    const path = join(folder, "none.bag.h5");
    writeFileSync(path, "no HDF5");
    await expect(readBag(path)).rejects.toThrow("none.bag.h5");
  });
});

describe("bags are gathered", () => {
  const sick = bagOf("B01", "malignant", [0.1, 0.2]);
  const well = bagOf("B02", "benign", [0.3]);

  test("into one matrix, patient by patient, the positive label known by its name", () => {
    const found = gatherInstances([sick, well], { unit: "biopsy" });
    expect(found.classNames).toEqual(["benign", "malignant"]);
    expect([...found.instances.first]).toEqual([0, 2, 3]);
    expect([...found.instances.label]).toEqual([1, 0]);
    expect([...found.instances.features]).toEqual([...sick.patches.features, ...well.patches.features]);
  });

  test("by biopsy, or by patient where all of a patient's agree", () => {
    const second = bagOf("B03", "malignant", [0.4], { patient: "B01" });
    expect(gatherInstances([sick, second, well], { unit: "biopsy" }).names).toEqual(["B01", "B03", "B02"]);
    expect(gatherInstances([sick, second, well], { unit: "patient" }).names).toEqual(["B01", "B02"]);
  });

  test("with a remark where a patient has both labels, and by patient not at all", () => {
    const other = bagOf("B03", "benign", [0.4], { patient: "B01" });
    expect(gatherInstances([sick, other, well], { unit: "biopsy" }).remarks.join()).toContain(
      "patient B01 has bags of both labels",
    );
    expect(() => gatherInstances([sick, other], { unit: "patient" })).toThrow(
      "patient B01 has the labels malignant and benign; take --unit biopsy",
    );
  });

  test("without those that have no patch, which is said", () => {
    const found = gatherInstances([sick, well, bagOf("B04", "benign", [])], { unit: "biopsy" });
    expect(found.names).toEqual(["B01", "B02"]);
    expect(found.remarks).toEqual(["biopsy B04 has no patch with enough tissue and is left out"]);
  });

  test.each([
    ["all of one label", [sick, bagOf("B05", "malignant", [1])], 'all bags are "malignant"'],
    ["without a label", [sick, bagOf("B05", undefined, [1])], 'fill the column "label"'],
    ["without a patient", [sick, bagOf("B05", "benign", [1], { patient: undefined })], 'fill the column "patient"'],
    ["of other channels", [sick, bagOf("B05", "benign", [1], { channels: "other" })], "the channels other, B01 plain"],
    ["of other pixels", [sick, bagOf("B05", "benign", [1], { pixelSizeUm: 1.1 })], "pixels of (µm) 1.1, B01 5.5"],
    ["of other patches", [sick, bagOf("B05", "benign", [1], { patchUm: 80 })], "patches of (µm) 80, B01 22"],
    ["of three labels", [sick, well, bagOf("B05", "atypical", [1])], "say with --positive"],
    ["of labels that say nothing", [bagOf("B06", "red", [1]), bagOf("B07", "blue", [1])], "say with --positive"],
  ])("not when they are %s", (_, bags, message) => {
    expect(() => gatherInstances(bags as Bag[], { unit: "biopsy" })).toThrow(message as string);
  });
});

describe("stain and diagnosis", () => {
  const { patches } = bagOf("B01", "malignant", [0.6, 0.4, 0, 0, 0, 0]);
  const scores = Float32Array.of(0.9, 0.7, 0.2, 0.1, 0.1, 0.1);
  const input = {
    patches,
    scores,
    k: 1,
    tumour: "cancer",
    answer: "positive" as const,
    stainThreshold: 0.1,
    iou: null,
  };

  test("bear each other out where the top patches hold tumour", () => {
    const found = concordance(input);
    expect(found).toMatchObject({ verdict: "concordant", stainPositive: true, tumourTop: expect.closeTo(0.6, 6) });
    expect(found.tumourRest).toBeCloseTo(0.08, 6);
    expect(found.tumourAll).toBeCloseTo(1 / 6, 6);
    expect(found.spearman).toBeGreaterThan(0.8);
  });

  test("are discordant where a positive diagnosis rests on patches with less than a tenth of tumour", () => {
    const turned = Float32Array.of(0.1, 0.1, 0.9, 0.2, 0.1, 0.1);
    expect(concordance({ ...input, scores: turned })).toMatchObject({ verdict: "discordant", tumourTop: 0 });
  });

  test("are discordant where their calls differ", () => {
    expect(concordance({ ...input, answer: "negative" }).verdict).toBe("discordant");
    expect(concordance({ ...input, stainThreshold: 0.5 }).verdict).toBe("discordant");
  });

  test("are neither one nor the other where the diagnosis is indeterminate: it is no call, whatever the stain says", () => {
    for (const stainThreshold of [0.1, 0.5]) {
      const found = concordance({ ...input, answer: "indeterminate", stainThreshold });
      expect(found).toMatchObject({ verdict: "indeterminate", stainPositive: stainThreshold < 0.2 });
      expect(found.milPositive).toBeUndefined();
      expect(found.reason).not.toContain("positive");
    }
  });

  test("are not compared where there is no stain", () => {
    expect(concordance({ ...input, tumour: undefined })).toMatchObject({ verdict: "not assessed", tumourAll: null });
  });
});

describe("the quality gate", () => {
  const good = {
    geometry: "image" as const,
    patches: 40,
    tissueMm2: 1,
    rejected: { kept: 90, noise: 5, "no tissue": 500 },
  };
  const verdicts = (input: Parameters<typeof gate>[0]) => gate(input).checks.map(({ verdict }) => verdict);

  test("lets a good case pass, and bare substrate does not count against it", () => {
    expect(gate(good).verdict).toBe("pass");
  });

  test("warns of few patches and withholds a diagnosis of none", () => {
    expect(gate({ ...good, patches: 3 }).verdict).toBe("warn");
    expect(gate({ ...good, patches: 0 }).verdict).toBe("fail");
  });

  test("fails where most of the tissue was rejected or is unlike what the stain knows", () => {
    expect(verdicts({ ...good, rejected: { kept: 40, noise: 60 } })).toEqual(["pass", "pass", "fail", "pass"]);
    expect(verdicts({ ...good, rejected: { kept: 70, "outside domain": 30 } })).toEqual([
      "pass",
      "pass",
      "pass",
      "warn",
    ]);
    expect(verdicts({ ...good, tissueMm2: 0.005 })).toEqual(["pass", "fail", "pass", "pass"]);
  });

  test("asks of point spectra only how many there are", () => {
    expect(gate({ geometry: "points", patches: 12, tissueMm2: null }).checks.map(({ name }) => name)).toEqual([
      "spectra",
    ]);
  });
});

test("the top patches come with their place, classes and spectrum, equal scores in order", () => {
  const { patches } = bagOf("B01", "malignant", [0.6, 0.4, 0]);
  const [first, second] = topPatches(patches, Float32Array.of(0.2, 0.8, 0.8), 2);
  expect(first).toMatchObject({ index: 1, rank: 1, x: 4, y: 0, edge: 4 });
  expect(first.mix.map(({ name, percent }) => [name, Math.round(percent)])).toEqual([
    ["cancer", 40],
    ["stroma", 60],
  ]);
  expect(second).toMatchObject({ index: 2, rank: 2, mix: [{ name: "stroma", percent: 100 }] });
  expect(first.spectrum.wavenumbers).toEqual([1000, 1004]);
});

test("attention is shown by its rank within the slide", () => {
  expect([...percentiles(Float32Array.of(0.1, 0.7, 0.1, 0.1))]).toEqual([0.375, 0.875, 0.375, 0.375]);
});

test("patches are polygons for QuPath: closed, of the right area, the top ones annotations, names as they are", () => {
  const { patches } = bagOf("B01", "malignant", [0.6, 0.4, 0]);
  const name = '<b>"canary"</b>';
  const options = {
    name,
    scoreName: "probability",
    top: [1],
    tumour: "cancer",
    origin: "simulated" as const,
    stamps: [],
  };
  const text = patchesGeojson(patches, Float32Array.of(0.1, 0.9, 0.2), options);
  const { features } = JSON.parse(text);
  expect(features).toHaveLength(3);
  for (const { geometry, id } of features) {
    const [ring] = geometry.coordinates;
    expect(ring[0]).toEqual(ring[4]);
    const area = ring
      .slice(1)
      .reduce((sum: number, [x, y]: number[], i: number) => sum + (ring[i][0] * y - x * ring[i][1]) / 2, 0);
    expect(area).toBe(16);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(features.map((of: { properties: { objectType: string } }) => of.properties.objectType)).toEqual([
    "detection",
    "annotation",
    "detection",
  ]);
  expect(features[1].properties.measurements).toMatchObject({
    probability: expect.closeTo(0.9, 6),
    rank: 1,
    "share cancer": expect.closeTo(0.4, 6),
  });
  expect(patchesGeojson(patches, Float32Array.of(0.1, 0.9, 0.2), options)).toBe(text);
});

test("polygons of patches say how many places of the grid were left out for want of tissue", () => {
  // Three patches, and two rows of five places.
  const bag = bagOf("B01", "malignant", [0.6, 0.4, 0], { rows: 8, cols: 20 });
  const leftOut = patchesLeftOut(bag);
  expect(leftOut).toEqual({ tissueBelow: 0.1, patches: 7 });
  const options = { name: "B01", scoreName: "probability", top: [], origin: "simulated" as const, stamps: [] };
  const file = JSON.parse(patchesGeojson(bag.patches, new Float32Array(3), { ...options, leftOut }));
  expect([file.features.length, file.left_out]).toEqual([3, { tissue_below: 0.1, patches: 7 }]);
  expect(patchesLeftOut({ ...bag, geometry: "points" }).patches).toBe(0);
});
