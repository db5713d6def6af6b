import { statSync } from "node:fs";
import { segments, spacing } from "../cube/axis.js";
import { type CubeReader, type LayoutOptions, openCube } from "./open-cube.js";
import { MEMORY, planReading, type ReadingPlan, readingMemory } from "./plan-reading.js";
import { openSurvey, type Survey } from "./survey.js";

/** What is in a file, as plain data, and what is wrong with it. */
export interface Examination {
  readonly file: string;
  readonly bytes: number;
  readonly layout: string;
  readonly dataset?: {
    readonly path: string;
    readonly shape: readonly number[];
    readonly type: string;
    readonly chunks?: readonly number[];
    readonly filters: readonly string[];
  };
  readonly rows: number;
  readonly cols: number;
  readonly bands: number;
  readonly axis: {
    readonly first: number;
    readonly last: number;
    readonly spacing: number;
    readonly order: "ascending" | "descending";
    /** Contiguous stretches, cm-1. */
    readonly segments: readonly (readonly [number, number])[];
  };
  readonly quantity: "absorbance" | "transmittance";
  readonly patient?: string;
  readonly core?: string;
  readonly slide?: string;
  readonly mode?: string;
  readonly modality?: string;
  readonly pixelSizeUm?: number;
  readonly origin: string;
  readonly source?: string;
  /** Annotated pixels a class; missing when the file has no labels. */
  readonly labels?: Readonly<Record<string, number>>;
  /** Share of the pixels that the mask keeps; missing when there is none. */
  readonly maskKept?: number;
  /** In which regions the cube would be read, and what that costs; missing for a table. */
  readonly reading?: ReadingPlan;
  readonly spectra: Survey;
  /** Where what is known was found: order of the dimensions, axis, quantity, what is done to the stored values, labels, mask. */
  readonly evidence?: Readonly<Record<string, string>>;
  /** Where the spectra really are, behind links, and the files that hold their values. */
  readonly behind?: string;
  readonly sources?: readonly string[];
  /** In words, the gravest first; empty when nothing is wrong. */
  readonly problems: readonly string[];
}

/** What a run over the cube may take. */
export interface Budget {
  /** Bytes for all workers together; 700 MB if not given. */
  readonly memory?: number;
  /** Worker threads; 2 if not given. */
  readonly workers?: number;
}

/** Rows that are read of a large cube: enough for the figures to settle, and quick whatever its size. */
const SAMPLED_BLOCKS = 24;

/** Look at a cube: its shape, axis and attributes, and the numbers of at most 24 blocks of rows spread over it. */
export async function examine(path: string, layout: LayoutOptions = {}, budget: Budget = {}): Promise<Examination> {
  const reader = await openCube(path, layout);
  try {
    return examineOpened(reader, path, budget);
  } finally {
    reader.close();
  }
}

