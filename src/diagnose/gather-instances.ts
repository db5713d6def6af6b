import type { Bag, Instances } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import { firstSpelling, twoSpellings, wordKey } from "../cube/words.js";

/** What a bag is: the patches of a core, of a biopsy or of a patient. */
export type Unit = "core" | "biopsy" | "patient";

/** The instances of a study, and where they are from. */
export interface GatheredBags {
  readonly instances: Instances;
  /** Name and label of each gathered bag. */
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly patientNames: readonly string[];
  readonly classNames: readonly [negative: string, positive: string];
  /** The files that each gathered bag is made of, in the order of its instances: indices into what was given. */
  readonly sources: readonly (readonly { readonly bag: number }[])[];
  /** What is worth knowing. */
  readonly remarks: readonly string[];
}

const usual = ["malignant", "cancer", "tumour", "tumor", "positive", "1"];

/** Bags of one unit belong together; the name of the unit is that of its column, or of the cube where the column is empty. */
export function unitOf(
  { patient, biopsy, core, name }: Pick<Bag, "patient" | "biopsy" | "core" | "name">,
  unit: Unit,
): string {
  if (unit === "patient") return patient ?? name;
  return (unit === "biopsy" ? (biopsy ?? core) : core) ?? name;
}

/** Cubes by the unit they belong to, in the order in which units first occur. */
export function gatherCases(bags: readonly Bag[], unit: Unit): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [b, bag] of bags.entries()) {
    const id = unitOf(bag, unit);
    groups.set(id, [...(groups.get(id) ?? []), b]);
  }
  return groups;
}

/**
 * Put the patches of all cubes into one matrix, grouped by unit. Refused are bags that cannot be compared (other channels, features, pixel
 * size or patches), bags without a patient or a label, a unit with two labels or two patients, and a study with one label only.
 * A unit without patches is left out with a remark.
 */
export function gatherInstances(
  bags: readonly Bag[],
  { unit, positive }: { readonly unit: Unit; readonly positive?: readonly string[] },
): GatheredBags {
  if (!bags.length) throw new SpectraError("missing", "diagnose", "there are no bags");
  for (const bag of bags) checkAlike(bags[0], bag);
  const remarks: string[] = [];
  const groups = [...gatherCases(bags, unit)].filter(([id, members]) => {
    if (members.some((b) => bags[b].patches.count)) return true;
    remarks.push(`${unit} ${id} has no patch with enough tissue and is left out`);
    return false;
  });
  const spelling = firstSpelling();
  const about = groups.map(([id, members]) => ({
    id,
    label: spelling(theOne(bags, members, "label", id, unit)),
    patient: theOne(bags, members, "patient", id, unit),
  }));
  const classNames = classesOf(
    about.map(({ label }) => label),
    positive,
  );
  const two = twoSpellings(about.map(({ patient }) => patient));
  if (two) {
    const message = `the patients "${two[0]}" and "${two[1]}" would count as two; write one patient in one way`;
    throw new SpectraError("patients", two[0], message);
  }
  const patientNames = [...new Set(about.map(({ patient }) => patient))];
  for (const patient of patientNames) {
    const own = new Set(about.filter((of) => of.patient === patient).map(({ label }) => label));
    if (own.size > 1) remarks.push(`patient ${patient} has bags of both labels and counts as ${classNames[1]}`);
  }

  const first = new Int32Array(groups.length + 1);
  for (const [g, [, members]] of groups.entries()) {
    first[g + 1] = first[g] + members.reduce((sum, b) => sum + bags[b].patches.count, 0);
  }
  const { featureNames, images } = bags[0].patches;
  const features = new Float32Array(first[groups.length] * featureNames.length);
  const pixels = images ? images.size ** 2 * images.channels : 0;
  const values = new Float32Array(first[groups.length] * pixels);
  for (const [g, [, members]] of groups.entries()) {
    let at = first[g];
    for (const b of members) {
      const { patches } = bags[b];
      features.set(patches.features, at * featureNames.length);
      if (images) values.set(patches.images!.values, at * pixels);
      at += patches.count;
    }
  }
  const positives = new Set((positive ?? [classNames[1]]).map(wordKey));
  return {
    instances: {
      features,
      featureNames,
      images: images && { ...images, values },
      first,
      label: Uint8Array.from(about, ({ label }) => (positives.has(wordKey(label)) ? 1 : 0)),
      patient: Int32Array.from(about, ({ patient }) => patientNames.indexOf(patient)),
    },
    names: about.map(({ id }) => id),
    labels: about.map(({ label }) => label),
    patientNames,
    classNames,
    sources: groups.map(([, members]) => members.map((bag) => ({ bag }))),
    remarks,
  };
}

