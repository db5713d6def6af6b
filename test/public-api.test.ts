import { expect, test } from "vitest";
import * as library from "#index";

test("the library exports these names and no others", () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot();
});
