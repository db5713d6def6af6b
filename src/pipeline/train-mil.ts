import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { auc } from "../classify/auc.js";
import { bagFolds, innerPatients } from "../classify/bag-folds.js";
import { foldsCsv, parseFolds } from "../classify/fold-file.js";
import { permutationSummary } from "../classify/permute.js";
import { permuteBagLabels } from "../classify/permute-bags.js";
import type { Bag, Instances } from "../cube/bag.js";
import type { StudyFinding } from "../cube/diagnosis-findings.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings } from "../cube/findings.js";
import type { MilModel, OutOfFold } from "../cube/mil.js";
import { writeFileSafely } from "../cube/write-file.js";
import { type GatheredBags, gatherInstances } from "../diagnose/gather-instances.js";
import { type BackendName, openBackend } from "../diagnose/open-backend.js";
import { bagInput } from "./bag-input.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { decisionOf } from "./decision-of.js";
import { fuseFolds } from "./fuse-folds.js";
import { methodFinding } from "./method-finding.js";
import { type Method, methodsOf } from "./mil-methods.js";
import type { RunOptions } from "./progress.js";
import { share } from "./share.js";
import { studyTables } from "./study-tables.js";
import type { TrainedFold, TrainFoldInput } from "./train-fold.js";
import { tumourOf, tumourShares } from "./tumour-share.js";
import { version } from "./version.js";

export interface TrainMilOptions extends RunOptions {
  /** What a bag is: the patches of a core, of a biopsy or of a patient; "biopsy" if not given. */
  readonly unit?: "core" | "biopsy" | "patient";
  /** Labels that are positive; found by themselves where one of two is malignant, cancer, tumour or positive. */
  readonly positive?: readonly string[];
  /** Class of the stain that is tumour; cancer or tumour, where the stain has one, if not given. */
  readonly tumour?: string;
  /** Methods by name, the one that the model is made of first; see `mil-methods.ts`. */
  readonly methods?: readonly string[];
  readonly encoder?: "features" | "cnn" | "resnext50";
  /** Changes to the methods' defaults, such as epochs. */
  readonly change?: Partial<Method["spec"]>;
  /** Folds of patients; 5 if not given. */
  readonly folds?: number;
  /** How often the folds are drawn anew; 3 if not given. */
  readonly repeats?: number;
  /** A file of folds that an earlier study wrote, instead of drawing them. */
  readonly foldFile?: string;
  /** Shufflings of the labels among patients for the null test; 10 if not given, 0 leaves it out. */
  readonly permutations?: number;
  /** The same bags measured otherwise, such as with a confounder moved; scored by the networks that have not seen their patients. */
  readonly challenge?: { readonly bags: readonly Bag[]; readonly what: string };
  /** Put the methods' heads to the unit test of Raff and Holt; true if not given. */
  readonly unitTests?: boolean;
  readonly seed?: number;
  readonly backend?: BackendName;
}

/** Seeds of the repeats: the first of any study are those of the specification. */
const FIRST_SEED = 101;

/** Share of the training patients that choose epoch and threshold. */
const INNER = 0.2;

/**
 * Judge a diagnosis on patients it was not learned from, and make a model of the networks of all folds.
 * In every fold the features are scaled and the network is trained on the training patients; a fifth of these choose epoch and
 * threshold; the patients of the fold are scored once. Folds that an earlier run of the same study has finished are taken from
 * `folder/folds`. Writes folds.csv, bag_scores.csv, patch_scores.csv, predictions.csv and convergence.csv.
 */
