import { SpectraError } from "../cube/errors.js";

/** Spectra of one patient in one file, as prints. */
export interface PrintedSpectra {
  readonly file: string;
  readonly patient: string;
  readonly prints: Iterable<number>;
}

/** Spectra that two patients have in common. */
export interface SharedSpectra {
  readonly patients: readonly [string, string];
  readonly files: readonly [string, string];
  readonly spectra: number;
}

/** Files that are the same to the last byte; those of one patient are not among them. */
export interface SameFile {
  readonly patients: readonly [string, string];
  readonly files: readonly [string, string];
}

/** Find spectra that stand under two patients, the pair that shares most first. Prints that are NaN are of spectra that prove nothing. */
export function sharedSpectra(all: readonly PrintedSpectra[]): SharedSpectra[] {
  const owners = new Map<number, PrintedSpectra>();
  const pairs = new Map<string, { patients: [string, string]; files: [string, string]; spectra: number }>();
  for (const own of all) {
    const seen = new Set<number>();
    for (const print of own.prints) {
      if (Number.isNaN(print) || seen.has(print)) continue;
      seen.add(print);
      const owner = owners.get(print);
      if (!owner) owners.set(print, own);
      else if (owner.patient !== own.patient) {
        const name = JSON.stringify([owner.patient, own.patient]);
        const pair = pairs.get(name) ?? {
          patients: [owner.patient, own.patient],
          files: [owner.file, own.file],
          spectra: 0,
        };
        pair.spectra++;
        pairs.set(name, pair);
      }
    }
  }
  return [...pairs.values()].sort((a, b) => b.spectra - a.spectra);
}

/** Find files of one content under two patients; `onTwin` hears of those under one. */
export function sameFiles(
  inputs: readonly { readonly file: string; readonly hash?: string; readonly patients: readonly string[] }[],
  onTwin?: (text: string) => void,
): SameFile[] {
  const first = new Map<string, (typeof inputs)[number]>();
  const found: SameFile[] = [];
  for (const input of inputs) {
    if (input.hash === undefined) continue;
    const twin = first.get(input.hash);
    if (!twin) first.set(input.hash, input);
    else if (twin.patients.join("\n") === input.patients.join("\n")) {
      onTwin?.(`${twin.file} and ${input.file} are the same cube: patient ${input.patients[0]} counts with both`);
    } else {
      const patients = [twin.patients[0], input.patients[0]] as const;
      found.push({ patients, files: [twin.file, input.file] });
    }
  }
  return found;
}

/** What a study that holds one patient twice is told: an error, or, where that is allowed, stamps for every figure. */
export function judgeShared(files: readonly SameFile[], spectra: readonly SharedSpectra[], allow: boolean): string[] {
  if (!files.length && !spectra.length) return [];
  const [same] = files;
  const [most] = spectra;
  const { patients } = same ?? most;
  const what = same
    ? `${same.files[0]} and ${same.files[1]} are the same file to the last byte, under the patients ${patients.join(" and ")}`
    : `the patients ${patients.join(" and ")} share ${most.spectra} ${most.spectra === 1 ? "spectrum" : "spectra"}, equal to the last bit (in ${most.files[0]} and ${most.files[1]})`;
  const more = Math.max(files.length, spectra.length) - 1;
  const others = more > 0 ? `, and ${more} more such pair${more > 1 ? "s" : ""}` : "";
  if (allow) return [`patients overlap: ${what.replace(/^the /, "")}${others}`];
  throw new SpectraError(
    "patients",
    (same ?? most).files.join(" and "),
    `${what}${others}: one patient would be learned from and tested on. Give them one patient in the cohort file or leave one out; ` +
      "--allow-overlap goes on and has every figure stamped",
  );
}
