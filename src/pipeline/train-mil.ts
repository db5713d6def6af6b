import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { auc } from "../classify/auc.js";
import { bagFolds } from "../classify/bag-folds.js";
import { foldsCsv, parseFolds } from "../classify/fold-file.js";
import { nullTest } from "../classify/null-test.js";
import { pairedDifference } from "../classify/paired-difference.js";
import { permuteBagLabels } from "../classify/permute-bags.js";
import type { Bag, Instances } from "../cube/bag.js";
import type { StudyFinding } from "../cube/diagnosis-findings.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings } from "../cube/findings.js";
import { noteInputs } from "../cube/inputs.js";
import { makeFolder, makeFolderIn } from "../cube/make-folder.js";
import type { MilModel, OutOfFold } from "../cube/mil.js";
import { isHeldOut } from "../cube/split-words.js";
import { checkTarget, writeFileSafely } from "../cube/write-file.js";
import { type GatheredBags, gatherInstances } from "../diagnose/gather-instances.js";
import { type BackendName, openBackend } from "../diagnose/open-backend.js";
import { isOfStain } from "../diagnose/patch-features.js";
import { withoutStain } from "../diagnose/pick-features.js";
import { bagInput } from "./bag-input.js";
import { challengeOf } from "./challenge.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { decisionOf } from "./decision-of.js";
import { fuseFolds } from "./fuse-folds.js";
import { hashOfData } from "./hash-of-data.js";
import { methodFinding } from "./method-finding.js";
import { type Method, methodsOf } from "./mil-methods.js";
import { milModelKey } from "./model-key.js";
import { nestedDecision, nestedSplits } from "./nested-decision.js";
import { outOfFold, type Split, splitOf } from "./out-of-fold.js";
import type { RunOptions } from "./progress.js";
import { share } from "./share.js";
import { judgeShared, sameFiles, sharedSpectra } from "./shared-spectra.js";
import type { ShuffledStudyInput } from "./shuffled-study.js";
import { bitsOf, spectrumPrint } from "./spectrum-print.js";
import { stainBaselines } from "./stain-baselines.js";
import { checkTables, studyTables } from "./study-tables.js";
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
  /** "spectra" leaves out the features that are read off the stain, so that stain and diagnosis are two witnesses; "all" if not given. */
  readonly features?: "all" | "spectra";
  /** Changes to the methods' defaults, such as epochs. */
  readonly change?: Partial<Method["spec"]>;
  /** Folds of patients; 5 if not given. */
  readonly folds?: number;
  /** How often the folds are drawn anew; 3 if not given. */
  readonly repeats?: number;
  /** A file of folds that an earlier study wrote, instead of drawing them. */
  readonly foldFile?: string;
  /** Shufflings of the labels among patients for the null test, each a repeat of the whole study; 99 if not given, 0 leaves it out. */
  readonly permutations?: number;
  /** Told what the study came to before its null test, which takes longer than all the rest. */
  readonly onJudged?: (judged: JudgedStudy) => Promise<unknown>;
  /** The same bags measured otherwise, such as with a confounder moved; scored by the networks that have not seen their patients. */
  readonly challenge?: { readonly bags: readonly Bag[]; readonly what: string };
  /** Go on where the same cube or the same spectra stand under two patients, and stamp every figure; false if not given. */
  readonly allowOverlap?: boolean;
  /** Judge the decision on new cases by nested folds of the first repeat, four more networks a fold; true if not given. */
  readonly nested?: boolean;
  /** Put the methods' heads to the unit test of Raff and Holt; true if not given. */
  readonly unitTests?: boolean;
  readonly seed?: number;
  readonly backend?: BackendName;
}

/** Changed where a finished fold of an earlier state of this program would say something else. */
const FOLDS = "thresholds compared by whole numbers";

/** What a study comes to: its findings, and a model of the networks of all folds. */
export interface JudgedStudy {
  readonly findings: Pick<Findings, "study" | "inputs" | "stamps" | "palette">;
  readonly model: MilModel;
}

/** Seeds of the repeats: the first of any study are those of the specification. */
const FIRST_SEED = 101;

