import { cursor } from "../classify/sample.js";
import type { CubeReader } from "../read/open-cube.js";

/** Some pixels of a label value and patient, by their number among all such pixels, from the top of the cube; ascending. */
export interface Pick {
  readonly value: number;
  /** Index into the patients of the cube; 0 where it has one. */
  readonly patient: number;
  readonly places: Int32Array;
}

/** Labels of so many pixels are held at a time. */
const PIECE = 1 << 20;

/** The patients of the pixels of a cube: one for all, or those that a table of spectra names. */
export function patientsOf(named: readonly string[] | undefined, whole: string) {
  if (!named) return { patients: [whole], patientOf: () => 0 };
  const patients = [...new Set(named)];
  const indices = new Map(patients.map((name, i) => [name, i]));
  const index = Int32Array.from(named, (name) => indices.get(name)!);
  return { patients, patientOf: (pixel: number) => index[pixel] };
}

/** Call `look` with the label value of every annotated pixel, from the top of the cube, some rows at a time. */
export function eachLabel(
  { cube: { rows, cols }, labels }: CubeReader,
  look: (pixel: number, value: number) => void,
): void {
  const height = Math.max(1, Math.floor(PIECE / cols));
  for (let row = 0; row < rows; row += height) {
    const values = labels({ row, rows: Math.min(height, rows - row) }) ?? [];
    for (let i = 0; i < values.length; i++) if (values[i]) look(row * cols + i, values[i]);
  }
}

/** The pixels of a cube that are picked, ascending, and the pick of each. */
export function pickPixels(reader: CubeReader, picks: readonly Pick[]): { pixels: Int32Array; pickOf: Int32Array } {
  const count = picks.reduce((sum, { places }) => sum + places.length, 0);
  const pixels = new Int32Array(count);
  const pickOf = new Int32Array(count);
  const { patientOf } = patientsOf(reader.patients?.(), "");
  const key = (value: number, patient: number) => 256 * patient + value;
  const wanted = new Map(
    picks.map(({ value, patient, places }, pick) => [key(value, patient), { pick, isChosen: cursor(places) }]),
  );
  let found = 0;
  eachLabel(reader, (pixel, value) => {
    const group = wanted.get(key(value, patientOf(pixel)));
    if (!group?.isChosen()) return;
    pixels[found] = pixel;
    pickOf[found++] = group.pick;
  });
  return { pixels, pickOf };
}
