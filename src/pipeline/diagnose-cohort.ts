import { join } from "node:path";
import { decideBag } from "../classify/decide-bag.js";
import { applyFusion } from "../classify/fuse.js";
import { calibrate } from "../classify/platt.js";
import { spread } from "../classify/spread.js";
import type { Bag } from "../cube/bag.js";
import type { CaseFinding } from "../cube/diagnosis-findings.js";
import { SpectraError } from "../cube/errors.js";
import type { Findings, StainFinding } from "../cube/findings.js";
import { cubeName, fileHash } from "../cube/identity.js";
import { makeFolder, makeFolderIn } from "../cube/make-folder.js";
import type { MilModel } from "../cube/mil.js";
import type { Palette } from "../cube/stain-map.js";
import { checkTarget } from "../cube/write-file.js";
import { concordance } from "../diagnose/concordance.js";
import { gate } from "../diagnose/gate.js";
import { gatherCases, type Unit, unitOf } from "../diagnose/gather-instances.js";
import { type BackendName, openBackend, type Tensorflow } from "../diagnose/open-backend.js";
import { pickFeatures } from "../diagnose/pick-features.js";
import { kFor } from "../diagnose/top-k.js";
import { topPatches } from "../diagnose/top-patches.js";
import { bagInput } from "./bag-input.js";
import { namedBags } from "./case-names.js";
import { type StainRun, stainPlanes, takeStain } from "./case-stain.js";
import { checkBag } from "./check-bag.js";
import { eachCube, oneByOne, sorted } from "./each-cube.js";
import { findMap } from "./find-map.js";
import { joinPatches } from "./join-patches.js";
import { type Made, madeIn } from "./made.js";
import { mapCube } from "./map-case.js";
import { milModelKey } from "./model-key.js";
import { overlap } from "./overlap.js";
import type { RunOptions } from "./progress.js";
import type { UnreadBag } from "./read-bags.js";
import { scoreEnsemble } from "./score-ensemble.js";

export interface DiagnoseOptions extends RunOptions {
  readonly backend?: BackendName;
  /** The run that stained the cubes, to stand beside the diagnosis. */
  readonly stain?: StainRun;
  /** Bags that could not be read: they are listed as failed, and so is a case that one of them is a part of. None if not given. */
  readonly unread?: readonly UnreadBag[];
}

/** Patches that are shown of a case, at the least. */
const GALLERY = 6;

type Diagnosed = Pick<
  Findings,
  "inputs" | "stamps" | "pipeline" | "palette" | "stains" | "study" | "cases" | "agreement" | "failures"
>;

/**
 * Diagnose every case with the networks of all folds of a study. The score of a case is the mean of theirs; it is calibrated, and
 * called negative, indeterminate or positive by the limits that the study found on patients held out. A case of other channels, pixel
 * size or patches than the model's is listed as failed, and the others go on; one that fails the quality gate gets no diagnosis.
 */
export async function diagnoseCohort(
  given: readonly Bag[],
  model: MilModel,
  folder: string,
  options: DiagnoseOptions = {},
): Promise<Diagnosed> {
  const { stain, unread = [] } = options;
  const { tf } = await openBackend(options.backend ?? "auto");
  makeFolder(folder);
  const bags = (await namedBags(given, folder)).map((bag) => pickFeatures(bag, model.bag.featureNames));
  for (const { name, geometry } of bags) checkOutputs(folder, name, geometry);
  const groups = gatherCases(bags, model.bag.unit);
  const maps = stain ? await madeIn(stain.folder, ".stain.h5") : [];
  const key = milModelKey(model);
  const stains: StainFinding[] = [];
  let finished = 0;
  const diagnoseOne = async ([id, places]: readonly [string, readonly number[]]) => {
    const members = places.map((b) => bags[b]);
    try {
      checkPatients(id, members, model.bag.unit);
      checkComplete(id, members, unread, model.bag.unit);
      for (const bag of members) checkBag(bag, model);
      const stained = members.map((bag) => stainOf(bag, stain, maps, folder, options));
      const found = await diagnoseCase(id, members, model, folder, tf, stain?.findings.palette, stained);
      stains.push(...stained.flatMap(({ finding }) => finding ?? []));
      return { ...found, model: key };
    } finally {
      options.onProgress?.({ stage: "diagnose", done: ++finished, total: groups.size, unit: "cases" });
    }
  };
  const fileOf = ([, places]: readonly [string, readonly number[]]) => bags[places[0]].file;
  const outcomes = await eachCube([...groups], fileOf, oneByOne, diagnoseOne, options);
  const { results: cases, failures } = sorted(outcomes, fileOf);
  const inputOf = new Map((stain?.findings.inputs ?? []).map((input) => [input.cube, input]));
  const seen = cases.filter(({ stamps }) => stamps.length).length;
  const own = seen
    ? [`patients overlap: ${seen} of the cases are of patients that the diagnosis was learned from`]
    : [];
  return {
    inputs: bags.map((bag) => inputOf.get(cubeName(bag.cube)) ?? bagInput(bag)),
    stamps: [...new Set([...(stain?.findings.stamps ?? []), ...model.provenance.stamps, ...own])],
    pipeline: stain?.findings.pipeline,
    palette: stain?.findings.palette,
    ...(stain && { stains }),
    // Kept in the model as it was found.
    study: studyOf(model, key),
    cases,
    agreement: agreementOf(cases),
    failures: [...unread.map(({ file, error }) => ({ file, error })), ...failures],
  };
}

