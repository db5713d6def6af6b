import { decode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import { barePng } from "#stain/bare-png";
import { classLegend } from "#stain/class-legend";
import { colourScale, level } from "#stain/colour-scale";
import { composition } from "#stain/composition";
import type { Caption } from "#stain/figure";
import { classPaint, paintClasses } from "#stain/paint-classes";
import { paintComposite } from "#stain/paint-composite";
import { paintIntensity } from "#stain/paint-intensity";
import { labelPaint } from "#stain/paint-labels";
import { paintConfidence, paintEntropy, paintProbability } from "#stain/paint-probabilities";
import { paintRejected } from "#stain/paint-rejected";
import { colourOf, paletteFor } from "#stain/palettes";
import { hatchColours, raster } from "#stain/raster";
import { startRenderer } from "#stain/rasterise";
import { robustRange } from "#stain/robust-range";
import { oneLine, shorten, textAt, textWidth } from "#stain/text";
import { drawn, sixClasses } from "./maps.js";

const palette = paletteFor(sixClasses);
const caption: Caption = { title: "Core A3", origin: "simulated", pixelSizeUm: 5.5 };

/** How many pixels of a PNG have exactly this colour. */
function pixelsOf(png: Uint8Array, [red, green, blue]: readonly number[]): number {
  const { data, channels } = decode(png);
  let count = 0;
  for (let i = 0; i < data.length; i += channels)
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) count++;
  return count;
}

describe("a raster", () => {
  const index = (pixel: number, rgb: Uint8Array, at: number) => {
    rgb[at] = pixel & 255;
    rgb[at + 1] = pixel >> 8;
    rgb[at + 2] = 7;
    return undefined;
  };

  test("of a small map repeats every pixel as a square, without mixing colours", () => {
    const { width, height, rgb, scale, step } = raster(2, 3, index);
    expect({ width, height, scale, step }).toEqual({ width: 600, height: 400, scale: 200, step: 1 });
    for (let y = 0; y < height; y += 7) {
      for (let x = 0; x < width; x += 7)
        expect(rgb[(y * width + x) * 3]).toBe(Math.floor(y / 200) * 3 + Math.floor(x / 200));
    }
  });

  test("of a large map shows every n-th pixel, at most 2000 a side", () => {
    const { width, height, rgb, scale, step } = raster(3, 4100, index);
    expect({ width, height, scale, step }).toEqual({ width: 1367, height: 1, scale: 1, step: 3 });
    expect(rgb[3 * 1000] + 256 * rgb[3 * 1000 + 1]).toBe(3000);
  });

  test("hatches excluded pixels in two greys, and lines run on across pixels", () => {
    const { width, height, rgb } = raster(30, 30, () => "hatch");
    const greys = new Set<number>();
    for (let y = 1; y < height; y++) {
      for (let x = 0; x < width - 1; x++) {
        const here = rgb[(y * width + x) * 3];
        greys.add(here);
        if (rgb[((y - 1) * width + x + 1) * 3] !== here) throw new Error(`the line breaks at ${x}, ${y}`);
      }
    }
    expect(greys).toEqual(new Set([hatchColours.ground[0], hatchColours.line[0]]));
  });
});

