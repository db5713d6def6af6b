import { errorOfFile, faultOf, type SpectraError, stackOf } from "../cube/errors.js";
import type { RunOptions } from "./progress.js";

/** A cube, or a case, that came to nothing. */
export interface FailedCube {
  readonly file: string;
  readonly error: string;
}

/** Does work on items, one after another or some at a time; how, is the runner's. */
export type Runner = <Item>(
  items: readonly Item[],
  work: (item: Item, passOn: () => void) => Promise<void>,
) => Promise<void>;

/** What came of one item. */
export type Outcome<Item, Result> = { readonly item: Item } & (
  | { readonly result: Result }
  | { readonly error: SpectraError }
);

/**
 * Do the work of each cube of a cohort, or of each case. One that fails, whatever was thrown, is told by its file, and the others go on.
 * A fault of the call or of the run would meet every other cube too, so it ends the run. Outcomes come in the order of the items,
 * whichever was finished first.
 */
export async function eachCube<Item, Result>(
  items: readonly Item[],
  fileOf: (item: Item) => string,
  run: Runner,
  work: (item: Item, passOn: () => void) => Promise<Result>,
  { signal, onRemark }: Pick<RunOptions, "signal" | "onRemark"> = {},
): Promise<Outcome<Item, Result>[]> {
  const outcomes: Outcome<Item, Result>[] = [];
  await run([...items.entries()], async ([index, item], passOn) => {
    signal?.throwIfAborted();
    try {
      outcomes[index] = { item, result: await work(item, passOn) };
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      const error = errorOfFile(fileOf(item), thrown);
      if (faultOf[error.kind] !== "cube") throw error;
      outcomes[index] = { item, error };
      onRemark?.(`${fileOf(item)} failed: ${process.env.SPECTRASTAIN_DEBUG ? stackOf(error) : error.message}`);
    }
  });
  return outcomes;
}

/** The results, and the failures with their files, as findings list them. Where nothing but one failure came out it is thrown. */
export function sorted<Item, Result>(outcomes: readonly Outcome<Item, Result>[], fileOf: (item: Item) => string) {
  const results = outcomes.flatMap((of) => ("result" in of ? [of.result] : []));
  const failed = outcomes.flatMap((of) => ("error" in of ? [of] : []));
  if (!results.length && failed.length === 1) throw failed[0].error;
  return {
    results,
    failures: failed.map(({ item, error }): FailedCube => ({ file: fileOf(item), error: error.message })),
  };
}

/** One item after another. */
export const oneByOne: Runner = async (items, work) => {
  for (const item of items) await work(item, () => undefined);
};

/** So many items at a time. */
export function atATime(size: number): Runner {
  return async (items, work) => {
    const queue = items.values();
    const hand = async () => {
      for (const item of queue) await work(item, () => undefined);
    };
    await Promise.all(Array.from({ length: size }, hand));
  };
}
