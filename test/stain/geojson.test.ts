import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "#cube/random";
import type { StainMap } from "#cube/stain-map";
import { composition } from "#stain/composition";
import { geojson } from "#stain/geojson";
import { paletteFor } from "#stain/palettes";
import { drawn, lines } from "./maps.js";

type Ring = [number, number][];
interface Feature {
  id: string;
  geometry: { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
  properties: {
    objectType: string;
    isLocked: boolean;
    classification: { name: string; color: number[] };
    measurements: Record<string, number>;
  };
}

const polygons = ({ geometry }: Feature) =>
  geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;

interface Options {
  minimumArea?: number;
  pixelSizeUm?: number;
}

/** What is written, read back, and what the pieces give at their end. */
function written(map: StainMap, options: Options = {}) {
  const palette = paletteFor(map.classNames);
  const more = { file: "core.h5", palette, origin: "simulated" as const, composition: composition(map, { palette }) };
  const pieces = geojson(map, { ...more, ...options });
  let text = "";
  for (;;) {
    const { value, done } = pieces.next();
    if (done) return { ...JSON.parse(text), finding: value };
    text += value;
  }
}

const featuresOf = (map: StainMap, options: Options = {}): Feature[] => written(map, options).features;

/** Area by the shoelace formula, positive for rings that RFC 7946 calls counterclockwise. */
function signedArea(ring: Ring): number {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i][0] * y - x * ring[i][1]) / 2, 0);
}

/** Fill polygons: a pixel is inside where a ray from its centre crosses an odd number of edges. */
function rasterised(features: Feature[], { rows, cols, classNames }: StainMap): Uint8Array {
  const classes = new Uint8Array(rows * cols);
  for (const feature of features) {
    const label = classNames.indexOf(feature.properties.classification.name);
    const edges = polygons(feature)
      .flat()
      .flatMap((ring) => ring.slice(1).map((end, i) => [ring[i], end] as const))
      .filter(([a, b]) => a[0] === b[0]);
    for (let pixel = 0; pixel < rows * cols; pixel++) {
      const [x, y] = [(pixel % cols) + 0.5, Math.floor(pixel / cols) + 0.5];
      const crossed = edges.filter(([[ax, ay], [, by]]) => ax > x && Math.min(ay, by) < y && y < Math.max(ay, by));
      if (crossed.length % 2 === 1) classes[pixel] = label;
    }
  }
  return classes;
}

const anyMap = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 1, 2, 4))
  .chain(([rows, cols, most]) =>
    fc.array(fc.array(fc.nat(most), { minLength: cols, maxLength: cols, size: "max" }), {
      minLength: rows,
      maxLength: rows,
      size: "max",
    }),
  )
  .map((grid) => drawn(grid.map((row) => row.map((label) => label || ".").join(""))));

test("a single pixel is a closed square with its corners on the pixel grid", () => {
  const [feature] = featuresOf(drawn(["..", ".1"]));
  const square = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]; // biome-ignore format: one line reads better
  expect(feature.geometry).toEqual({ type: "Polygon", coordinates: [square] });
});

test("a marker in the top right corner has large x and small y: origin top left, y down", () => {
  const [marker] = featuresOf(drawn(["..1", "...", "...", "..."]));
  expect(polygons(marker)[0][0][0]).toEqual([2, 0]);
});

test("a rectangle has four corners: points along a straight side are left out", () => {
  const [feature] = featuresOf(drawn(["11111", "11111"]));
  expect(polygons(feature)[0][0]).toHaveLength(5);
});

test("a hole turns the other way than its outer ring, and an island in the hole is a polygon of its own", () => {
  const [frame] = featuresOf(drawn(["11111", "12221", "12121", "12221", "11111"]));
  const [outer, island] = polygons(frame);
  expect(outer.map(signedArea)).toEqual([25, -9]);
  expect(island.map(signedArea)).toEqual([1]);
});

test("pixels that meet at a corner only are two polygons", () => {
  const [feature] = featuresOf(drawn(["1.", ".1"]));
  expect(polygons(feature).map((rings) => rings.map(signedArea))).toEqual([[1], [1]]);
});

test("a region that touches itself at a corner gets a hole that touches there, not a ring that touches itself", () => {
  const [feature] = featuresOf(drawn(["111", "1.1", "11."]));
  const [rings] = polygons(feature);
  expect(rings.map(signedArea)).toEqual([8, -1]);
});

