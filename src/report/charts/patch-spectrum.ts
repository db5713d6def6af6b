import * as Plot from "@observablehq/plot";
import type { PatchFinding } from "../../cube/diagnosis-findings.js";
import type { Html } from "../html.js";
import { curve } from "./series.js";
import { chart, ink, wavenumberScale } from "./theme.js";

/** The mean spectrum of a patch, small. */
export function patchSpectrum({ spectrum, rank }: PatchFinding): Html {
  return chart(`Mean spectrum of patch ${rank}`, {
    width: 260,
    height: 130,
    marginLeft: 20,
    marginRight: 20,
    marginTop: 6,
    marginBottom: 34,
    x: { ...wavenumberScale, ticks: 4 },
    y: { ticks: [], label: null },
    marks: [
      Plot.lineY(curve(spectrum.wavenumbers, spectrum.values), {
        x: "wavenumber",
        y: "value",
        stroke: ink,
        strokeWidth: 1.2,
      }),
    ],
  });
}
