import type * as Plot from "@observablehq/plot";
import type { Assignment } from "../assignment.js";
import { quiet, rule } from "./theme.js";

const lineHeight = 12.5;
const longest = 28;

/** Room that the labels need above the plot: the chart's `marginTop`. 20 without any. */
export function bandLabelHeight(assignments: readonly Assignment[]): number {
  const letters = Math.max(0, ...assignments.map((band) => labelOf(band).length));
  return letters ? 28 + 6.3 * letters : 20;
}

function labelOf({ wavenumber, name }: Assignment): string {
  const label = `${wavenumber} ${name}`;
  return label.length <= longest ? label : `${label.slice(0, longest - 1)}…`;
}

/**
 * Names of bands in upright type above the plot, each led to its wavenumber by a line through the plot.
 * Labels that would overlap are moved apart; their lines bend to the right place.
 */
export function bandLabels(assignments: readonly Assignment[]): Plot.RenderFunction {
  return (_index, scales, _values, dimensions, context) => {
    const { marginLeft, marginRight, marginTop, marginBottom, width, height } = dimensions;
    const group = element(context.document, "g", { "aria-label": "bands", fill: quiet, "font-size": "10.5px" });
    const right = width - marginRight;
    const capacity = Math.floor((right - marginLeft) / lineHeight);
    const shown = assignments.slice(0, capacity);
    // The scale is there because the plot has curves over wavenumber.
    const positions = shown.map(({ wavenumber }) => scales.scales.x!.apply(wavenumber) as number);
    const places = spread(positions, lineHeight, marginLeft, right);
    shown.forEach((band, i) => {
      const x = positions[i].toFixed(1);
      const at = places[i].toFixed(1);
      const d = `M${x},${height - marginBottom}V${marginTop}L${at},${marginTop - 14}V${marginTop - 18}`;
      group.append(element(context.document, "path", { d, fill: "none", stroke: rule }));
      const transform = `translate(${at},${marginTop - 21}) rotate(-90)`;
      const label = element(context.document, "text", { transform, dy: "0.35em", "text-anchor": "start" });
      label.textContent = labelOf(band);
      group.append(label);
    });
    return group;
  };
}

/** The little of a document that is needed; `src` is compiled without the types of a browser. */
interface SvgDocument {
  createElementNS(namespace: string, name: string): SvgElement;
}
interface SvgElement {
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  append(child: SvgElement): void;
}

function element(document: SvgDocument, name: string, attributes: Record<string, string>): SvgElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Move ascending positions apart to at least `gap`, staying within low…high and as near to where they were as one pass each way gives. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const places = [...positions];
  const last = places.length - 1;
  for (let i = 0; i <= last; i++) places[i] = Math.max(places[i], i ? places[i - 1] + gap : low);
  for (let i = last; i >= 0; i--) places[i] = Math.min(places[i], i < last ? places[i + 1] - gap : high);
  // A cluster was only pushed to the right; half of the shift back centres it over its bands.
  for (let i = 0; i <= last; i++) {
    const room = i ? places[i - 1] + gap : low;
    places[i] = Math.max(room, Math.min(places[i], positions[i] + (places[i] - positions[i]) / 2));
  }
  return places;
}
