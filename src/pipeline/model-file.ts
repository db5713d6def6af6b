import { z } from "zod";
import { SpectraError } from "../cube/errors.js";
import type { Forest } from "../cube/forest.js";
import type { Model } from "../cube/model.js";
import type { Pca } from "../cube/pca.js";
import { createHdf5 } from "../hdf5/create.js";
import { openHdf5 } from "../hdf5/open.js";
import { definePipeline } from "./define.js";

/** The attribute by which a model file is known, and the version of its layout. */
const FORMAT = "spectrastain/model/1";

const pcaArrays = ["wavenumbers", "mean", "loadings", "variance"] as const;
const forestArrays = ["roots", "feature", "threshold", "left", "leaf", "distributions", "importances"] as const;

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
  classNames: z.array(z.string()),
  palette: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])),
  limits: z.object({ q: z.number().nullable(), t2: z.number().nullable() }),
  pca: z.object({
    components: z.int(),
    bands: z.int(),
    count: z.int(),
    totalVariance: z.number(),
    residual: z.tuple([z.number(), z.number(), z.number()]),
  }),
  forest: z.object({ trees: z.int(), features: z.int(), classes: z.int(), outOfBagAccuracy: z.number().nullable() }),
  provenance: z.object({ version: z.string(), seed: z.number(), patients: z.number(), pixels: z.number() }).loose(),
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
    for (const name of pcaArrays) file.put(`/pca/${name}`, pca[name]);
    for (const name of forestArrays) file.put(`/forest/${name}`, forest[name]);
  });
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Read a model back, the same to the last bit. A file that is something else is refused by name. */
export async function readModel(path: string): Promise<Model> {
  const file = await openHdf5(path);
  try {
    if (file.attributes("/").format !== FORMAT) {
      throw new SpectraError(
        "format",
        path,
        `${path} is not a model of this program; make one with: spectrastain fit COHORT.csv --out MODEL.h5`,
      );
    }
    const parsed = aboutSchema.safeParse(JSON.parse(file.strings("/about")[0]));
    if (!parsed.success) {
      throw new SpectraError(
        "format",
        path,
        `${path} is a damaged model: ${parsed.error.issues[0].path.join(".")}: ${parsed.error.issues[0].message}`,
      );
    }
    const { pca, forest, limits, ...about } = parsed.data;
    const { steps, ...fitting } = about.pipeline;
    const arrays = <N extends string>(group: string, names: readonly N[]) =>
      Object.fromEntries(names.map((name) => [name, file.read(`/${group}/${name}`)])) as Record<N, never>;
    return {
      ...(about as unknown as Pick<Model, "classNames" | "palette" | "provenance">),
      // Checked again, so that a model edited by hand cannot bring in a step that does not exist.
      pipeline: definePipeline(
        { ...fitting, steps: steps.map(({ step, method, params }) => ({ [step]: method, params })) },
        path,
      ),
      wavenumbers: file.read("/wavenumbers") as Float64Array,
      labels: file.read("/labels") as Uint8Array,
      limits: { q: limits.q ?? Number.POSITIVE_INFINITY, t2: limits.t2 ?? Number.POSITIVE_INFINITY },
      pca: { ...pca, ...arrays("pca", pcaArrays) } satisfies Pca,
      forest: {
        ...forest,
        outOfBagAccuracy: forest.outOfBagAccuracy ?? Number.NaN,
        ...arrays("forest", forestArrays),
      } satisfies Forest,
    };
  } finally {
    file.close();
  }
}