/**
 * Judge a diagnosis on patients it was not learned from, and make a model of the networks of all folds.
 * In every fold the features are scaled and the network is trained on the training patients; a fifth of these choose epoch and
 * threshold; the patients of the fold are scored once. Then the labels are shuffled, and the first repeat done again as often as asked
 * for. Folds and shuffles that an earlier run of the same study has finished are taken from `folder/folds`. Writes folds.csv, bag_scores.csv, patch_scores.csv, predictions.csv and convergence.csv.
 */
export async function trainMil(
  all: readonly Bag[],
  folder: string,
  options: TrainMilOptions = {},
): Promise<JudgedStudy> {
  const { unit = "biopsy", positive, methods: names, folds = 5, repeats = 3, permutations = 99, seed = 1 } = options;
  const started = performance.now();
  const seen = witnessOf(options);
  const bags = all.filter(({ split, name }) => !isHeldOut(split, name)).map(seen);
  if (bags.length < all.length) {
    options.onRemark?.(
      `${all.length - bags.length} of ${all.length} bags are held out by their split, and not learned from`,
    );
  }
  const gathered = gatherInstances(bags, { unit, positive });
  for (const remark of gathered.remarks) options.onRemark?.(remark);
  const set = share(gathered.instances);
  const tumour = tumourOf(bags, options.tumour);
  const stained = tumourShares(bags, gathered, tumour);
  const challenge = options.challenge && challengeOf(gathered, options.challenge.bags.map(seen), unit, positive);
  const stamps = [...stampsOf(bags, gathered), ...sharedOf(bags, options)];
  const methods = methodsOf(names, options);
  const backend = options.backend ?? "auto";
  const opened = await openBackend(backend);
  makeFolder(folder);
  checkTarget(join(folder, "mil-model.h5"), "mil");
  checkTables(folder);
  const kept = makeFolderIn(folder, "folds");

  const patients = gathered.patientNames;
  const dealt = options.foldFile
    ? foldsFrom(options.foldFile, patients)
    : Array.from({ length: repeats }, (_, repeat) => {
        const drawn = FIRST_SEED + repeat;
        return { seed: drawn, fold: bagFolds({ patient: set.patient, label: set.label, folds, seed: drawn }) };
      });
  const csv = foldsCsv(dealt, patients);
  writeFileSafely(join(folder, "folds.csv"), csv);
  const splits = dealt.flatMap((deal, repeat) =>
    Array.from({ length: Math.max(...deal.fold) + 1 }, (_, f) => splitOf(set, deal, repeat, f)),
  );

  return withCrew(options, async (crew) => {
    const data = hashOf(set, challenge, backend === "auto" ? opened.name : backend);
    const jobOf = (method: Method, split: Split, outer?: Split): TrainFoldInput => {
      const { repeat, fold, train, inner, test } = split;
      const inside = outer ? `${outer.fold + 1}.` : "";
      const name = `${method.id}-${dealt[repeat].seed}-${inside}${fold + 1}`;
      return {
        instances: set,
        challenge: outer ? undefined : challenge,
        spec: method.spec,
        train,
        inner,
        test,
        seed: `${seed}/${name}`,
        backend,
        key: hashOfData([version, FOLDS, data, method.spec, train, inner, test, seed]),
        file: join(kept, `${name}.json`),
      };
    };
    const firstRepeat = splits.filter(({ repeat }) => repeat === 0);
    const nested = options.nested === false ? [] : nestedSplits(set, dealt[0].seed, firstRepeat);
    if (options.nested !== false && !nested.length) {
      options.onRemark?.("too few patients of a label: the decision on new cases cannot be judged by nested folds");
    }
    const plan = [
      ...methods.flatMap((method) => splits.map((split) => jobOf(method, split))),
      ...nested.flatMap(({ outer, folds: own }) => own.map((split) => jobOf(methods[0], split, outer))),
    ];
    for (const { file } of plan) checkTarget(file!, "fold");
    const shuffles = Array.from({ length: permutations }, (_, i): ShuffledStudyInput => {
      const label = permuteBagLabels({ patient: set.patient, label: set.label, seed: `${seed}/null/${i}` });
      const file = join(kept, `null-${i + 1}.json`);
      checkTarget(file, "null");
      // Folds of a file stay; others are dealt by the shuffled labels, as those of the study were by the true ones.
      const [deal] = options.foldFile
        ? dealt
        : [{ ...dealt[0], fold: bagFolds({ patient: set.patient, label, folds, seed: dealt[0].seed }) }];
      const again = firstRepeat.map(({ fold }) => splitOf({ ...set, label }, deal, 0, fold));
      const { spec } = methods[0];
      const key = hashOfData([version, FOLDS, data, spec, Array.from(label), again, seed, i]);
      return { instances: set, label, splits: again, spec, seed: `${seed}/null/${i}`, backend, key, file };
    });
    const trained: TrainedFold[] = [];
    await inOrder(crew, "trainFold", plan, (outcome) => {
      trained.push(outcome);
      options.onProgress?.({ stage: "train by patient", done: trained.length, total: plan.length, unit: "networks" });
    });

    const foldsOf = (m: number) => trained.slice(m * splits.length, (m + 1) * splits.length);
    const insideOf = (n: number) => {
      const before = nested
        .slice(0, n)
        .reduce((sum, { folds: own }) => sum + own.length, methods.length * splits.length);
      return trained.slice(before, before + nested[n].folds.length);
    };
    const scored = (of: readonly Split[], networks: readonly TrainedFold[]) =>
      outOfFold(of, set.label.length, (_, s) => ({
        scores: networks[s].test,
        threshold: networks[s].member.threshold,
      }));
    const held = methods.map((_, m) => scored(splits, foldsOf(m)));
    const found = methods.map((method, m) =>
      methodFinding({
        method,
        gathered,
        outOfFold: held[m],
        trained: foldsOf(m),
        splits,
        challenged: challenge !== undefined,
      }),
    );
    const beside = tumour && stained ? stainBaselines(bags, gathered, splits, held[0], tumour, stained) : [];
    const scoresOf = (of: OutOfFold) => ({
      bagNames: gathered.names,
      classNames: gathered.classNames,
      labels: set.label,
      patients: set.patient,
      outOfFold: of,
    });
    const others = [
      ...methods.slice(1).map(({ id, title }, m) => ({ id, title, outOfFold: held[m + 1] })),
      ...beside.map(({ finding: { id, title }, outOfFold }) => ({ id, title, outOfFold })),
    ];
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
        ofStain: set.featureNames.filter(isOfStain).length,
      },
      bags: gathered.names.map((bag, b) => ({
        bag,
        label: gathered.labels[b],
        patches: set.first[b + 1] - set.first[b],
        tumourShare: stained?.[b] ?? null,
      })),
      methods: found,
      baselines: beside.map(({ finding }) => finding),
      decision: nested.length
        ? nestedDecision(
            set,
            nested,
            nested.map((_, n) => ({ outer: trained[n], inside: insideOf(n) })),
          )
        : undefined,
      differences: others.map(({ id, title, outOfFold }) => ({
        id,
        title,
        scores: pairedDifference(scoresOf(held[0]), scoresOf(outOfFold)),
      })),
      unitTests,
      challenge: options.challenge?.what,
      fused: stained && fuseFolds(gathered, splits, foldsOf(0), stained),
      backend: { name: opened.name, why: opened.why },
    };
    const inputs = bags.map(bagInput);
    const model: Omit<MilModel, "provenance"> = {
      spec: methods[0].spec,
      classNames: gathered.classNames,
      members: foldsOf(0).map(({ member }) => member),
      bag: {
        unit,
        stainModel: bags[0].stainModel,
        channels: bags[0].channels,
        featureNames: set.featureNames,
        geometry: bags[0].geometry,
        pixelSizeUm: bags[0].pixelSizeUm,
        patchUm: bags[0].patchUm,
        edge: bags[0].patches.edge,
      },
      decision: decisionOf(held[0], set.label, stained),
      tumour,
    };
    const judged = (permutation?: StudyFinding["permutation"]): JudgedStudy => {
      const said = { ...study, permutation };
      const whole = { ...model, provenance: { version, seed, patients, inputs, stamps, study: said } };
      // The key covers all that the model says, and the study that it was judged by is not part of that.
      return { findings: { study: { ...said, model: milModelKey(whole) }, inputs, stamps }, model: whole };
    };
    options.onTime?.("train and judge", (performance.now() - started) / 1000);
    const scores = [
      ...methods.map(({ id }, m) => ({ id, outOfFold: held[m] })),
      ...beside.map(({ finding: { id }, outOfFold }) => ({ id, outOfFold })),
    ];
    studyTables(folder, { gathered, bags, scores, methods: found, splits, trained });
    if (!shuffles.length) return judged();
    await options.onJudged?.(judged());
    const observed = auc(Float32Array.from(held[0].repeats[0].scores), set.label).value!;
    return judged(nullTest(observed, await aucsOf(shuffles, crew, options)));
  });
}