function checkAlike(one: Bag, other: Bag): void {
  const fail = (what: string, of: unknown, and: unknown): never => {
    throw new SpectraError(
      "shape",
      other.name,
      `${other.name} has ${what} ${and}, ${one.name} ${of}; make the bags of a study with one model and the same options`,
    );
  };
  if (one.channels !== other.channels) fail("the channels", one.channels, other.channels);
  if (one.stainModel !== other.stainModel) fail("a stain by model", one.stainModel, other.stainModel);
  if (one.geometry !== other.geometry) fail("the geometry", one.geometry, other.geometry);
  if (one.patches.featureNames.join() !== other.patches.featureNames.join()) {
    fail("features", one.patches.featureNames.length, other.patches.featureNames.length);
  }
  if (one.patchUm !== other.patchUm) fail("patches of (µm)", one.patchUm, other.patchUm);
  // SD beside HD: a patch of as many µm has other spectra and another texture.
  if (one.pixelSizeUm !== undefined && other.pixelSizeUm !== undefined) {
    const ratio = one.pixelSizeUm / other.pixelSizeUm;
    if (Math.abs(ratio - 1) > 0.01) fail("pixels of (µm)", one.pixelSizeUm, other.pixelSizeUm);
  }
  const [a, b] = [one.patches.images, other.patches.images];
  if (a?.size !== b?.size || a?.channels !== b?.channels) fail("pixels per patch", a?.size ?? 0, b?.size ?? 0);
}

function theOne(
  bags: readonly Bag[],
  members: readonly number[],
  column: "label" | "patient",
  id: string,
  unit: Unit,
): string {
  const spelling = firstSpelling();
  const written = members.map((b) => bags[b][column]);
  // "Malignant " and "malignant" are one label; patients are names, as they are written.
  const values = [...new Set(written.map((of) => (column === "label" && of ? spelling(of) : of)))];
  if (values.length === 1 && values[0]) return values[0];
  if (values.includes(undefined) || values.includes("")) {
    throw new SpectraError(
      column === "label" ? "labels" : "patients",
      id,
      `${unit} ${id} has no ${column}; fill the column "${column}" of the cohort file and make the bags anew`,
    );
  }
  const cure =
    column === "label" && unit === "patient" ? "take --unit biopsy, or mend the cohort file" : "mend the cohort file";
  throw new SpectraError(
    column === "label" ? "labels" : "patients",
    id,
    `${unit} ${id} has the ${column}s ${values.join(" and ")}; ${cure}`,
  );
}

function classesOf(labels: readonly string[], positive: readonly string[] | undefined): [string, string] {
  const all = [...new Set(labels)].sort();
  const unknown = positive?.find((label) => !all.some((of) => wordKey(of) === wordKey(label)));
  if (unknown !== undefined) {
    throw new SpectraError("labels", "diagnose", `no bag is "${unknown}"; the labels are ${all.join(", ")}`);
  }
  const wanted = positive && new Set(positive.map(wordKey));
  const sick = wanted
    ? all.filter((label) => wanted.has(wordKey(label)))
    : all.filter((label) => usual.includes(label.toLowerCase()));
  if (all.length > 2 && !positive) {
    throw new SpectraError(
      "labels",
      "diagnose",
      `the bags have ${all.length} labels (${all.join(", ")}); say with --positive which of them are positive`,
    );
  }
  if (all.length < 2 || sick.length === all.length) {
    throw new SpectraError(
      "labels",
      "diagnose",
      `all bags are "${all.join(", ")}"; a diagnosis is learned from both labels`,
    );
  }
  if (!sick.length) {
    throw new SpectraError(
      "labels",
      "diagnose",
      `the labels are ${all.join(" and ")}; say with --positive which of them is positive`,
    );
  }
  return [all.filter((label) => !sick.includes(label)).join(" or "), sick.join(" or ")];
}