export async function trainMil(
  bags: readonly Bag[],
  folder: string,
  options: TrainMilOptions = {},
): Promise<{ findings: Pick<Findings, "study" | "inputs" | "stamps" | "palette">; model: MilModel }> {
  const { unit = "biopsy", positive, methods: names, folds = 5, repeats = 3, permutations = 10, seed = 1 } = options;
  const started = performance.now();
  const gathered = gatherInstances(bags, { unit, positive });
  for (const remark of gathered.remarks) options.onRemark?.(remark);
  const set = share(gathered.instances);
  const tumour = tumourOf(bags, options.tumour);
  const stained = tumourShares(bags, gathered, tumour);
  const challenge = options.challenge && challengeOf(gathered, options.challenge.bags, unit, positive);
  const stamps = stampsOf(bags, gathered);
  const methods = methodsOf(names, options);
  const backend = options.backend ?? "auto";
  const opened = await openBackend(backend);
  mkdirSync(join(folder, "folds"), { recursive: true });

  const patients = gathered.patientNames;
  const dealt = options.foldFile
    ? foldsFrom(options.foldFile, patients)
    : Array.from({ length: repeats }, (_, repeat) => {
        const drawn = FIRST_SEED + repeat;
        return { seed: drawn, fold: bagFolds({ patient: set.patient, label: set.label, folds, seed: drawn }) };
      });
  const csv = foldsCsv(dealt, patients);
  writeFileSafely(join(folder, "folds.csv"), csv);
  const splits = dealt.flatMap(({ seed: drawn, fold }, repeat) =>
    Array.from({ length: Math.max(...fold) + 1 }, (_, f) => ({ repeat, fold: f, ...splitOf(set, fold, f, drawn) })),
  );

  return withCrew(options, async (crew) => {
    const data = hashOf(set, challenge, backend === "auto" ? opened.name : backend);
    const jobOf = (method: Method, split: (typeof splits)[number], label?: Uint8Array, kept = true): TrainFoldInput => {
      const { repeat, fold, train, inner, test } = split;
      const name = `${method.id}-${dealt[repeat].seed}-${fold + 1}`;
      const said = [version, data, method.spec, train, inner, test, seed, label && Array.from(label)];
      return {
        instances: set,
        label,
        challenge: label ? undefined : challenge,
        spec: method.spec,
        train,
        inner,
        test,
        seed: `${seed}/${name}`,
        backend,
        key: createHash("sha256").update(JSON.stringify(said)).digest("hex"),
        file: kept ? join(folder, "folds", `${name}.json`) : undefined,
      };
    };
    const nullLabels = Array.from({ length: permutations }, (_, i) =>
      permuteBagLabels({ patient: set.patient, label: set.label, seed: `${seed}/null/${i}` }),
    );
    const firstRepeat = splits.filter(({ repeat }) => repeat === 0);
    const plan = [
      ...methods.flatMap((method) => splits.map((split) => jobOf(method, split))),
      ...nullLabels.flatMap((label) =>
        firstRepeat.map(({ repeat, fold }) => {
          // The folds stay, but the inner patients are drawn by the shuffled labels.
          const split = splitOf({ ...set, label }, dealt[repeat].fold, fold, dealt[repeat].seed);
          return jobOf(methods[0], { repeat, fold, ...split }, label, false);
        }),
      ),
    ];
    const trained: TrainedFold[] = [];
    await inOrder(crew, "trainFold", plan, (outcome) => {
      trained.push(outcome);
      options.onProgress?.({ stage: "train by patient", done: trained.length, total: plan.length, unit: "networks" });
    });

    const foldsOf = (m: number) => trained.slice(m * splits.length, (m + 1) * splits.length);
    const outOfFold = methods.map((_, m) => scoresOf(set, splits, foldsOf(m), dealt.length));
    const found = methods.map((method, m) =>
      methodFinding({ method, gathered, outOfFold: outOfFold[m], trained: foldsOf(m), splits, challenge, seed }),
    );
    const nulls = nullLabels.map((label, i) => {
      const start = methods.length * splits.length + i * firstRepeat.length;
      const scores = new Float64Array(label.length);
      for (const [f, { test }] of firstRepeat.entries()) {
        for (const [place, bag] of test.entries()) scores[bag] = trained[start + f].test[place];
      }
      return auc(Float32Array.from(scores), label).value;
    });
    const unitTests = options.unitTests === false ? [] : await headTests(methods, crew, options, backend);
    const study: StudyFinding = {
      geometry: bags[0].geometry,
      unit,
      classNames: gathered.classNames,
      counts: countsOf(gathered),
      folds: Math.max(...dealt.map(({ fold }) => Math.max(...fold) + 1)),
      repeats: dealt.length,
      seeds: dealt.map(({ seed: drawn }) => drawn),
      foldFile: { file: "folds.csv", sha256: createHash("sha256").update(csv).digest("hex") },
      patch: {
        edgeUm: bags[0].patchUm,
        edgePixels: bags[0].patches.edge,
        stridePixels: bags[0].patches.stride,
        tissueFraction: bags[0].tissueFraction,
        channels: bags[0].channels,
        features: set.featureNames,
      },
      bags: gathered.names.map((bag, b) => ({
        bag,
        label: gathered.labels[b],
        patches: set.first[b + 1] - set.first[b],
        tumourShare: stained?.[b] ?? null,
      })),
      methods: found,
      unitTests,
      permutation: permutationSummary(nulls.filter((value) => value !== null)),
      challenge: options.challenge?.what,
      fused: stained && fuseFolds(gathered, splits, foldsOf(0), stained, dealt.length, `${seed}/fused`),
      backend: { name: opened.name, why: opened.why },
      seconds: (performance.now() - started) / 1000,
    };
    const findings = { study, inputs: bags.map(bagInput), stamps };
    const model: MilModel = {
      spec: methods[0].spec,
      classNames: gathered.classNames,
      members: foldsOf(0).map(({ member }) => member),
      bag: {
        unit,
        channels: bags[0].channels,
        featureNames: set.featureNames,
        geometry: bags[0].geometry,
        pixelSizeUm: bags[0].pixelSizeUm,
        patchUm: bags[0].patchUm,
        edge: bags[0].patches.edge,
      },
      decision: decisionOf(outOfFold[0], set.label, stained),
      tumour,
      provenance: { version, seed, patients, inputs: findings.inputs, stamps, study },
    };
    studyTables(folder, gathered, bags, outOfFold, found, splits, trained);
    return { findings, model };
  });
}

/** Bags to learn from, to choose with and to be tried on. */
interface Split {
  readonly train: readonly number[];
  readonly inner: readonly number[];
  readonly test: readonly number[];
}