/** The areas under the curve of a study with shuffled labels, one a shuffle. */
async function aucsOf(
  shuffles: readonly ShuffledStudyInput[],
  crew: Crew,
  options: TrainMilOptions,
): Promise<number[]> {
  const started = performance.now();
  const found: number[] = [];
  let done = 0;
  await inOrder(crew, "shuffledStudy", shuffles, ({ auc: value }) => {
    if (value !== null) found.push(value);
    options.onProgress?.({ stage: "null test", done: ++done, total: shuffles.length, unit: "shuffles" });
  });
  options.onTime?.("null test", (performance.now() - started) / 1000);
  return found;
}

/** What of a bag is learned from. */
function witnessOf({ features = "all", encoder = "features" }: TrainMilOptions): (bag: Bag) => Bag {
  if (features === "all") return (bag) => bag;
  if (encoder === "features") return withoutStain;
  const message = `features "spectra" and the encoder ${encoder} exclude each other: it looks at pixels; cut them with --channels scores`;
  throw new SpectraError("params", "diagnose", message);
}

function foldsFrom(path: string, patients: readonly string[]) {
  noteInputs([path]);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return parseFolds(text, patients, path);
}

/** What every figure must say of the bags: patients that the stain was fitted on. */
function stampsOf(bags: readonly Bag[], gathered: GatheredBags): string[] {
  const known = new Set(bags.flatMap(({ modelPatients }) => modelPatients));
  const seen = gathered.patientNames.filter((patient) => known.has(patient));
  return seen.length
    ? [`patients overlap: the stain model behind the features was fitted on ${seen.length} of these patients`]
    : [];
}

