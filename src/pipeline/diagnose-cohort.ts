import { mkdirSync } from "node:fs";
import { decideBag } from "../classify/decide-bag.js";
import { applyFusion } from "../classify/fuse.js";
import { calibrate } from "../classify/platt.js";
import type { Bag } from "../cube/bag.js";
import type { CaseFinding } from "../cube/diagnosis-findings.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings, StainFinding } from "../cube/findings.js";
import type { MilModel } from "../cube/mil.js";
import { concordance } from "../diagnose/concordance.js";
import { gate } from "../diagnose/gate.js";
import { gatherCases } from "../diagnose/gather-instances.js";
import { type BackendName, openBackend, type Tensorflow } from "../diagnose/open-backend.js";
import { kFor } from "../diagnose/top-k.js";
import { topPatches } from "../diagnose/top-patches.js";
import { bagInput } from "./bag-input.js";
import { type StainRun, stainPlanes, takeStains } from "./case-stain.js";
import { checkBag } from "./check-bag.js";
import { joinPatches } from "./join-patches.js";
import { instancesOf, mapCube } from "./map-case.js";
import type { RunOptions } from "./progress.js";
import { scoreEnsemble } from "./score-ensemble.js";

export interface DiagnoseOptions extends RunOptions {
  readonly backend?: BackendName;
  /** The run that stained the cubes, to stand beside the diagnosis. */
  readonly stain?: StainRun;
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
  bags: readonly Bag[],
  model: MilModel,
  folder: string,
  options: DiagnoseOptions = {},
): Promise<Diagnosed> {
  const { stain } = options;
  const { tf } = await openBackend(options.backend ?? "auto");
  mkdirSync(folder, { recursive: true });
  const groups = gatherCases(bags, model.bag.unit);
  const stains = stain ? takeStains(stain, new Set(bags.map(({ name }) => name)), folder) : [];
  const cases: CaseFinding[] = [];
  const failures: { file: string; error: string }[] = [];
  for (const [id, places] of groups) {
    options.signal?.throwIfAborted();
    const members = places.map((b) => bags[b]);
    try {
      for (const bag of members) checkBag(bag, model);
      cases.push(await diagnoseCase(id, members, model, folder, tf, stain, stains));
    } catch (thrown) {
      if (!(thrown instanceof SpectraError) || ["disk", "cancelled"].includes(thrown.kind)) throw thrown;
      failures.push({ file: members[0].file, error: messageOf(thrown) });
      options.onRemark?.(`${id} failed: ${messageOf(thrown)}`);
    }
    const done = cases.length + failures.length;
    options.onProgress?.({ stage: "diagnose", done, total: groups.size, unit: "cases" });
  }
  if (!cases.length && failures.length) throw new SpectraError("format", failures[0].file, failures[0].error);
  const files = new Set(bags.map(({ file }) => file));
  const known = stain?.findings.inputs.filter(({ file }) => files.has(file)) ?? [];
  const listed = new Set(known.map(({ file }) => file));
  const seen = cases.filter(({ stamps }) => stamps.length).length;
  const own = seen
    ? [`patients overlap: ${seen} of the cases are of patients that the diagnosis was learned from`]
    : [];
  return {
    inputs: [...known, ...bags.filter(({ file }) => !listed.has(file)).map(bagInput)],
    stamps: [...new Set([...(stain?.findings.stamps ?? []), ...model.provenance.stamps, ...own])],
    pipeline: stain?.findings.pipeline,
    palette: stain?.findings.palette,
    ...(stain && { stains }),
    // Kept in the model as it was found.
    study: model.provenance.study as Findings["study"],
    cases,
    agreement: agreementOf(cases),
    failures,
  };
}

function agreementOf(cases: readonly CaseFinding[]): Findings["agreement"] {
  const both = cases.map(({ concordance }) => concordance).filter(({ stainPositive }) => stainPositive !== undefined);
  if (!both.length) return undefined;
  const count = (mil: boolean, stain: boolean) =>
    both.filter(({ milPositive, stainPositive }) => milPositive === mil && stainPositive === stain).length;
  return {
    both: count(true, true),
    diagnosisOnly: count(true, false),
    stainOnly: count(false, true),
    neither: count(false, false),
  };
}

async function diagnoseCase(
  id: string,
  bags: readonly Bag[],
  model: MilModel,
  folder: string,
  tf: Tensorflow,
  run: StainRun | undefined,
  stains: readonly StainFinding[],
): Promise<CaseFinding> {
  const patches = joinPatches(bags.map((bag) => bag.patches));
  const [{ geometry, patient, label, origin, pixelSizeUm }] = bags;
  const seen = patient !== undefined && model.provenance.patients.includes(patient);
  const stamps = seen ? [`patient ${patient} is among those that the diagnosis was learned from`] : [];
  const own = stains.filter(({ name }) => bags.some((bag) => bag.name === name));
  const tissueMm2 = tissueArea(bags);
  const quality = gate({
    geometry,
    patches: patches.count,
    tissueMm2,
    rejected: own.length ? sumOf(own.map(({ rejected }) => rejected)) : undefined,
  });
  const cubes = bags.map(({ name }) => name);
  const about = { id, patient, cubes, origin, geometry, truth: label, pixelSizeUm, tissueMm2, stamps };
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
  const { members, patches: scores, kind } = await scoreEnsemble(model, instancesOf(patches), tf);
  const score = mean(members);
  const k = kFor(patches.count, model.spec.k);
  const calibrated = members.map((of) => calibrate(of, decision.calibration)).sort((a, b) => a - b);
  const milPositive = score >= decision.threshold;
  const band = decideBag(score, decision.threshold, decision.band);
  const gallery = topPatches(patches, scores, Math.max(k, GALLERY));

  const drawn = [];
  let first = 0;
  for (const bag of bags) {
    const end = first + bag.patches.count;
    const top = gallery.filter(({ index }) => index >= first && index < end);
    const from = first;
    const mapped = await mapCube({
      bag,
      model,
      folder,
      tf,
      planes: await stainPlanes(run, bag.name),
      palette: run?.findings.palette,
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
    milPositive,
    stainThreshold: decision.stainThreshold,
    iou: drawn[0].iou,
  });
  return {
    ...base,
    diagnosis: {
      className: band === "indeterminate" ? null : model.classNames[milPositive ? 1 : 0],
      band,
      score,
      probability: calibrate(score, decision.calibration),
      interval: [calibrated[0], calibrated[calibrated.length - 1]],
      memberSd: deviation(members),
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

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
}