function splitOf({ patient, label }: Instances, fold: Int32Array, f: number, drawn: number): Split {
  const bags = Array.from(patient, (_, bag) => bag);
  const test = bags.filter((bag) => fold[patient[bag]] === f);
  const rest = bags.filter((bag) => fold[patient[bag]] !== f);
  const chosen = innerPatients({ patient, label, bags: rest, share: INNER, seed: `${drawn}/${f}` });
  return {
    train: rest.filter((bag) => !chosen.has(patient[bag])),
    inner: rest.filter((bag) => chosen.has(patient[bag])),
    test,
  };
}

function foldsFrom(path: string, patients: readonly string[]) {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return parseFolds(text, patients, path);
}

function scoresOf(
  { label }: Instances,
  splits: readonly (Split & { repeat: number; fold: number })[],
  trained: readonly TrainedFold[],
  repeats: number,
): OutOfFold {
  return {
    repeats: Array.from({ length: repeats }, (_, repeat) => {
      const scores = new Float64Array(label.length);
      const thresholds = new Float64Array(label.length);
      const fold = new Int32Array(label.length);
      for (const [s, split] of splits.entries()) {
        if (split.repeat !== repeat) continue;
        for (const [place, bag] of split.test.entries()) {
          scores[bag] = trained[s].test[place];
          thresholds[bag] = trained[s].member.threshold;
          fold[bag] = split.fold;
        }
      }
      return { scores, thresholds, fold };
    }),
  };
}

/** The same bags measured otherwise, in the order of the study. */
function challengeOf(
  gathered: GatheredBags,
  bags: readonly Bag[],
  unit: "core" | "biopsy" | "patient",
  positive: readonly string[] | undefined,
): Instances {
  const other = gatherInstances(bags, { unit, positive });
  const missing = gathered.names.filter((name) => !other.names.includes(name));
  if (missing.length) {
    throw new SpectraError(
      "patients",
      "challenge",
      `the challenge has no ${unit} ${missing.slice(0, 5).join(", ")}; it must hold the same ${unit} names as the study`,
    );
  }
  if (other.instances.featureNames.join() !== gathered.instances.featureNames.join()) {
    throw new SpectraError(
      "shape",
      "challenge",
      "the bags of the challenge have other features than those of the study",
    );
  }
  const order = gathered.names.map((name) => other.names.indexOf(name));
  const first = new Int32Array(order.length + 1);
  for (const [b, from] of order.entries()) {
    first[b + 1] = first[b] + other.instances.first[from + 1] - other.instances.first[from];
  }
  const width = other.instances.featureNames.length;
  const features = new Float32Array(first[order.length] * width);
  const images = other.instances.images;
  const pixels = images ? images.size ** 2 * images.channels : 0;
  const values = new Float32Array(first[order.length] * pixels);
  for (const [b, from] of order.entries()) {
    const [start, end] = [other.instances.first[from], other.instances.first[from + 1]];
    features.set(other.instances.features.subarray(start * width, end * width), first[b] * width);
    if (images) values.set(images.values.subarray(start * pixels, end * pixels), first[b] * pixels);
  }
  const { label, patient } = gathered.instances;
  return share({ ...other.instances, features, first, label, patient, images: images && { ...images, values } });
}

/** What every figure must say of the bags: patients that the stain was fitted on. */
function stampsOf(bags: readonly Bag[], gathered: GatheredBags): string[] {
  const known = new Set(bags.flatMap(({ modelPatients }) => modelPatients));
  const seen = gathered.patientNames.filter((patient) => known.has(patient));
  return seen.length
    ? [`patients overlap: the stain model behind the features was fitted on ${seen.length} of these patients`]
    : [];
}

function countsOf({ instances: { label, patient, first }, patientNames }: GatheredBags): StudyFinding["counts"] {
  const positive = new Set(Array.from(patient).filter((_, bag) => label[bag]));
  return {
    patients: patientNames.length,
    positivePatients: positive.size,
    bags: label.length,
    positiveBags: label.reduce((sum, value) => sum + value, 0),
    patches: first[label.length],
  };
}

function hashOf(set: Instances, challenge: Instances | undefined, backend: string): string {
  const hash = createHash("sha256").update(backend);
  for (const of of challenge ? [set, challenge] : [set]) {
    hash.update(JSON.stringify(of.featureNames));
    for (const array of [of.features, of.first, of.label, of.patient, of.images?.values]) {
      if (array) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
  }
  return hash.digest("hex");
}

async function headTests(methods: readonly Method[], crew: Crew, options: TrainMilOptions, backend: BackendName) {
  const heads = [...new Set(methods.map(({ spec }) => spec.head))].filter((head) => head !== "supervised");
  const found: StudyFinding["unitTests"][number][] = [];
  const inputs = heads.map((head) => ({ head, backend }));
  await inOrder(crew, "testHead", inputs, (outcome) => {
    found.push(outcome);
    options.onProgress?.({ stage: "unit test of the heads", done: found.length, total: heads.length, unit: "heads" });
  });
  return found;
}
