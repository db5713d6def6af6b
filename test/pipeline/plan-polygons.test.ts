import { expect, test } from "vitest";
import { planPolygons } from "#pipeline/plan-polygons";

test("polygons of 10.9 million pixels are traced in the default 700 MB", () => {
  expect(planPolygons("map", 10.9e6, 700e6, 2)).toEqual({ bytes: 7 * 10.9e6 });
});

test("polygons of a map that is more than the memory are left out, and said how they come", () => {
  // 7 bytes a pixel are 7 GB; the threads take 350 MB besides.
  const { bytes, remark } = planPolygons("slide", 1e9, 700e6, 2);
  expect(bytes).toBe(0);
  expect(remark).toMatch(/slide\.geojson is left out: .* takes 7\.0 GB; with --memory 7\.4GB --again/);
  expect(planPolygons("slide", 1e9, 7.4e9, 2)).toEqual({ bytes: 7e9 });
});

test("polygons of a small map are traced whatever the memory", () => {
  expect(planPolygons("map", 1e6, 64e6, 2)).toEqual({ bytes: 7e6 });
});