/** The map of a cube that is shown beside its diagnosis, and what was found of it. */
interface CaseStain {
  readonly map?: Made;
  readonly finding?: StainFinding;
}

/** The map of a bag, found by cube and model; nothing where it was not stained into that folder, which is said. */
function stainOf(
  bag: Bag,
  run: StainRun | undefined,
  maps: readonly Made[],
  folder: string,
  { onRemark }: DiagnoseOptions,
): CaseStain {
  if (!run || bag.geometry === "points") return {};
  const map = findMap(maps, { ...bag, model: bag.stainModel });
  if (!map) onRemark?.(`${bag.name}: ${run.folder} has no map of ${bag.file}; its diagnosis stands alone`);
  return map ? { map, finding: takeStain(run, map, bag, folder) } : {};
}

/** Cubes of two patients are no case, whatever their cores are called. */
function checkPatients(id: string, bags: readonly Bag[], unit: string): void {
  const patients = [...new Set(bags.flatMap(({ patient }) => patient ?? []))];
  if (patients.length < 2) return;
  const files = bags.map(({ file }) => file).join(" and ");
  throw new SpectraError(
    "patients",
    files,
    `${unit} ${id} is of the patients ${patients.join(" and ")} (${files}); give their ${unit}s names of their own and make the bags anew`,
  );
}

/** A case is not diagnosed on a part of its tissue. */
function checkComplete(id: string, [{ file }]: readonly Bag[], unread: readonly UnreadBag[], unit: Unit): void {
  const lost = unread.find((bag) => unitOf(bag, unit) === id);
  if (!lost) return;
  throw new SpectraError(
    "missing",
    file,
    `${unit} ${id} is not diagnosed without its bag ${lost.file}; make that anew`,
  );
}

/** The study that a model was made by, as it was found, with the key of the model. */
function studyOf({ provenance }: MilModel, model: string): Findings["study"] {
  return provenance.study ? { ...(provenance.study as NonNullable<Findings["study"]>), model } : undefined;
}

/** See, before any work is done, that what is written of a cube stands over nothing that was not made here. */
function checkOutputs(folder: string, name: string, geometry: Bag["geometry"]): void {
  makeFolderIn(folder, name, "check");
  checkTarget(join(folder, `${name}.patches.geojson`), "patches");
  checkTarget(join(folder, `${name}.patches.csv`), "cube,patient,x");
  if (geometry === "points") return;
  for (const map of ["maps", "classes"]) checkTarget(join(folder, `${name}.${map}.ome.tif`), "image");
}

function agreementOf(cases: readonly CaseFinding[]): Findings["agreement"] {
  const both = cases.map(({ concordance }) => concordance).filter(({ stainPositive }) => stainPositive !== undefined);
  if (!both.length) return undefined;
  const count = (mil: boolean | undefined, stain: boolean) =>
    both.filter(({ milPositive, stainPositive }) => milPositive === mil && stainPositive === stain).length;
  return {
    both: count(true, true),
    diagnosisOnly: count(true, false),
    stainOnly: count(false, true),
    neither: count(false, false),
    indeterminate: { stainPositive: count(undefined, true), stainNegative: count(undefined, false) },
  };
}