describe("a class map as a figure", () => {
  const map = drawn(["12", "3x"]);
  const whole = composition(map, { palette, pixelSizeUm: 5.5 });

  test("is crisp: each class covers its pixels exactly, and a swatch in the legend", async () => {
    const png = await paintClasses(map, whole, palette, caption);
    expect(decode(png).width).toBeGreaterThan(600);
    for (const name of ["cancer", "benign", "stroma"]) {
      const count = pixelsOf(png, palette[name]);
      // 300 × 300 pixels and a swatch of at most 15 × 15.
      expect(count).toBeGreaterThan(90_000);
      expect(count).toBeLessThanOrEqual(90_000 + 225);
    }
    expect(pixelsOf(png, hatchColours.ground) + pixelsOf(png, hatchColours.line)).toBeGreaterThan(90_000);
  });

  test("is the same bytes every time", async () => {
    const [a, b] = [await paintClasses(map, whole, palette, caption), await paintClasses(map, whole, palette, caption)];
    expect(Buffer.compare(a, b)).toBe(0);
  });

  test("carries the warnings in red", async () => {
    const red = [176, 0, 32];
    expect(pixelsOf(await paintClasses(map, whole, palette, caption), red)).toBe(0);
    const stamped = await paintClasses(map, whole, palette, { ...caption, stamps: ["patients overlap"] });
    expect(pixelsOf(stamped, red)).toBeGreaterThan(50);
  });

  test("says in words whether the data are simulated", async () => {
    const simulated = decode(await paintClasses(map, whole, palette, caption));
    const real = decode(await paintClasses(map, whole, palette, { ...caption, origin: "real" }));
    expect(simulated.width).toBe(real.width);
    expect(Buffer.compare(simulated.data as Uint8Array, real.data as Uint8Array)).not.toBe(0);
  });

  test("has a legend with pixels, mm² and percent, and the excluded by how they are painted", () => {
    const more = drawn(["111", "12x", "?m."]);
    const legend = classLegend(composition(more, { palette, pixelSizeUm: 100 }), 100);
    expect(legend.columns).toEqual(["pixels", "mm²", "%"]);
    expect(legend.rows.map(({ name, cells }) => [name, ...cells!])).toEqual([
      ["cancer", "4", "0.0400", "80.0"],
      ["benign", "1", "0.0100", "20.0"],
      ["stroma", "0", "0.00", "0.0"],
      ["inflammation", "0", "0.00", "0.0"],
      ["blood", "0", "0.00", "0.0"],
      ["necrosis", "0", "0.00", "0.0"],
      ["unclassified", "1", "0.0100", "–"],
      ["excluded", "1", "0.0100", "–"],
      ["no tissue or masked", "2", "0.0200", "–"],
    ]);
    expect(legend.notes).toEqual(["% of 5 classified pixels"]);
  });

  test("without a pixel size has no mm², and says why", () => {
    const legend = classLegend(composition(map, { palette }));
    expect(legend.columns).toEqual(["pixels", "%"]);
    expect(legend.rows[0].cells).toEqual(["1", "33.3"]);
    expect(legend.notes).toContain("pixel size not known, so no areas");
  });
});

test("a bare class picture is one pixel a pixel in the palette's colours", () => {
  const map = drawn(["12", "65"]);
  const png = decode(barePng(2, 2, classPaint(map, palette)));
  expect([png.width, png.height, png.channels]).toEqual([2, 2, 3]);
  expect([...png.data]).toEqual(["cancer", "benign", "necrosis", "blood"].flatMap((name) => palette[name]));
});

test("a pixel's confidence has the colour of its highest probability", async () => {
  const map = { ...drawn(["1"], ["unclassified", "a", "b"]), probabilities: Float32Array.of(0.4, 0.6) };
  const viridis = colourScale("viridis");
  const colour = (p: number) => viridis.slice(level(p, 0, 1) * 3, level(p, 0, 1) * 3 + 3);
  expect(pixelsOf(await paintConfidence(map, caption), [...colour(0.6)])).toBeGreaterThanOrEqual(360_000);
  expect(pixelsOf(await paintProbability(map, "a", caption), [...colour(0.4)])).toBeGreaterThanOrEqual(360_000);
  const inferno = colourScale("inferno");
  // −(0.4 ln 0.4 + 0.6 ln 0.6) / ln 2 = 0.971
  const at = level(0.971, 0, 1) * 3;
  expect(pixelsOf(await paintEntropy(map, caption), [...inferno.slice(at, at + 3)])).toBeGreaterThanOrEqual(360_000);
});

test("the probability of a class that is not there is refused with the classes there are", async () => {
  await expect(paintProbability(drawn(["1"]), "bone", caption)).rejects.toThrow(/cancer, benign, stroma/);
});

test("a chemical image runs from the 1st to the 99th percentile, and a pixel that is not finite is hatched", async () => {
  const values = Float32Array.of(10, 30, 20, Number.NaN);
  const png = await paintIntensity({ name: "amide I", values, unit: "cm⁻¹" }, 2, 2, caption);
  const inferno = colourScale("inferno");
  for (const each of [0, 128, 255]) {
    expect(pixelsOf(png, [...inferno.slice(each * 3, each * 3 + 3)])).toBeGreaterThanOrEqual(90_000);
  }
  expect(pixelsOf(png, hatchColours.line)).toBeGreaterThan(10_000);
  await expect(paintIntensity({ name: "amide I", values }, 3, 3, caption)).rejects.toThrow(/4 values for 3 × 3/);
});

