import type { Cohort } from "../cube/cohort.js";
import { faultOf, SpectraError } from "../cube/errors.js";

/**
 * Read a cohort of which every cube is needed: a model of fewer patients than the cohort names would be another model under the
 * same name. The first cube that fails stops the reading, and its error says, after what is wrong, how to go on without it.
 */
export async function everyCube<T>(cohort: Cohort, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof SpectraError) || faultOf[thrown.kind] !== "cube") throw thrown;
    const leave = cohort.path ? `take its row out of ${cohort.path}, or give it the split "test"` : "do not name it";
    const message = `${thrown.message}. Every cube is needed: mend this one; to go on without it, ${leave}`;
    throw new SpectraError(thrown.kind, thrown.place, message, { cause: thrown });
  }
}
