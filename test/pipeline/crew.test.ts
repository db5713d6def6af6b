import { expect, test } from "vitest";
import { createHdf5 } from "#hdf5/create";
import { inOrder, withCrew } from "#pipeline/crew";
import { freshFolder, wavenumbers, writeTissue } from "./tissue.js";

const folder = freshFolder("crew");
const steps = [{ step: "normalise", method: "vector", params: {} }] as const;
const gather = (file: string, pixel: number) => ({ file, layout: {}, steps, pixels: Int32Array.of(pixel) });

test("results come in the order of the inputs, whatever the number of workers", async () => {
  const file = await writeTissue(`${folder}/a.h5`, {});
  const found: string[] = [];
  for (const workers of [0, 1, 2, 3]) {
    const seen: number[] = [];
    await withCrew({ workers }, (crew) =>
      inOrder(
        crew,
        "gatherCube",
        Array.from({ length: 20 }, (_, i) => gather(file, i)),
        ({ values }, index) => {
          expect(index).toBe(seen.length);
          seen.push(values[30]);
        },
      ),
    );
    found.push(seen.join());
  }
  expect(new Set(found).size).toBe(1);
});

test("no more results are held than the crew has hands and two, however slow the writer", async () => {
  const file = await writeTissue(`${folder}/b.h5`, {});
  let taken = 0;
  let used = 0;
  function* inputs() {
    for (let i = 0; i < 12; i++) {
      taken++;
      expect(taken - used).toBeLessThanOrEqual(2 + 2 + 1);
      yield gather(file, i);
    }
  }
  await withCrew({ workers: 2 }, (crew) =>
    inOrder(crew, "gatherCube", inputs(), async () => {
      await new Promise((later) => setTimeout(later, 5));
      used++;
    }),
  );
  expect(used).toBe(12);
});

test("an error in a worker comes back with its kind, its place and its words", async () => {
  const job = withCrew({ workers: 1 }, (crew) => crew.run("gatherCube", gather(`${folder}/nowhere.h5`, 0)));
  await expect(job).rejects.toMatchObject({ name: "SpectraError", message: expect.stringMatching(/nowhere\.h5/) });
});

test("a worker that dies has its job done again once; dying twice is an error that says so", async () => {
  // A cube that claims more than any memory holds: the worker dies of it, as it would of a full machine.
  const file = `${folder}/huge.h5`;
  await createHdf5(file, (out) => {
    out.put("/wavenumbers", wavenumbers);
    out.dataset("/cube", {
      shape: [1, 40_000_000, wavenumbers.length],
      type: "float32",
      chunks: [1, 1000, wavenumbers.length],
    });
  });
  const job = withCrew({ workers: 1 }, (crew) => crew.run("gatherCube", gather(file, 1)));
  await expect(job).rejects.toThrow(/memory|died twice|space|length|allocation/i);
});
