import fc from "fast-check";
import { expect, test } from "vitest";
import { scaleBar } from "#stain/scale-bar";

test("a map of 400 pixels of 5.5 µm gets 500 µm, the longest round length up to a quarter of 2200 µm", () => {
  expect(scaleBar(400, 5.5)).toEqual({ pixels: 500 / 5.5, label: "500 µm" });
});

test("from 1000 µm on the label is in mm", () => {
  expect(scaleBar(1000, 5).label).toBe("1 mm");
  expect(scaleBar(20000, 1.1).label).toBe("5 mm");
});

test("a quarter that is round itself is taken", () => {
  expect(scaleBar(2000, 1).label).toBe("500 µm");
  // 0.1 · 3 and the like fall a hair short in binary.
  expect(scaleBar(12, 0.1 + 0.2 + 1.3666666666666667)).toMatchObject({ label: "5 µm" });
});

test("without a pixel size the bar counts pixels, at least one", () => {
  expect(scaleBar(100)).toEqual({ pixels: 20, label: "20 px" });
  expect(scaleBar(1)).toEqual({ pixels: 1, label: "1 px" });
});

test("a map of one pixel has a bar shorter than itself", () => {
  expect(scaleBar(1, 5.5)).toEqual({ pixels: 1 / 5.5, label: "1 µm" });
});

test("the bar is between a tenth and a quarter of the width, whatever the map", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e5 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (cols, size) => {
      const { pixels } = scaleBar(cols, size);
      expect(pixels / cols).toBeLessThan(0.25 * (1 + 1e-6));
      expect(pixels / cols).toBeGreaterThan(0.1 * (1 - 1e-6));
    }),
  );
});
