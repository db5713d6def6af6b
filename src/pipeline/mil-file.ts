import { z } from "zod";
import { SpectraError } from "../cube/errors.js";
import type { MilMember, MilModel } from "../cube/mil.js";
import { createHdf5 } from "../hdf5/create.js";
import { openHdf5 } from "../hdf5/open.js";

/** The attribute by which the file is known, and the version of its layout. */
const FORMAT = "spectrastain/mil/1";

const number = z.number();

const about = z.looseObject({
  spec: z.looseObject({
    encoder: z.enum(["features", "cnn", "resnext50"]),
    head: z.enum(["top-k", "mean", "attention", "gated-attention", "clam", "supervised"]),
    hidden: z.int(),
    components: z.int(),
    k: z.union([z.int(), z.literal("rule")]),
    test: z.enum(["mean-top-k", "max", "noisy-or", "log-sum-exp"]),
    scaling: z.enum(["training", "instance"]),
  }),
  classNames: z.tuple([z.string(), z.string()]),
  bag: z.looseObject({
    unit: z.enum(["core", "biopsy", "patient"]),
    channels: z.string(),
    featureNames: z.array(z.string()),
    geometry: z.enum(["image", "points"]),
    pixelSizeUm: number.optional(),
    patchUm: number.optional(),
    edge: z.int(),
  }),
  decision: z.looseObject({
    threshold: number,
    band: z.tuple([number, number]),
    calibration: z.object({ slope: number, intercept: number }),
    stainThreshold: number.optional(),
    fusion: z.object({ mil: number, stain: number, intercept: number }).optional(),
  }),
  tumour: z.string().optional(),
  provenance: z.looseObject({
    version: z.string(),
    seed: number,
    patients: z.array(z.string()),
    inputs: z.array(z.unknown()),
    stamps: z.array(z.string()),
  }),
  members: z
    .array(
      z.object({
        epoch: number,
        threshold: number,
        loadings: z.boolean(),
        tensors: z.array(z.object({ name: z.string(), shape: z.array(z.int()) })),
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
  const file = await openHdf5(path);
  try {
    if (file.attributes("/").format !== FORMAT) {
      throw new SpectraError(
        "format",
        path,
        `${path} is not a diagnosis model of this program; make one with: spectrastain train-mil BAGS --out STUDY`,
      );
    }
    const parsed = about.safeParse(JSON.parse(file.strings("/about")[0]));
    if (!parsed.success) {
      const [{ path: where, message }] = parsed.error.issues;
      throw new SpectraError("format", path, `${path} is a damaged model: ${where.join(".")}: ${message}`);
    }
    const { members, ...rest } = parsed.data;
    const read = <A>(name: string) => file.read(name) as A;
    return {
      // What the schema lets through beyond what it checks was written by `writeMilModel`.
      ...(rest as unknown as Omit<MilModel, "members">),
      members: members.map(
        ({ epoch, threshold, loadings, tensors }, m): MilMember => ({
          epoch,
          threshold,
          preparation: {
            mean: read<Float64Array>(`/members/${m}/mean`),
            sd: read<Float64Array>(`/members/${m}/sd`),
            loadings: loadings ? read<Float64Array>(`/members/${m}/loadings`) : undefined,
          },
          weights: {
            tensors: tensors.map((of, t) => ({ ...of, values: read<Float32Array>(`/members/${m}/tensors/${t}`) })),
          },
        }),
      ),
    };
  } finally {
    file.close();
  }
}
