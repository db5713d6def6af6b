import * as Plot from "@observablehq/plot";
import { type Html, html } from "../html.js";
import { boxLegend } from "./legend.js";
import { chart, quiet } from "./theme.js";

/** One bar: its parts add up to the whole. */
export interface Bar {
  readonly name: string;
  readonly parts: readonly { readonly name: string; readonly amount: number }[];
}

/** Bars of equal length, each cut by the shares of its parts. `fills` gives the parts their order and colours. */
export function stackedBars(description: string, bars: readonly Bar[], fills: ReadonlyMap<string, string>): Html {
  const names = [...fills.keys()];
  const parts = bars.flatMap((bar, at) =>
    names.flatMap((name) => {
      const amount = bar.parts.find((part) => part.name === name)?.amount ?? 0;
      return amount > 0 ? [{ at, name, amount }] : [];
    }),
  );
  const longest = Math.max(...bars.map((bar) => bar.name.length));
  const drawn = chart(description, {
    height: bars.length * 22 + 56,
    marginTop: 4,
    marginLeft: Math.min(260, 16 + 6.8 * longest),
    x: {
      label: "Share of the pixels / %",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (part: number) => String(Math.round(100 * part)),
    },
    // By index, since two bars may have the same name.
    y: {
      domain: bars.map((_, at) => at),
      label: null,
      tickSize: 0,
      padding: 0.25,
      tickFormat: (at: number) => shortened(bars[at].name),
    },
    marks: [
      Plot.barX(parts, {
        ...Plot.stackX({ offset: "normalize", order: names }, { x: "amount", y: "at", z: "name" }),
        fill: ({ name }: { name: string }) => fills.get(name)!,
        stroke: quiet,
        strokeWidth: 0.5,
      }),
    ],
  });
  const present = new Set(parts.map(({ name }) => name));
  const shown = [...fills].filter(([name]) => present.has(name)).map(([name, fill]) => ({ name, fill }));
  return html`${boxLegend(shown)}${drawn}`;
}

/** The middle of a long name gives way: beginnings say which study, ends which core. */
function shortened(name: string): string {
  return name.length <= 36 ? name : `${name.slice(0, 17)}…${name.slice(-18)}`;
}