async function diagnoseCase(
  id: string,
  bags: readonly Bag[],
  model: MilModel,
  folder: string,
  tf: Tensorflow,
  palette: Palette | undefined,
  stained: readonly CaseStain[],
): Promise<Omit<CaseFinding, "model">> {
  const patches = joinPatches(bags.map((bag) => bag.patches));
  const [{ geometry, patient, label, origin, pixelSizeUm }] = bags;
  const seen = patient !== undefined && model.provenance.patients.includes(patient);
  const learned = new Set(model.provenance.inputs.flatMap(({ sha256 }) => sha256 ?? []));
  const twin = seen ? undefined : bags.find(({ cube }) => learned.has(fileHash(cube) ?? ""));
  const stamps = [
    ...(seen ? [`patient ${patient} is among those that the diagnosis was learned from`] : []),
    ...(twin ? [`the cube ${twin.name} is one that the diagnosis was learned from, under another patient`] : []),
  ];
  const own = stained.flatMap(({ finding }) => finding ?? []);
  const tissueMm2 = tissueArea(bags);
  const quality = gate({
    geometry,
    patches: patches.count,
    tissueMm2,
    rejected: own.length ? sumOf(own.map(({ rejected }) => rejected)) : undefined,
  });
  const cubes = bags.map(({ name }) => name);
  const keys = { cubeKeys: bags.map(({ cube }) => cubeName(cube)), stainModel: bags[0].stainModel };
  const about = { id, patient, cubes, ...keys, origin, geometry, truth: label, pixelSizeUm, tissueMm2, stamps };
  const base = { ...about, patches: patches.count, gate: quality };
  if (quality.verdict === "fail") {
    const failed = quality.checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
    const none = { tumourTop: null, tumourRest: null, tumourAll: null, spearman: null, iou: null };
    const reason = "there is no diagnosis to compare the stain with";
    return {
      ...base,
      withheld: `the quality gate failed (${failed.join(", ")})`,
      concordance: { verdict: "not assessed", reason, ...none },
      maps: [],
      gallery: [],
      exports: [],
    };
  }

  const { decision } = model;
  const { members, patches: scores, kind } = await scoreEnsemble(model, patches, tf);
  const { mean, sd } = spread(members);
  const score = mean ?? Number.NaN;
  const k = kFor(patches.count, model.spec.k);
  const calibrated = members.map((of) => calibrate(of, decision.calibration)).sort((a, b) => a - b);
  const band = decideBag(score, decision.band);
  const gallery = topPatches(patches, scores, Math.max(k, GALLERY));

  const drawn = [];
  let first = 0;
  for (const [b, bag] of bags.entries()) {
    const end = first + bag.patches.count;
    const top = gallery.filter(({ index }) => index >= first && index < end);
    const from = first;
    const mapped = await mapCube({
      bag,
      model,
      folder,
      tf,
      planes: stained[b].map && (await stainPlanes(stained[b].map)),
      palette,
      scores: scores.slice(first, end),
      kind,
      shown: top.map(({ index, rank }) => ({ index: index - from, rank })),
      k,
      stamps: [...model.provenance.stamps, ...stamps],
    });
    drawn.push(mapped);
    first = end;
  }
  const pictures = new Map(drawn.flatMap((of) => [...of.pictures]));
  const agreement = concordance({
    patches,
    scores,
    k,
    tumour: model.tumour,
    answer: band,
    stainThreshold: decision.stainThreshold,
    iou: overlap(drawn.filter(({ maps }) => maps.length).map(({ spots }) => spots)),
  });
  return {
    ...base,
    diagnosis: {
      className: band === "indeterminate" ? null : model.classNames[band === "positive" ? 1 : 0],
      band,
      score,
      probability: calibrate(score, decision.calibration),
      interval: [calibrated[0], calibrated[calibrated.length - 1]],
      memberSd: sd ?? 0,
      members: members.length,
      threshold: decision.threshold,
      bandLimits: decision.band,
      k,
    },
    concordance: agreement,
    fused:
      decision.fusion && agreement.tumourAll !== null
        ? { probability: applyFusion(decision.fusion, [score], [agreement.tumourAll])[0] }
        : undefined,
    maps: drawn.flatMap(({ maps }) => maps),
    gallery: gallery.map(({ index: _, ...patch }) => ({ ...patch, picture: pictures.get(patch.rank) })),
    exports: drawn.flatMap((of) => of.exports),
  };
}

/** Tissue that the patches cover, mm²; where patches overlap at a border it counts in each. Null without a pixel size. */
function tissueArea(bags: readonly Bag[]): number | null {
  let sum = 0;
  for (const { patches, pixelSizeUm } of bags) {
    if (pixelSizeUm === undefined) return null;
    for (const share of patches.tissue) sum += share * patches.edge ** 2 * pixelSizeUm ** 2;
  }
  return sum / 1e6;
}

function sumOf(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const part of parts) for (const [name, pixels] of Object.entries(part)) sums[name] = (sums[name] ?? 0) + pixels;
  return sums;
}
