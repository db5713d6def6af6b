import { expect, test } from "vitest";
import { random } from "#cube/random";
import { solo, withCrew } from "#pipeline/crew";
import { fitComponents, projectRows } from "#pipeline/reduce-rows";
import type { Table } from "#pipeline/table";

const BANDS = 13;
const ROWS = 42_000;

/** Spectra of two kinds of variation, 3 and 1 in size, with noise; the third of every seven rows is not to be used. */
const table = ((): Table => {
  const stream = random("rows of a table");
  const values = new Float32Array(new SharedArrayBuffer(ROWS * BANDS * 4));
  for (let row = 0; row < ROWS; row++) {
    const [first, second] = [3 * stream.normal(), stream.normal()];
    for (let band = 0; band < BANDS; band++) {
      const curve = first * Math.cos((band + 0.5) / 4) + second * Math.sin((band + 0.5) / 2);
      values[row * BANDS + band] = 5 + curve + 0.1 * stream.normal();
    }
    if (row % 7 === 2) values.fill(Number.NaN, row * BANDS, (row + 1) * BANDS);
  }
  const wavenumbers = Float64Array.from({ length: BANDS }, (_, band) => 1000 + 4 * band);
  const none = {
    truth: new Uint8Array(ROWS),
    labels: new Uint8Array(0),
    inputs: [],
    quality: [],
    stamps: [],
    annotated: new Float64Array(0),
  };
  const ids = { patient: new Int32Array(ROWS), core: new Int32Array(ROWS), mode: new Int32Array(ROWS) };
  const names = { patients: ["P"], cores: ["C"], modes: ["HD"], classNames: [] };
  // biome-ignore format: one object
  return { rawWavenumbers: wavenumbers, wavenumbers, gaps: [], quantity: "absorbance", count: ROWS, values, ...none, ...ids, ...names };
})();
/** 36,000 rows in runs of six: two whole ranges and a part. */
const rows = Int32Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % 7 !== 2);

test("components and scores of a table are the same bytes for 0, 1, 2 and 3 workers", async () => {
  const found = [];
  for (const workers of [0, 1, 2, 3]) {
    found.push(
      await withCrew({ workers }, async (crew) => {
        const pca = await fitComponents(table, rows, 4, crew);
        return { pca, projected: await projectRows(table, rows, pca, crew) };
      }),
    );
  }
  for (const other of found.slice(1)) expect(other).toEqual(found[0]);
});

test("the variances are those of the chosen rows, summed in Float64, and of no others", async () => {
  const mean = new Float64Array(BANDS);
  for (const row of rows) for (let band = 0; band < BANDS; band++) mean[band] += table.values[row * BANDS + band];
  for (let band = 0; band < BANDS; band++) mean[band] /= rows.length;
  const pca = await fitComponents(table, rows, 2, solo());
  expect(pca.count).toBe(rows.length);
  for (let band = 0; band < BANDS; band++) expect(Math.abs(pca.mean[band] - mean[band])).toBeLessThan(1e-6);
  for (let component = 0; component < 2; component++) {
    let squares = 0;
    for (const row of rows) {
      let score = 0;
      for (let band = 0; band < BANDS; band++) {
        score += (table.values[row * BANDS + band] - mean[band]) * pca.loadings[component * BANDS + band];
      }
      squares += score * score;
    }
    // Products are summed in float32 over 128 rows.
    expect(Math.abs(pca.variance[component] / (squares / (rows.length - 1)) - 1)).toBeLessThan(2e-6);
  }
});

test("scores, Q and T² stand in the order of the rows, whichever range they were in", async () => {
  const pca = await fitComponents(table, rows, 3, solo());
  const all = await projectRows(table, rows, pca, solo());
  for (const place of [0, 1, 16_383, 16_384, 32_767, 32_768, rows.length - 1]) {
    const alone = await projectRows(table, rows.subarray(place, place + 1), pca, solo());
    expect([...all.scores.subarray(3 * place, 3 * place + 3)]).toEqual([...alone.scores]);
    expect([all.q[place], all.t2[place]]).toEqual([alone.q[0], alone.t2[0]]);
  }
});

test("fewer components are given where there are fewer bands or rows", async () => {
  expect((await fitComponents(table, rows, 20, solo())).components).toBe(BANDS);
  expect((await fitComponents(table, rows.subarray(0, 6), 20, solo())).components).toBe(5);
});
