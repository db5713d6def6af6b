import { z } from "zod";
import { allFinite, allWithin, type Demand, demandsOn } from "../cube/check-values.js";
import { noteInputs } from "../cube/inputs.js";
import type { MilMember, MilModel } from "../cube/mil.js";
import { createHdf5 } from "../hdf5/create.js";
import { openHdf5 } from "../hdf5/open.js";
import { readAbout } from "../hdf5/read-about.js";
import { readArray } from "../hdf5/read-array.js";
import { inputSchema, studySchema } from "../report/findings-schema.js";

/** The attribute by which the file is known, and the version of its layout. */
const FORMAT = "spectrastain/mil/1";

const number = z.number();
/** A name of a class, a patient, a feature: no more than a line. */
const word = z.string().max(1000);
const share = number.min(0).max(1);
const whole = z.int().nonnegative();

const about = z.looseObject({
  spec: z.looseObject({
    encoder: z.enum(["features", "cnn", "resnext50"]),
    head: z.enum(["top-k", "mean", "attention", "gated-attention", "clam", "supervised"]),
    hidden: z
      .int()
      .positive()
      .max(1 << 20),
    components: whole,
    k: z.union([z.int().positive(), z.literal("rule")]),
    test: z.enum(["mean-top-k", "max", "noisy-or", "log-sum-exp"]),
    scaling: z.enum(["training", "instance"]),
  }),
  classNames: z.tuple([word, word]),
  bag: z.looseObject({
    unit: z.enum(["core", "biopsy", "patient"]),
    stainModel: word.optional(),
    channels: word,
    featureNames: z.array(word),
    geometry: z.enum(["image", "points"]),
    pixelSizeUm: number.optional(),
    patchUm: number.optional(),
    edge: whole,
  }),
  decision: z.looseObject({
    threshold: share,
    band: z.tuple([number.nullable(), number.nullable()]),
    calibration: z.object({ slope: number, intercept: number }),
    stainThreshold: number.optional(),
    fusion: z.object({ mil: number, stain: number, intercept: number }).optional(),
  }),
  tumour: word.optional(),
  provenance: z.looseObject({
    version: word,
    seed: number,
    patients: z.array(word),
    inputs: z.array(inputSchema),
    stamps: z.array(word),
    study: studySchema.optional(),
  }),
  members: z
    .array(
      z.object({
        epoch: number,
        threshold: number,
        loadings: z.boolean(),
        tensors: z.array(z.object({ name: word, shape: z.array(whole).max(8) })),
      }),
    )
    .min(1),
});

/** Write a model of a diagnosis: arrays under /members/NUMBER, everything else as JSON in /about. */
export async function writeMilModel(path: string, model: MilModel): Promise<void> {
  const { members, ...rest } = model;
  const said = members.map(({ epoch, threshold, preparation, weights }) => ({
    epoch,
    threshold,
    loadings: preparation.loadings !== undefined,
    tensors: weights.tensors.map(({ name, shape }) => ({ name, shape })),
  }));
  await createHdf5(path, (file) => {
    file.attributes("/", { format: FORMAT });
    file.put("/about", JSON.stringify({ ...rest, members: said }));
    for (const [m, { preparation, weights }] of members.entries()) {
      file.put(`/members/${m}/mean`, preparation.mean);
      file.put(`/members/${m}/sd`, preparation.sd);
      if (preparation.loadings) file.put(`/members/${m}/loadings`, preparation.loadings);
      for (const [t, { values }] of weights.tensors.entries()) file.put(`/members/${m}/tensors/${t}`, values);
    }
  });
}

/** Read a model of a diagnosis back. A file that is something else is refused by name. */
export async function readMilModel(path: string): Promise<MilModel> {
  noteInputs([path]);
  const file = await openHdf5(path);
  try {
    const { members, ...rest } = readAbout(file, {
      format: FORMAT,
      schema: about,
      name: "model",
      otherwise: "is not a diagnosis model of this program; make one with: spectrastain train-mil BAGS --out STUDY",
    });
    const floats = (name: string, length?: number) => readArray(file, name, "float64", "model", length);
    const model: MilModel = {
      // What the schema lets through beyond what it checks was written by `writeMilModel`.
      ...(rest as unknown as Omit<MilModel, "members">),
      members: members.map(
        ({ epoch, threshold, loadings, tensors }, m): MilMember => ({
          epoch,
          threshold,
          preparation: {
            mean: floats(`/members/${m}/mean`),
            sd: floats(`/members/${m}/sd`),
            loadings: loadings ? floats(`/members/${m}/loadings`) : undefined,
          },
          weights: {
            tensors: tensors.map((of, t) => {
              const length = of.shape.reduce((a, b) => a * b, 1);
              return { ...of, values: readArray(file, `/members/${m}/tensors/${t}`, "float32", "model", length) };
            }),
          },
        }),
      ),
    };
    for (const [m, member] of model.members.entries()) checkMember(model, member, m, demandsOn(file.path, "model"));
    return model;
  } finally {
    file.close();
  }
}

/** Whether the parts of a network belong together, and are numbers. Its shapes are looked at where the network is made. */
function checkMember({ spec, bag }: MilModel, { preparation, weights }: MilMember, m: number, demand: Demand): void {
  const { mean, sd, loadings } = preparation;
  const width = mean.length;
  demand(sd.length === width && allFinite(mean), `network ${m} has ${width} means and ${sd.length} deviations`);
  demand(allWithin(sd, Number.MIN_VALUE, Number.MAX_VALUE), `a deviation of network ${m} is not above 0`);
  if (spec.encoder === "features") {
    demand(
      width === bag.featureNames.length,
      `network ${m} has ${width} means for ${bag.featureNames.length} features`,
    );
  }
  if (loadings) {
    demand(
      loadings.length > 0 && loadings.length % width === 0 && allFinite(loadings),
      `network ${m} has ${loadings.length} loadings for ${width} features`,
    );
  }
  for (const { name, values } of weights.tensors) {
    demand(allFinite(values), `${name} of network ${m} is not all numbers`);
  }
}