test("of any map: rings are closed, corners only, and pass no point twice", () => {
  fc.assert(
    fc.property(anyMap, (map) => {
      for (const feature of featuresOf(map)) {
        for (const ring of polygons(feature).flat()) {
          expect(ring.at(-1)).toEqual(ring[0]);
          const points = ring.slice(1);
          expect(new Set(points.map(String)).size).toBe(points.length);
          for (const [i, [x, y]] of points.entries()) {
            const [px, py] = points.at(i - 1)!;
            const [nx, ny] = points[(i + 1) % points.length];
            // Every corner turns by 90°: one neighbour shares x, the other y.
            expect(
              (px === x && ny === y && py !== y && nx !== x) || (py === y && nx === x && px !== x && ny !== y),
            ).toBe(true);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("of any map: outer areas minus holes are the pixels of the class, exactly, and filling the polygons gives the map back", () => {
  fc.assert(
    fc.property(anyMap, (map) => {
      const features = featuresOf(map);
      for (const feature of features) {
        const label = map.classNames.indexOf(feature.properties.classification.name);
        const pixels = map.classes.filter((each) => each === label).length;
        for (const rings of polygons(feature)) {
          expect(rings.map((ring) => Math.sign(signedArea(ring)))).toEqual(rings.map((_, i) => (i === 0 ? 1 : -1)));
        }
        expect(
          polygons(feature)
            .flat()
            .reduce((sum, ring) => sum + signedArea(ring), 0),
        ).toBe(pixels);
        expect(feature.properties.measurements.pixels).toBe(pixels);
      }
      expect(lines({ ...map, classes: rasterised(features, map) })).toEqual(lines(map));
    }),
    { numRuns: 300 },
  );
});

test("every region is kept unless a limit is given; what it leaves out is counted, by class and in all", () => {
  const map = drawn(["11.22", "11.2.", "1...3", ".1..."]);
  const of = (minimumArea?: number) => {
    const { features, left_out, finding } = written(map, { minimumArea });
    return { names: features.map((one: Feature) => one.properties.classification.name), left_out, finding };
  };
  expect(of()).toEqual({
    names: ["cancer", "benign", "stroma"],
    left_out: { smaller_than_pixels: 0, regions: 0, pixels: 0, classes: [] },
    finding: { regions: 4, minimumPixels: 0, leftOut: { regions: 0, pixels: 0 } },
  });
  expect(of(4)).toEqual({
    names: ["cancer"],
    left_out: {
      smaller_than_pixels: 4,
      regions: 3,
      pixels: 5,
      classes: [
        { name: "cancer", regions: 1, pixels: 1 },
        { name: "benign", regions: 1, pixels: 3 },
        { name: "stroma", regions: 1, pixels: 1 },
      ],
    },
    finding: { regions: 1, minimumPixels: 4, leftOut: { regions: 3, pixels: 5 } },
  });
});

test("of any map and limit: what is drawn and what is left out are together the pixels of the composition", () => {
  fc.assert(
    fc.property(anyMap, fc.nat(6), (map, minimumArea) => {
      const { features, left_out, finding } = written(map, { minimumArea });
      const rows = composition(map, { palette: paletteFor(map.classNames) }).rows;
      let all = 0;
      for (const [k, label] of map.labels.entries()) {
        const name = map.classNames[label];
        const one = (features as Feature[]).find(({ properties }) => properties.classification.name === name);
        const area = one
          ? polygons(one)
              .flat()
              .reduce((sum, ring) => sum + signedArea(ring), 0)
          : 0;
        const missing = left_out.classes.find((each: { name: string }) => each.name === name)?.pixels ?? 0;
        expect(area + missing).toBe(rows[k].pixels);
        all += area;
      }
      expect(all + finding.leftOut.pixels).toBe(
        rows.slice(0, map.labels.length).reduce((sum, row) => sum + row.pixels, 0),
      );
      expect(finding.regions).toBe((features as Feature[]).reduce((sum, one) => sum + polygons(one).length, 0));
    }),
    { numRuns: 200 },
  );
});

test("a map of noise is written whole, in pieces of bounded length, and read back to the same map", () => {
  const [rows, cols] = [240, 200];
  const stream = random(7);
  const classes = Uint8Array.from({ length: rows * cols }, () => 1 + Math.floor(6 * stream.uniform()));
  const map = { ...drawn([".".repeat(6)]), rows, cols, classes, rejected: new Uint8Array(rows * cols) };
  map.probabilities = new Float32Array(6 * rows * cols).fill(1 / 6);
  const palette = paletteFor(map.classNames);
  const options = {
    file: "noise.h5",
    palette,
    origin: "simulated" as const,
    composition: composition(map, { palette }),
  };
  const pieces = [...geojson(map, options)];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1 << 18);
  const features: Feature[] = JSON.parse(pieces.join("")).features;
  const filled = new Uint8Array(rows * cols);
  for (const feature of features) {
    const label = map.classNames.indexOf(feature.properties.classification.name);
    // Every vertical edge changes what lies to its right, as far as the map goes: the changes are summed along each row.
    const changes = new Int8Array(rows * (cols + 1));
    for (const [[x, y], [, below]] of polygons(feature)
      .flat()
      .flatMap((ring) => ring.slice(1).map((end, i) => [ring[i], end] as const))) {
      for (let row = Math.min(y, below); row < Math.max(y, below); row++)
        changes[row * (cols + 1) + x] += y > below ? 1 : -1;
    }
    for (let row = 0; row < rows; row++) {
      for (let col = 0, inside = 0; col < cols; col++) {
        inside += changes[row * (cols + 1) + col];
        if (inside) filled[row * cols + col] = label;
      }
    }
  }
  expect(filled).toEqual(classes);
});

test("a feature says what QuPath wants to know, and its area and probability", () => {
  const [feature] = featuresOf(drawn(["11", "11"]), { pixelSizeUm: 50 });
  expect(feature.properties).toEqual({
    objectType: "annotation",
    classification: { name: "cancer", color: [213, 94, 0] },
    isLocked: false,
    measurements: { pixels: 4, area_mm2: 0.01, mean_probability: 0.75 },
  });
  const [unsized] = featuresOf(drawn(["11", "11"]));
  expect(unsized.properties.measurements).toEqual({ pixels: 4, mean_probability: 0.75 });
});

test("identities are UUIDs that depend on file and class only", () => {
  const ids = featuresOf(drawn(["12"])).map(({ id }) => id);
  expect(ids).toEqual(featuresOf(drawn(["1..2", "1..2"])).map(({ id }) => id));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a class name full of markup and quotes stays one JSON string", () => {
  const name = '</script><b>"x"\\\u0000';
  const [feature] = featuresOf(drawn(["11", "11"], ["unclassified", name]));
  expect(feature.properties.classification.name).toBe(name);
});

test("a map of rejected pixels only is a collection without features", () => {
  expect(featuresOf(drawn(["xx", ".."]))).toEqual([]);
});
