import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "#cube/model";
import { reasonCode } from "#cube/rejected";
import { fit as fitModel } from "#pipeline/fit";
import { publish } from "#pipeline/publish";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf } from "#read/cohort";
import { readStain } from "#stain/read-stain";
import { freshFolder, smallPipeline, wavenumbers, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("bad-spectra");
const bands = wavenumbers.length;
let model: Model;
beforeAll(async () => {
  ({ model } = await fitModel(await writeCohort(folder, 4), smallPipeline(), { workers: 0 }));
});

async function stained(path: string, out: string, options = {}, by = model) {
  const found = await stainCohort(cohortOf([path]), by, join(folder, out), { workers: 0, hash: false, ...options });
  const name = path.replace(/.*\//, "").replace(/\.h5$/, "");
  return { ...found, map: await readStain(join(folder, out, `${name}.stain.h5`)) };
}

describe("spectra that cannot be used", () => {
  test("get a reason each, stay alone, and change no bit of their neighbours", async () => {
    const good = await writeTissue(join(folder, "good.h5"), { patient: "P9", seed: 9 });
    const spoilt = await writeTissue(join(folder, "spoilt.h5"), {
      patient: "P9",
      seed: 9,
      spoil: (values) => {
        const put = (pixel: number, make: (value: number, band: number) => number) => {
          for (let band = 0; band < bands; band++)
            values[pixel * bands + band] = make(values[pixel * bands + band], band);
        };
        put(2, (value, band) => (band === 30 ? Number.NaN : value));
        put(17, (value, band) => (band === 59 ? Number.POSITIVE_INFINITY : value));
        put(18, (value, band) => (band === 0 ? Number.NEGATIVE_INFINITY : value));
        put(33, () => 0.4);
        put(34, () => 0);
        put(48, (value) => value + 3);
        put(63, (value) => value - 2);
      },
    });
    const { map: clean } = await stained(good, "good");
    const { map, stains } = await stained(spoilt, "spoilt");
    const expected: Record<number, Parameters<typeof reasonCode>[0]> = {
      2: "not finite",
      17: "not finite",
      18: "not finite",
      33: "constant",
      34: "constant",
      48: "saturated",
      63: "no tissue",
    };
    for (let pixel = 0; pixel < map.classes.length; pixel++) {
      if (expected[pixel]) {
        expect([map.rejected[pixel], map.classes[pixel]], `pixel ${pixel}`).toEqual([reasonCode(expected[pixel]), 0]);
      } else {
        expect([map.rejected[pixel], map.classes[pixel]]).toEqual([clean.rejected[pixel], clean.classes[pixel]]);
        for (let k = 0; k < 3; k++) expect(map.probabilities[pixel * 3 + k]).toBe(clean.probabilities[pixel * 3 + k]);
      }
    }
    expect(stains![0].rejected).toMatchObject({ "not finite": 3, constant: 2, saturated: 1 });
  });

  test("a mask leaves pixels out with their reason", async () => {
    const mask = new Uint8Array(300).fill(1);
    mask.fill(0, 0, 15);
    const path = await writeTissue(join(folder, "masked.h5"), { patient: "P9", seed: 9, mask });
    const { map } = await stained(path, "masked");
    expect([...map.rejected.subarray(0, 15)]).toEqual(new Array(15).fill(reasonCode("masked")));
    expect(map.rejected.subarray(15).includes(reasonCode("masked"))).toBe(false);
    await expect(
      stained(await writeTissue(join(folder, "nothing.h5"), { mask: new Uint8Array(300) }), "nothing"),
    ).rejects.toThrow(/\/mask of .*nothing\.h5 is 0 everywhere/);
  });
});

describe("class names", () => {
  test("on which two cubes do not agree are refused with both", async () => {
    const names = ["unlabelled", "nucleus", "muscle", "mucin"];
    const other = await writeTissue(join(folder, "other.h5"), { patient: "P2", names });
    const rows = cohortOf([join(folder, "p1.h5"), other]);
    await expect(fitModel(rows, smallPipeline(), { workers: 0 })).rejects.toThrow(
      /other\.h5 calls label 2 "muscle", .*p1\.h5 calls it "collagen"; give all cubes the same class_names/,
    );
  });

  test("that the model does not know are left out of the scores", async () => {
    const names = ["unlabelled", "nucleus", "muscle", "bone"];
    const path = await writeTissue(join(folder, "strange.h5"), { patient: "P9", seed: 9, names });
    const { stains } = await stained(path, "strange");
    expect(stains![0].scores!.labelledPixels).toBe(50);
    expect(stains![0].scores!.auc).toEqual({ nucleus: null, collagen: null, mucin: null });
  });

  test("are text, whatever is written in them: no path, no markup", async () => {
    const names = ["unlabelled", "../../escape", '<script>alert("x")</script>', "__proto__"];
    const paths: string[] = [];
    for (const p of [1, 2, 3]) {
      paths.push(await writeTissue(join(folder, `evil-${p}.h5`), { patient: `P${p}`, seed: p, names }));
    }
    const { model: evil } = await fitModel(cohortOf(paths), smallPipeline(), { workers: 0 });
    const { map, ...parts } = await stained(
      await writeTissue(join(folder, "e.h5"), { seed: 9, names }),
      "e",
      { pictures: "all" },
      evil,
    );
    expect(map.classNames).toEqual(["unclassified", ...names.slice(1)]);
    expect(
      readdirSync(join(folder, "e", "e"))
        .filter((name) => name.startsWith("figure"))
        .sort(),
    ).toEqual([
      "figure-amide-i.png",
      "figure-composite.png",
      "figure-confidence.png",
      "figure-entropy.png",
      "figure-probability-1--escape.png",
      "figure-probability-2--script-alert-x-script-.png",
      "figure-probability-3-__proto__.png",
      "figure-rejected.png",
    ]);
    expect(existsSync(join(folder, "escape.png"))).toBe(false);
    await publish(join(folder, "e"), "Evil names", parts, { seed: 1, command: ["stain"] });
    const page = readFileSync(join(folder, "e", "report.html"), "utf8");
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;script&gt;");
    const { features } = JSON.parse(readFileSync(join(folder, "e", "e.geojson"), "utf8"));
    expect(
      features.map(
        (feature: { properties: { classification: { name: string } } }) => feature.properties.classification.name,
      ),
    ).toEqual(names.slice(1));
  });
});

test("smoothing by majority takes single pixels away, and is off unless the pipeline asks for it", async () => {
  const path = await writeTissue(join(folder, "smooth.h5"), { patient: "P9", seed: 9, rows: 24 });
  const smooth = {
    ...model,
    pipeline: { ...model.pipeline, stain: { ...model.pipeline.stain, smoothing: "majority" as const } },
  };
  const { map: plain } = await stained(path, "plain");
  const maps = [];
  for (const workers of [0, 2])
    maps.push(
      (await stained(path, `smooth-${workers}`, { workers, pictures: workers ? "none" : "report" }, smooth)).map,
    );
  expect(maps[1]).toEqual(maps[0]);
  /** Pixels that differ from both neighbours in their row. */
  const lonely = ({ classes, cols }: typeof plain) =>
    classes.filter((of, i) => i % cols > 0 && i % cols < cols - 1 && of !== classes[i - 1] && of !== classes[i + 1])
      .length;
  expect(lonely(maps[0])).toBeLessThanOrEqual(lonely(plain));
  expect(maps[0].rejected.filter((code) => code === reasonCode("no tissue")).length).toBe(
    plain.rejected.filter((code) => code === reasonCode("no tissue")).length,
  );
});
