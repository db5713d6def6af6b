import type { MethodFinding } from "../../cube/diagnosis-findings.js";
import type { Html } from "../html.js";
import { lineLegend } from "./legend.js";

/** Colour and dash of a method, the same in every chart. */
export interface MethodLook {
  readonly name: string;
  readonly line: string;
  readonly dash: string;
}

const lines = ["#0b5a8a", "#b0451b", "#5a5a5a", "#8a3d74", "#00704f", "#7a5c00"];
const dashes = ["", "6 3", "2 3", "8 3 2 3", "4 2", "1 2"];

export function methodLooks(methods: readonly MethodFinding[]): MethodLook[] {
  return methods.map(({ title }, i) => ({
    name: title,
    line: lines[i % lines.length],
    dash: dashes[i % dashes.length],
  }));
}

export function methodLegend(looks: readonly MethodLook[]): Html {
  return lineLegend(looks.map((look) => ({ ...look, fill: look.line })));
}
