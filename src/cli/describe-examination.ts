import type { Examination } from "../read/examine.js";

/** What `inspect` prints of a file, a fact a line: what is wrong at the end. */
export function describeExamination(found: Examination): string[] {
  const { dataset, axis, spectra, labels, reading, evidence = {} } = found;
  const from = (name: string) => (evidence[name] === undefined ? "" : ` (${evidence[name]})`);
  const { shares, tissue, signalToNoise } = spectra;
  const number = (value: number | null, digits = 4) => (value === null ? "–" : value.toPrecision(digits));
  const all = found.rows * found.cols;
  const facts: [name: string, value: string | undefined][] = [
    ["file", `${found.file} (${(found.bytes / 1e6).toFixed(1)} MB)`],
    ["layout", `${found.layout}${from("order")}`],
    [
      "dataset",
      dataset &&
        `${dataset.path} ${dataset.type} [${dataset.shape.join(", ")}], ` +
          (dataset.chunks ? `chunks [${dataset.chunks.join(", ")}]` : "contiguous") +
          (dataset.filters.length ? `, ${dataset.filters.join(" + ")}` : ""),
    ],
    ["behind", found.behind],
    ["values in", found.sources?.join(", ")],
    ["values", evidence.values],
    [
      "reading",
      reading &&
        `regions of ${reading.rows} rows × ${reading.cols} cols, ${(reading.bytesPerRegion / 1e6).toFixed(1)} MB; ` +
          `inflated / needed ${reading.inflatedOverNeeded.toFixed(2)}`,
    ],
    ["image", `${found.rows} rows × ${found.cols} cols, ${all} spectra`],
    ["pixel", found.pixelSizeUm === undefined ? undefined : `${found.pixelSizeUm} µm${from("pixelSize")}`],
    [
      "axis",
      `${axis.last.toFixed(1)}–${axis.first.toFixed(1)} cm-1, ${found.bands} bands, spacing ${number(axis.spacing)} cm-1, ` +
        `${axis.order} in the file${from("axis")}`,
    ],
    ["quantity", `${found.quantity}${from("quantity")}`],
    ["measured", [found.modality, found.mode].filter(Boolean).join(", ") || undefined],
    ["patient", found.patient],
    ["core", [found.core, found.slide && `slide ${found.slide}`].filter(Boolean).join(", ") || undefined],
    ["origin", [found.origin, found.source].filter(Boolean).join(": ")],
    ["looked at", `${spectra.pixels} of ${all} spectra`],
    ["absorbance", `${number(spectra.minimum)} to ${number(spectra.maximum)}, mean ${number(spectra.mean)}`],
    [
      "spectra",
      Object.entries({
        "not finite": shares.notFinite,
        constant: shares.constant,
        negative: shares.negative,
        saturated: shares.saturated,
      })
        .map(([name, share]) => `${name} ${(100 * share).toFixed(1)} %`)
        .join(", "),
    ],
    [
      "tissue",
      tissue &&
        `${tissue.pixels} spectra with a mean amide I above 0.05, maximum at ${tissue.amideI.toFixed(1)} cm-1 (median)`,
    ],
    [
      "SNR",
      signalToNoise === undefined
        ? undefined
        : `${signalToNoise.toFixed(0)} (median of the tissue: amide I height over noise)`,
    ],
    [
      "labels",
      labels &&
        Object.entries(labels)
          .map(([name, pixels]) => `${name} ${pixels}`)
          .join(", ") + from("labels"),
    ],
    [
      "mask",
      found.maskKept === undefined
        ? undefined
        : `keeps ${(100 * found.maskKept).toFixed(1)} % of the pixels${from("mask")}`,
    ],
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(11)} ${value}`]));
  const problems = found.problems.map((problem, i) => `${(i ? "" : "look at").padEnd(11)} ${problem}`);
  return [...lines, ...(problems.length ? problems : ["look at     nothing: all seems well"])];
}
