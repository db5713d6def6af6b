import { z } from "zod";
import { checkForest } from "../cube/check-forest.js";
import { checkPca } from "../cube/check-pca.js";
import { type Demand, demandsOn, isAxis } from "../cube/check-values.js";
import type { Forest } from "../cube/forest.js";
import { noteInputs } from "../cube/inputs.js";
import type { Model } from "../cube/model.js";
import type { Pca } from "../cube/pca.js";
import { recordOf } from "../cube/record-schema.js";
import { createHdf5 } from "../hdf5/create.js";
import { openHdf5 } from "../hdf5/open.js";
import { readAbout } from "../hdf5/read-about.js";
import { readArray } from "../hdf5/read-array.js";
import { inputSchema } from "../report/findings-schema.js";
import { definePipeline } from "./define.js";

/** The attribute by which a model file is known, and the version of its layout. */
const FORMAT = "spectrastain/model/1";

const pcaArrays = { wavenumbers: "float64", mean: "float64", loadings: "float64", variance: "float64" } as const;
const forestArrays = {
  roots: "int32",
  feature: "uint16",
  threshold: "float32",
  left: "int32",
  leaf: "int32",
  distributions: "float32",
  importances: "float64",
} as const;

/** A name of a class, a patient, a file: no more than a line. */
const word = z.string().max(1000);
const whole = z.int().nonnegative();
const colour = z.number().min(0).max(255);

/** The part of a model that is not an array, as it stands in the file's `about` attribute. */
const aboutSchema = z.object({
  pipeline: z
    .object({
      steps: z.array(
        z.object({
          step: z.enum(["correct", "normalise"]),
          method: z.string(),
          params: z.record(z.string(), z.unknown()),
        }),
      ),
    })
    .loose(),
  classNames: z.array(word).min(1).max(256),
  palette: recordOf(z.tuple([colour, colour, colour])),
  limits: z.object({ q: z.number().positive().nullable(), t2: z.number().positive().nullable() }),
  temperature: z.object({ exponent: z.number().positive(), floor: z.number().positive() }).optional(),
  pca: z.object({
    components: whole,
    bands: whole,
    count: whole,
    totalVariance: z.number(),
    residual: z.tuple([z.number(), z.number(), z.number()]),
  }),
  forest: z.object({ trees: whole, features: whole, classes: whole, outOfBagAccuracy: z.number().nullable() }),
  provenance: z.looseObject({
    version: word,
    seed: z.number(),
    patients: z.number(),
    pixels: z.number(),
    inputs: z.array(inputSchema),
    pixelsPerClass: z.array(z.number()),
    stamps: z.array(word),
  }),
});

/** Write a model. Arrays are datasets under /pca and /forest; everything else is the JSON in /about. */
export async function writeModel(path: string, model: Model): Promise<void> {
  const { wavenumbers, labels, pca, forest, limits, ...rest } = model;
  const about = {
    ...rest,
    // JSON has no Infinity: null stands for "not checked".
    limits: { q: finite(limits.q), t2: finite(limits.t2) },
    pca: {
      components: pca.components,
      bands: pca.bands,
      count: pca.count,
      totalVariance: pca.totalVariance,
      residual: pca.residual,
    },
    forest: {
      trees: forest.trees,
      features: forest.features,
      classes: forest.classes,
      outOfBagAccuracy: finite(forest.outOfBagAccuracy),
    },
  };
  await createHdf5(path, (file) => {
    file.attributes("/", { format: FORMAT });
    file.put("/about", JSON.stringify(about));
    file.put("/wavenumbers", wavenumbers, { attributes: { units: "cm-1" } });
    file.put("/labels", labels);
    for (const name of namesOf(pcaArrays)) file.put(`/pca/${name}`, pca[name]);
    for (const name of namesOf(forestArrays)) file.put(`/forest/${name}`, forest[name]);
  });
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Read a model back, the same to the last bit. A file that is something else is refused by name. */
export async function readModel(path: string): Promise<Model> {
  noteInputs([path]);
  const file = await openHdf5(path);
  try {
    const { pca, forest, limits, ...about } = readAbout(file, {
      format: FORMAT,
      schema: aboutSchema,
      name: "model",
      otherwise: "is not a model of this program; make one with: spectrastain fit COHORT.csv --out MODEL.h5",
    });
    const { steps, ...fitting } = about.pipeline;
    const array = (name: string, kind: Parameters<typeof readArray>[2]) => readArray(file, name, kind, "model");
    const arrays = <N extends string>(group: string, kinds: Readonly<Record<N, Parameters<typeof readArray>[2]>>) =>
      Object.fromEntries(namesOf(kinds).map((name) => [name, array(`/${group}/${name}`, kinds[name])])) as Record<
        N,
        never
      >;
    const model: Model = {
      ...(about as unknown as Pick<Model, "classNames" | "palette" | "provenance" | "temperature">),
      // Checked again, so that a model edited by hand cannot bring in a step that does not exist.
      pipeline: definePipeline(
        { ...fitting, steps: steps.map(({ step, method, params }) => ({ [step]: method, params })) },
        path,
      ),
      wavenumbers: readArray(file, "/wavenumbers", "float64", "model"),
      labels: readArray(file, "/labels", "uint8", "model"),
      limits: { q: limits.q ?? Number.POSITIVE_INFINITY, t2: limits.t2 ?? Number.POSITIVE_INFINITY },
      pca: { ...pca, ...arrays("pca", pcaArrays) } satisfies Pca,
      forest: {
        ...forest,
        outOfBagAccuracy: forest.outOfBagAccuracy ?? Number.NaN,
        ...arrays("forest", forestArrays),
      } satisfies Forest,
    };
    checkModel(model, demandsOn(file.path, "model"));
    return model;
  } finally {
    file.close();
  }
}

const namesOf = <N extends string>(kinds: Readonly<Record<N, unknown>>) => Object.keys(kinds) as N[];

/** Whether the parts of a model belong together. */
function checkModel({ wavenumbers, classNames, labels, pca, forest, provenance }: Model, demand: Demand): void {
  demand(isAxis(wavenumbers), "its wavenumbers are not an axis");
  checkPca(pca, demand);
  checkForest(forest, demand);
  demand(forest.features === pca.components, `${pca.components} components for ${forest.features} features`);
  demand(labels.length === forest.classes, `${labels.length} label values for ${forest.classes} classes`);
  demand(new Set(labels).size === labels.length, "two of its classes have one label value");
  for (const label of labels) demand(label > 0 && label < classNames.length, `label ${label} has no name`);
  demand(provenance.pixelsPerClass.length <= labels.length, "it counts the pixels of classes that it has not");
}