function examineOpened(reader: CubeReader, path: string, { memory = MEMORY, workers = 2 }: Budget): Examination {
  const { cube, dataset } = reader;
  const { rows, cols, axis, classNames, pixelSizeUm } = cube;
  const { wavenumbers } = axis;
  // Quickly read, so what is wrong with them is said first.
  const labels = reader.labelCounts();
  const mask = reader.maskCounts();
  const survey = openSurvey(wavenumbers);
  const blocks = Math.ceil(rows / reader.rowsPerBlock);
  const every = Math.max(1, Math.ceil(blocks / SAMPLED_BLOCKS));
  for (let block = 0; block < blocks; block += every) {
    const row = block * reader.rowsPerBlock;
    const { values, count } = reader.read({ row, rows: Math.min(reader.rowsPerBlock, rows - row) });
    survey.add(values, count);
  }
  const found = {
    file: path,
    bytes: statSync(path).size,
    layout: reader.layout,
    ...(reader.evidence && { evidence: reader.evidence }),
    ...(dataset?.behind && { behind: dataset.behind }),
    ...(dataset?.sources && { sources: dataset.sources }),
    ...(dataset && {
      dataset: {
        path: dataset.path,
        shape: dataset.shape,
        type: dataset.type,
        ...(dataset.chunks && { chunks: dataset.chunks }),
        filters: dataset.filters,
      },
    }),
    rows,
    cols,
    bands: wavenumbers.length,
    axis: {
      first: wavenumbers[0],
      last: wavenumbers[wavenumbers.length - 1],
      spacing: spacing(wavenumbers),
      order: axis.sourceOrder,
      segments: segments(wavenumbers).map(([start, end]) => [wavenumbers[start], wavenumbers[end - 1]] as const),
    },
    quantity: cube.storedQuantity,
    patient: cube.patient,
    core: cube.core,
    slide: cube.slide,
    mode: cube.mode,
    modality: cube.modality,
    pixelSizeUm,
    origin: cube.origin,
    source: cube.source,
    ...(labels && { labels: Object.fromEntries((classNames ?? []).map((name, value) => [name, labels[value]])) }),
    ...(mask && { maskKept: (rows * cols - mask[0]) / (rows * cols) }),
    ...(reader.facts && { reading: planReading(reader.facts, readingMemory(memory, workers)) }),
    spectra: survey.finish(),
  };
  return { ...found, problems: [...problemsOf(found), ...(reader.notes ?? [])] };
}

function problemsOf(found: Omit<Examination, "problems">): string[] {
  const { spectra, axis, labels } = found;
  const { shares, tissue, signalToNoise, minimum, maximum } = spectra;
  const percent = (share: number) => `${(100 * share).toPrecision(2)} %`;
  const problems: string[] = [];
  const say = (when: boolean | undefined, text: string) => when && problems.push(text);
  const within = minimum !== null && maximum !== null && minimum >= -0.05 && maximum <= 1.2;
  say(
    found.quantity === "absorbance" && within && tissue && tissue.dips > 0.5,
    "the amide I band is a dip and all values lie between 0 and 1: this looks like transmittance marked as absorbance; say --quantity transmittance",
  );
  say(
    shares.notFinite === 1,
    "no spectrum is finite in all bands; pixels are rejected where a pipeline makes use of such a band",
  );
  say(
    shares.notFinite > 0 && shares.notFinite < 1,
    `${percent(shares.notFinite)} of the pixels hold NaN or infinite values; they are rejected where a pipeline makes use of those bands`,
  );
  say(shares.constant > 0.01, `${percent(shares.constant)} of the spectra are constant`);
  say(
    shares.saturated > 0.01,
    `${percent(shares.saturated)} of the spectra exceed an absorbance of 2.5: saturated, or not absorbance`,
  );
  say(
    shares.negative > 0.2,
    `${percent(shares.negative)} of the spectra have a negative mean: background or unit may be wrong`,
  );
  say(
    tissue && tissue.dips <= 0.5 && (tissue.amideI < 1640 || tissue.amideI > 1670),
    `the amide I maximum lies at ${tissue?.amideI.toFixed(0)} cm-1 (median), tissue has it at 1645–1665: scatter, or a wrong axis`,
  );
  say(
    signalToNoise !== undefined && signalToNoise < 20,
    `the signal-to-noise ratio is only ${signalToNoise?.toFixed(0)}`,
  );
  say(
    axis.segments.length > 1,
    `the axis has gaps: ${axis.segments.map(([low, high]) => `${low.toFixed(0)}–${high.toFixed(0)}`).join(", ")} cm-1; windows stay inside each part`,
  );
  say(found.pixelSizeUm === undefined, "no pixel_size_um: areas can only be given in pixels");
  say(found.patient === undefined, "no patient: validation needs one, from the file or from the cohort");
  say(
    found.origin === "unknown",
    "the origin of the data is not stated (attribute origin: real, simulated or derived)",
  );
  const annotated = labels ? Object.values(labels).slice(1) : [];
  say(labels && annotated.every((pixels) => pixels === 0), "there are labels, but no pixel is annotated");
  if (found.reading?.advice) problems.push(found.reading.advice);
  return problems;
}