/** Bags of one cube, or with the same patches, under two patients: refused, or allowed and said. */
function sharedOf(bags: readonly Bag[], { allowOverlap = false, onRemark }: TrainMilOptions): string[] {
  const inputs = bags.map(({ file, cube, patient }) => ({
    file,
    hash: cube.content ?? cube.place,
    patients: [patient ?? file],
  }));
  const printed = bags.map(({ file, patient, patches: { spectra, wavenumbers, count } }) => {
    const bits = bitsOf(spectra);
    const bands = spectra.length ? wavenumbers.length : 0;
    const prints = Float64Array.from({ length: bands ? count : 0 }, (_, i) => spectrumPrint(bits, i * bands, bands));
    return { file, patient: patient ?? file, prints };
  });
  return judgeShared(sameFiles(inputs, onRemark), sharedSpectra(printed), allowOverlap);
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

/** Seeds of the unit test of the model's head; those of the others, which fail at once or not at all, have the first. */
const HEAD_SEEDS = [1, 2, 3];

async function headTests(methods: readonly Method[], crew: Crew, options: TrainMilOptions, backend: BackendName) {
  // Of two methods with one head the first is tested, which may be the model.
  const specs = new Map([...methods].reverse().map(({ spec }) => [spec.head, spec]));
  specs.delete("supervised");
  const heads = [...new Set(methods.map(({ spec }) => spec.head))].filter((head) => specs.has(head));
  const found: StudyFinding["unitTests"][number][] = [];
  const inputs = heads.map((head, h) => ({
    head,
    spec: specs.get(head)!,
    backend,
    seeds: HEAD_SEEDS.slice(0, h ? 1 : undefined),
  }));
  await inOrder(crew, "testHead", inputs, (outcome) => {
    found.push(outcome);
    options.onProgress?.({ stage: "unit test of the heads", done: found.length, total: heads.length, unit: "heads" });
  });
  return found;
}