test("a composite puts its three images into red, green and blue, each scaled by itself", async () => {
  const plane = (...values: number[]) => ({ name: "band", values: Float32Array.from(values) });
  const png = await paintComposite([plane(0, 5, 0), plane(0, 0, 700), plane(-1, -2, -2)], 1, 3, caption);
  const primaries = [[0, 0, 255], [255, 0, 0], [0, 255, 0]]; // biome-ignore format: one line reads better
  for (const primary of primaries) expect(pixelsOf(png, primary)).toBeGreaterThanOrEqual(40_000);
});

test.each([["1"], ["x"], ["."], ["?"]])("every figure can be painted of one pixel without size: %s", async (sign) => {
  const map = drawn([sign]);
  const bare: Caption = { title: "", origin: "unknown" };
  const whole = composition(map, { palette });
  const values = Float32Array.of(1);
  const plane = { name: "band", values };
  const painted = [
    await paintClasses(map, whole, palette, bare),
    await paintRejected(map, whole, bare),
    await paintConfidence(map, bare),
    await paintEntropy(map, bare),
    await paintProbability(map, "cancer", bare),
    await paintIntensity(plane, 1, 1, bare),
    await paintComposite([plane, plane, plane], 1, 1, bare),
    barePng(map.rows, map.cols, classPaint(map, palette)),
    barePng(map.rows, map.cols, labelPaint({ classNames: map.classNames, labels: map.classes }, palette)),
  ];
  for (const [i, png] of painted.entries()) expect(decode(png).width).toBeGreaterThanOrEqual(i < 7 ? 600 : 1);
});

describe("text from files", () => {
  beforeAll(startRenderer);

  test("is escaped, so that markup in a class name is letters", () => {
    const text = textAt(0, 0, `</text><script>"&'`, { size: 13 }).toString();
    expect(text).not.toContain("<script");
    expect(text).toContain("&lt;script&gt;&quot;&amp;&#39;");
  });

  test("loses what neither XML nor one line can hold", () => {
    expect(oneLine("a\u0000b\u001bc\nd\ud800e\ufffff")).toBe("a b c d e f");
    expect(oneLine("日本 😀 ß")).toBe("日本 😀 ß");
  });

  test("that is too long is cut to the width with an ellipsis, and short text stays", () => {
    const style = { size: 13 };
    const cut = shorten("W".repeat(500), 200, style);
    expect(cut).toMatch(/^W+…$/);
    expect(textWidth(cut, style)).toBeLessThanOrEqual(200);
    expect(textWidth(`W${cut}`, style)).toBeGreaterThan(200);
    expect(shorten("stroma", 200, style)).toBe("stroma");
  });

  test("full of markup and control characters does not break a figure", async () => {
    const names = ["unclassified", "<b>&amp;\"'</b>", "\u0000\u001b]0;x\u0007", "__proto__", "x".repeat(5000)];
    const map = drawn(["12", "34"], names);
    const colours = paletteFor(names);
    const evil: Caption = { title: "</svg><!--", subtitle: "]]>", stamps: ["<&>"], origin: "real" };
    const png = await paintClasses(map, composition(map, { palette: colours }), colours, evil);
    expect(pixelsOf(png, colourOf(colours, "__proto__"))).toBeGreaterThanOrEqual(90_000);
    expect(decode(png).width).toBeLessThan(1600);
  });
});

test("one extreme pixel does not stretch the scale, NaN does not count, nothing finite gives 0 to 1", () => {
  const values = Float32Array.from({ length: 101 }, (_, i) => i);
  expect(robustRange(values)).toEqual([1, 99]);
  values[100] = 1e9;
  expect(robustRange(values)).toEqual([1, 99]);
  expect(robustRange(Float32Array.of(Number.NaN, 4, Number.POSITIVE_INFINITY))).toEqual([4, 4]);
  expect(robustRange(Float32Array.of(Number.NaN))).toEqual([0, 1]);
  expect(robustRange(new Float32Array(0))).toEqual([0, 1]);
});

test("viridis runs from dark violet to yellow and never gets darker on the way", () => {
  const table = colourScale("viridis");
  expect([...table.slice(0, 3), ...table.slice(-3)]).toEqual([0x44, 0x01, 0x54, 0xfd, 0xe7, 0x25]);
  const luminance = Array.from({ length: 256 }, (_, i) => {
    const linear = [0, 1, 2].map((channel) => (table[i * 3 + channel] / 255) ** 2.2);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  });
  // Colours are rounded to 8 bits: a step may fall back by less than one of them.
  for (let i = 1; i < 256; i++) expect(luminance[i]).toBeGreaterThan(luminance[i - 1] - 1 / 255);
});
