import type { Findings } from "../cube/findings.js";
import type { Pictures } from "./picture.js";

/** One run: what it found, and the pictures that its findings name. */
export interface Run {
  readonly findings: Findings;
  readonly pictures: Pictures;
}

/**
 * The findings of several runs as those of one, such as a validation, a stain and a diagnosis: lists are strung together, of what there
 * is once the first run that has it counts, stamps are united, the origin is "mixed" where runs differ. Pictures keep their names behind
 * the number of their run.
 */
export function mergeFindings(runs: readonly Run[]): Run {
  const [first] = runs;
  if (runs.length === 1) return first;
  const all = runs.map(({ findings }, r) => renamed(findings, r));
  const once = <K extends keyof Findings>(key: K) => all.find((of) => of[key] !== undefined)?.[key];
  const list = <T>(values: (of: Findings) => readonly T[] | undefined): T[] | undefined => {
    const found = all.flatMap((of) => values(of) ?? []);
    return found.length || all.some((of) => values(of)) ? found : undefined;
  };
  const files = new Map(all.flatMap(({ inputs }) => inputs).map((input) => [input.file, input]));
  const origins = new Set(all.map(({ origin }) => origin));
  const stains = new Map((list(({ stains: of }) => of) ?? []).map((stain) => [stain.name, stain]));
  const findings: Findings = {
    ...all[0],
    title: "Stain and diagnosis",
    command: all.map(({ command }) => command).join("; "),
    created: all.map(({ created }) => created).sort()[all.length - 1],
    origin: origins.size === 1 ? all[0].origin : "mixed",
    stamps: [...new Set(all.flatMap(({ stamps }) => stamps))],
    inputs: [...files.values()],
    pipeline: once("pipeline"),
    palette: once("palette"),
    quality: once("quality"),
    spectra: once("spectra"),
    pca: once("pca"),
    importances: once("importances"),
    validation: once("validation"),
    study: once("study"),
    agreement: once("agreement"),
    stains: stains.size ? [...stains.values()] : undefined,
    cases: list(({ cases }) => cases),
    failures: list(({ failures }) => failures),
  };
  const pictures: Pictures = (path) => {
    const [, run, rest] = /^(\d+)\/(.*)$/s.exec(path) ?? [];
    return run === undefined ? undefined : runs[Number(run)]?.pictures(rest);
  };
  // Through JSON, as findings are read: what is undefined is not there.
  return { findings: JSON.parse(JSON.stringify(findings)) as Findings, pictures };
}

function renamed(findings: Findings, run: number): Findings {
  const at = (path: string | undefined) => (path === undefined ? undefined : `${run}/${path}`);
  return {
    ...findings,
    stains: findings.stains?.map((stain) => ({
      ...stain,
      pictures: Object.fromEntries(Object.entries(stain.pictures).map(([kind, path]) => [kind, at(path)])),
    })),
    cases: findings.cases?.map((of) => ({
      ...of,
      maps: of.maps.map((map) => ({ ...map, picture: at(map.picture)! })),
      gallery: of.gallery.map((patch) => ({ ...patch, picture: at(patch.picture) })),
    })),
  };
}
