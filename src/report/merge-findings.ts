import { createHash } from "node:crypto";
import { SpectraError } from "../cube/errors.js";
import type { Findings, InputFinding, StainFinding } from "../cube/findings.js";
import type { Pictures } from "./picture.js";
import type { RunLog } from "./run-log.js";

/** One run: what it found, and the pictures that its findings name. */
export interface Run {
  readonly findings: Findings;
  readonly pictures: Pictures;
  readonly log?: RunLog;
}

/**
 * The findings of several runs as those of one, such as a validation, a stain and a diagnosis: lists are strung together, of what there
 * is once the first run that has it counts, stamps are united, the origin is "mixed" where runs differ. Pictures keep their names behind
 * the number of their run. Cubes are known by their keys: the same stain of two runs stands once, and two cubes of one name stand both.
 * Stains of two models, and cases of another study or stain than those beside them, are refused, for the page would describe one model only.
 */
export function mergeFindings(runs: readonly Run[]): Run {
  const [first] = runs;
  if (runs.length === 1) return first;
  const told = apart(runs.map(({ findings }) => findings));
  const all = told.map(renamed);
  checkModels(all);
  const once = <K extends keyof Findings>(key: K) => all.find((of) => of[key] !== undefined)?.[key];
  const list = <T>(values: (of: Findings) => readonly T[] | undefined): T[] | undefined => {
    const found = all.flatMap((of) => values(of) ?? []);
    return found.length || all.some((of) => values(of)) ? found : undefined;
  };
  const files = new Map(
    all.flatMap(({ inputs }) => inputs).map((input) => [`${input.file} ${inputKey(input)}`, input]),
  );
  const origins = new Set(all.map(({ origin }) => origin));
  const stains = new Map((list(({ stains: of }) => of) ?? []).map((stain) => [stain.name, stain]));
  const logs = runs.flatMap(({ log }) => log ?? []);
  const findings: Findings = {
    ...all[0],
    title: "Stain and diagnosis",
    command: all.map(({ command }) => command).join("; "),
    created: all
      .flatMap(({ created }) => created ?? [])
      .sort()
      .at(-1),
    origin: origins.size === 1 ? all[0].origin : "mixed",
    stamps: [...new Set([...all.flatMap(({ stamps }) => stamps), ...otherModel(all)])],
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
  const log = logs.length
    ? {
        created: logs
          .map((of) => of.created)
          .sort()
          .at(-1)!,
        seconds: {},
      }
    : undefined;
  // Through JSON, as findings are read: what is undefined is not there.
  return { findings: JSON.parse(JSON.stringify(findings)) as Findings, pictures, log };
}

const inputKey = ({ cube, sha256 }: InputFinding) => cube ?? sha256 ?? "";

/** Which cube a stain is of; findings of earlier versions tell it by the hash of the input, else by its path. */
function stainKey({ cube, file }: StainFinding, { inputs }: Findings): string {
  const hash = inputs.find((input) => input.file === file)?.sha256;
  return cube ?? (hash ? `sha256:${hash}` : file);
}

/** The runs with a piece of a hash behind the names of cubes that share one with another cube. */
function apart(runs: readonly Findings[]): Findings[] {
  const keys = new Map<string, Set<string>>();
  for (const run of runs) {
    for (const stain of run.stains ?? []) {
      keys.set(stain.name, (keys.get(stain.name) ?? new Set()).add(stainKey(stain, run)));
    }
    for (const { cubes, cubeKeys } of run.cases ?? []) {
      for (const [i, name] of cubes.entries()) {
        if (cubeKeys?.[i]) keys.set(name, (keys.get(name) ?? new Set()).add(cubeKeys[i]));
      }
    }
  }
  const nameOf = (name: string, key: string | undefined) =>
    key === undefined || (keys.get(name)?.size ?? 0) < 2
      ? name
      : `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 6)}`;
  return runs.map((run) => ({
    ...run,
    stains: run.stains?.map((stain) => ({ ...stain, name: nameOf(stain.name, stainKey(stain, run)) })),
    cases: run.cases?.map((of) => {
      const name = (cube: string) => nameOf(cube, of.cubeKeys?.[of.cubes.indexOf(cube)]);
      return {
        ...of,
        cubes: of.cubes.map(name),
        maps: of.maps.map((map) => ({ ...map, cube: name(map.cube) })),
      };
    }),
  }));
}

/** A report has one pipeline, one model card and one study: what belongs to others cannot stand in it. */
function checkModels(runs: readonly Findings[]): void {
  const refuse = (one: string, other: string, cure: string): never => {
    throw new SpectraError("format", "report", `${one}, ${other}; ${cure}`);
  };
  const stains = runs.flatMap((run) => run.stains ?? []).filter(({ model }) => model !== undefined);
  const [first] = stains;
  const other = stains.find(({ model }) => model !== first.model);
  if (other) {
    const by = ({ file, model }: StainFinding) => `${file} was stained with model ${short(model)}`;
    refuse(by(first), by(other), "one report describes one model: make a report of each");
  }
  const studies = runs.flatMap((run) => run.study ?? []);
  const [study] = studies;
  const second = studies.find(({ model }) => model !== study.model);
  if (second) {
    const one = `a study made the model ${short(study.model)}`;
    refuse(one, `another ${short(second.model)}`, "one report describes one study: make a report of each");
  }
  for (const of of runs.flatMap((run) => run.cases ?? [])) {
    if (first && of.stainModel && of.stainModel !== first.model) {
      const case1 = `case ${of.id} rests on a stain with model ${short(of.stainModel)}`;
      refuse(case1, `${first.file} was stained with ${short(first.model)}`, "make its bags from this stain");
    }
    if (study?.model && of.model && of.model !== study.model) {
      const case1 = `case ${of.id} was diagnosed with model ${short(of.model)}`;
      refuse(case1, `the study is that of ${short(study.model)}`, "diagnose it with the model of this study");
    }
  }
}

const short = (key: string | undefined) => (key ?? "unknown").slice(0, 12);

/** The same patients may be validated otherwise than the model that stained was fitted: then every figure says so. */
function otherModel(runs: readonly Findings[]): string[] {
  const validated = runs.find(({ validation }) => validation)?.validation?.model;
  const stained = runs.flatMap((run) => run.stains ?? []).find(({ model }) => model)?.model;
  return validated && stained && validated !== stained
    ? [`the validation is of another model (${short(validated)}) than the one that stained (${short(stained)})`]
    : [];
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
