import { mkdirSync } from "node:fs";
import { decide } from "../classify/decide-bag.js";
import { applyFusion } from "../classify/fuse.js";
import type { Bag, Patches } from "../cube/bag.js";
import type { CaseFinding } from "../cube/diagnosis-findings.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings } from "../cube/findings.js";
import type { MilModel } from "../cube/mil.js";
import { concordance } from "../diagnose/concordance.js";
import { gate } from "../diagnose/gate.js";
import { gatherCases } from "../diagnose/gather-instances.js";
import { type Backend, type BackendName, openBackend } from "../diagnose/open-backend.js";
import { scoreBags } from "../diagnose/score-bags.js";
import { kFor } from "../diagnose/top-k.js";
import { topPatches } from "../diagnose/top-patches.js";
import { bagInput } from "./bag-input.js";
import { checkBag } from "./check-bag.js";
import { joinPatches } from "./join-patches.js";
import { mapCase } from "./map-case.js";
import type { RunOptions } from "./progress.js";

export interface DiagnoseOptions extends RunOptions {
  readonly backend?: BackendName;
  /** The run that stained the cubes: its folder and findings. */
  readonly stain?: { readonly folder: string; readonly findings: Findings };
}

/** One case: the cubes of a core, a biopsy or a patient. */
export interface Case {
  readonly id: string;
  readonly bags: readonly Bag[];
  readonly patches: Patches;
  /** Score a patch, the mean of the ensemble, and what it is. */
  readonly scores: Float32Array;
  readonly kind: "probability" | "attention";
  readonly k: number;
}

/**
 * Diagnose every bag with the networks of all folds of a study. The score of a case is the mean of theirs; it is calibrated, and
 * called negative, indeterminate or positive by the limits that the study found on patients held out. A case of other channels, pixel
 * size or patches than the model's is listed as failed, and the others go on; one that fails the quality gate gets no diagnosis.
 */
export async function diagnoseCohort(
  bags: readonly Bag[],
  model: MilModel,
  folder: string,
  options: DiagnoseOptions = {},
): Promise<Omit<Findings, "schema" | "title" | "notice" | "created" | "version" | "command" | "seed" | "origin">> {
  const { stain } = options;
  const opened = await openBackend(options.backend ?? "auto");
  mkdirSync(folder, { recursive: true });
  const groups = gatherCases(bags, model.bag.unit);
  const cases: CaseFinding[] = [];
  const failures: { file: string; error: string }[] = [...(stain?.findings.failures ?? [])];
  for (const [id, parts] of groups) {
    options.signal?.throwIfAborted();
    try {
      for (const bag of parts) checkBag(bag, model);
      cases.push(await diagnoseCase(id, parts, model, folder, opened, stain?.findings));
    } catch (thrown) {
      if (!(thrown instanceof SpectraError) || ["disk", "cancelled"].includes(thrown.kind)) throw thrown;
      failures.push({ file: parts[0].file, error: messageOf(thrown) });
      options.onRemark?.(`${id} failed: ${messageOf(thrown)}`);
    }
    options.onProgress?.({
      stage: "diagnose",
      done: cases.length + failures.length,
      total: groups.size,
      unit: "cases",
    });
  }
  if (!cases.length && failures.length) throw new SpectraError("format", failures[0].file, failures[0].error);
  const own = cases.flatMap(({ stamps }) => stamps);
  return {
    ...(stain && moved(stain, folder)),
    inputs: stain ? stain.findings.inputs : bags.map(bagInput),
    stamps: [...new Set([...(stain?.findings.stamps ?? []), ...model.provenance.stamps, ...own])],
    study: model.provenance.study as Findings["study"],
    cases,
    failures,
  };
}

async function diagnoseCase(
  id: string,
  bags: readonly Bag[],
  model: MilModel,
  folder: string,
  backend: Backend,
  stained: Findings | undefined,
): Promise<CaseFinding> {
  const patches = joinPatches(bags.map((bag) => bag.patches));
  const [{ geometry, patient, label, origin, pixelSizeUm }] = bags;
  const known = new Set(model.provenance.patients);
  const stamps =
    patient !== undefined && known.has(patient)
      ? [`patient ${patient} is among those that the diagnosis was learned from`]
      : [];
  const stains = (stained?.stains ?? []).filter(({ name }) => bags.some((bag) => bag.name === name));
  const tissueMm2 = tissueArea(bags);
  const quality = gate({ patches: patches.count, tissueMm2, stains: stains.map(rejections), geometry });
  const about = { id, patient, cubes: bags.map(({ name }) => name), origin, geometry, truth: label, pixelSizeUm };
  const base = { ...about, tissueMm2, patches: patches.count, stamps, gate: quality };
  if (quality.verdict === "fail") {
    const failed = quality.checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
    const withheld = `the quality gate failed (${failed.join(", ")})`;
    const reason = "there is no diagnosis to compare the stain with";
    const none = { tumourTop: null, tumourRest: null, tumourAll: null, spearman: null, iou: null };
    return {
      ...base,
      withheld,
      concordance: { verdict: "not assessed", reason, ...none },
      maps: [],
      gallery: [],
      exports: [],
    };
  }

  const { tf } = backend;
  const set = instancesOf(patches);
  const { decision } = model;
  const scored = [];
  for (const member of model.members) scored.push(await scoreBags(member, set, [0], model.spec, { tf }));
  const memberScores = scored.map(({ bags: [score] }) => score);
  const score = mean(memberScores);
  const scores = meanOf(scored.map((of) => of.patches));
  const k = kFor(patches.count, model.spec.k);
  const calibrated = memberScores.map((of) => calibrate(of, decision.calibration)).sort((a, b) => a - b);
  const band = decide(score, decision.threshold, decision.band);
  const milPositive = score >= decision.threshold;
  const found: Case = { id, bags, patches, scores, kind: scored[0].kind, k };
  const drawn = await mapCase(found, model, folder, tf, stained);
  const agreement = concordance({
    patches,
    scores,
    k,
    tumour: model.tumour,
    milPositive,
    stainThreshold: decision.stainThreshold,
    iou: drawn.iou,
  });
  return {
    ...base,
    diagnosis: {
      className: band === "indeterminate" ? null : model.classNames[milPositive ? 1 : 0],
      band,
      score,
      probability: calibrate(score, decision.calibration),
      interval: [calibrated[0], calibrated[calibrated.length - 1]],
      memberSd: deviation(memberScores),
      members: memberScores.length,
      threshold: decision.threshold,
      bandLimits: decision.band,
      k,
    },
    concordance: agreement,
    fused:
      decision.fusion && agreement.tumourAll !== null
        ? { probability: applyFusion(decision.fusion, [score], [agreement.tumourAll])[0] }
        : undefined,
    maps: drawn.maps,
    gallery: topPatches(patches, scores, k).map((patch, i) => ({ ...patch, picture: drawn.pictures[i] })),
    exports: drawn.exports,
  };
}
