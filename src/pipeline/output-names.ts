import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { CohortRow } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import { type CubeKey, sameCube } from "../cube/identity.js";
import { cubeKey, isUntouched, placeOf } from "../read/cube-key.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { layoutOfRow } from "../read/row-layout.js";
import type { Made } from "./made.js";

export interface NamingOptions {
  readonly layout: LayoutOptions;
  readonly hash: boolean;
  /** Keys that are known already, so that files that are untouched since are not read. */
  readonly known?: readonly CubeKey[];
  readonly signal?: AbortSignal;
}

/**
 * The rows of a cohort with the names of their outputs in a folder. A cube that has its output there already keeps that name, wherever its
 * file lies now; any other takes the name of its file, or, where that is another cube's, the name with a piece of a hash of its path.
 * Neither depends on the order of the rows, and nothing of another cube is written over.
 */
export async function namedRows(
  rows: readonly CohortRow[],
  made: readonly Made[],
  options: NamingOptions,
): Promise<CohortRow[]> {
  const names = new Map<CohortRow, string>();
  const owned = new Set<Made>();
  const own = (row: CohortRow, one: Made | undefined) => {
    if (!one) return;
    owned.add(one);
    names.set(row, one.name);
  };
  // Of several copies of one cube the one that lies where it was goes first, then by path.
  const inOrder = [...rows].sort((a, b) => (a.path < b.path ? -1 : 1));
  const there = inOrder.filter(({ path }) => existsSync(path));
  const free = () => made.filter((one) => !owned.has(one));
  for (const row of there) own(row, best(row, free(), await whereItWas(row, options)));
  for (const row of there) if (!names.has(row)) own(row, best(row, free(), await byContent(row, free(), options)));
  for (const row of there) if (!names.has(row)) own(row, await measuredAnew(row, free()));
  const taken = new Set(made.map(({ name }) => name.toLowerCase()));
  for (const row of inOrder) {
    if (names.has(row)) continue;
    const name = nameFor(row, taken);
    taken.add(name.toLowerCase());
    names.set(row, name);
  }
  return rows.map((row) => ({ ...row, name: names.get(row)! }));
}

type Matches = (cube: CubeKey) => boolean;

function best(row: CohortRow, made: readonly Made[], matches: Matches): Made | undefined {
  const found = made.filter(({ cube }) => cube && matches(cube));
  return found.find(({ name }) => name === row.name) ?? found[0];
}

/** Outputs of the file as it lies there; where files are hashed, it must be untouched since. */
async function whereItWas(row: CohortRow, { layout, hash }: NamingOptions): Promise<Matches> {
  const now = placeOf(row.path, layoutOfRow(row, layout));
  return (cube) => (hash && cube.content ? isUntouched(cube, now) : cube.place === now.place);
}

/** Outputs of a cube of the same content, which is asked for only where there is one of its size. */
async function byContent(
  row: CohortRow,
  made: readonly Made[],
  { layout: said, hash, known, signal }: NamingOptions,
): Promise<Matches> {
  const { path } = row;
  const layout = layoutOfRow(row, said);
  const { bytes } = placeOf(path, layout);
  if (!hash || !made.some(({ cube }) => cube?.content && cube.bytes === bytes)) return () => false;
  try {
    const key = await cubeKey(path, layout, { known, signal });
    return (cube) => cube.content !== undefined && sameCube(cube, key);
  } catch (thrown) {
    signal?.throwIfAborted();
    // A file that cannot be read fails when its turn comes.
    if (thrown instanceof SpectraError) return () => false;
    throw thrown;
  }
}

/** The output of a file of the same path and patient that was written anew since: it is replaced. One of an earlier version, too. */
async function measuredAnew(row: CohortRow, made: readonly Made[]): Promise<Made | undefined> {
  const before = made.filter(({ source }) => source === row.path);
  if (!before.length) return undefined;
  const patient = row.patient ?? (await patientIn(row.path));
  return before.find((one) => one.patient === patient);
}

async function patientIn(path: string): Promise<string | undefined> {
  try {
    const reader = await openCube(path);
    reader.close();
    return reader.cube.patient;
  } catch {
    // A layout that has to be named, or a bad cube, of which the run will say so.
    return undefined;
  }
}

function nameFor({ name, path }: CohortRow, taken: ReadonlySet<string>): string {
  if (!taken.has(name.toLowerCase())) return name;
  const hash = createHash("sha256").update(path).digest("hex");
  for (let length = 6; length < hash.length; length += 2) {
    const longer = `${name}-${hash.slice(0, length)}`;
    if (!taken.has(longer)) return longer;
  }
  return `${name}-${hash}`;
}
