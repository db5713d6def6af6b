import { share } from "./share.js";
import type { Table } from "./table.js";

/** A part of some rows of a table, as a job takes it: `rows[from]` to before `rows[to]`. */
export interface TableRange {
  /** `values[row * bands + band]` of the whole table, in shared memory. */
  readonly values: Float32Array;
  readonly bands: number;
  /** Rows of the table. */
  readonly rows: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** Rows a job: at 450 bands a tenth of a second of work. With half as many, 300,000 rows took an eighth longer. */
const RANGE = 16_384;

/** Some rows of a table as ranges of 16,384, whatever the crew, so that sums over them are added in one order. */
export function rangesOf(table: Table, rows: Int32Array): TableRange[] {
  const whole = { values: share(table.values), bands: table.wavenumbers.length, rows: share(rows) };
  return Array.from({ length: Math.ceil(rows.length / RANGE) }, (_, i) => ({
    ...whole,
    from: i * RANGE,
    to: Math.min(rows.length, (i + 1) * RANGE),
  }));
}

/** The spectra of a range where they lie: each time as many as stand one after another in the table, `most` at the most. */
export function* spectraOf(
  { values, bands, rows, from, to }: TableRange,
  most: number,
): Generator<{ values: Float32Array; count: number }> {
  for (let start = from; start < to; ) {
    let count = 1;
    while (count < most && start + count < to && rows[start + count] === rows[start] + count) count++;
    yield { values: values.subarray(rows[start] * bands, (rows[start] + count) * bands), count };
    start += count;
  }
}
