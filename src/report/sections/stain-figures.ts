import type { StainFinding } from "../../cube/findings.js";
import { reasons } from "../../cube/rejected.js";
import { colourRamp } from "../charts/colour-ramp.js";
import { boxLegend, type Swatch } from "../charts/legend.js";
import { css } from "../class-colours.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, plain, text } from "../numbers.js";
import type { Page } from "../page.js";
import { isRaster, picture, pngSize } from "../picture.js";

type Kind = keyof StainFinding["pictures"];

const titles: Readonly<Record<Kind, string>> = {
  composite: "Composite",
  amideI: "Amide I",
  truth: "Labels of the cube",
  classes: "Class map",
  confidence: "Confidence",
  rejected: "Rejected pixels",
};

/** Pictures of the measurement first, then those of the stain. */
const order: readonly Kind[] = ["composite", "amideI", "truth", "classes", "confidence", "rejected"];

/**
 * The pictures of a core. One cube: all in one figure. Several modes of one core: their class maps (and labels) side by side first,
 * then the other pictures of each.
 */
export function stainFigures(page: Page, group: readonly Evidence<StainFinding>[]): Html {
  const [first] = group;
  if (group.length === 1) {
    return html`<h3>${heading(first)}</h3>
${figure(page, plates(page, group, order, 3), caption(first, html`Stain of one cube.`), first.at("origin"))}`;
  }
  const modes = join(
    group.map((cube) => text(cube.at("mode"))),
    " and ",
  );
  const sizes = join(
    group.map((cube) => html`${text(cube.at("mode"))}: ${size(cube)}`),
    "; ",
  );
  const beside = html`The same core in ${modes} side by side: class maps${
    group.some(({ value }) => value.pictures.truth) ? " above the labels of the cubes" : ""
  }. ${whose(first)} ${sizes}.`;
  const others = order.filter((kind) => kind !== "classes" && kind !== "truth");
  return html`<h3>Core ${text(first.at("core"))}${patient(first)}: ${modes}</h3>
${figure(page, plates(page, group, ["classes", "truth"], group.length), beside, first.at("origin"))}
${group.map((cube) =>
  figure(
    page,
    plates(page, [cube], others, 4),
    caption(cube, html`The measurement, the confidence and the rejected pixels of one mode.`),
    cube.at("origin"),
  ),
)}`;
}

function heading(stain: Evidence<StainFinding>): Html {
  const core = given(stain.at("core"));
  const mode = given(stain.at("mode"));
  if (!core) return html`Cube ${text(stain.at("name"))}`;
  return html`Core ${text(core)}${patient(stain)}${mode && html`: ${text(mode)}`}`;
}

function patient(stain: Evidence<StainFinding>): Html | undefined {
  const found = given(stain.at("patient"));
  return found && html`, patient ${text(found)}`;
}

function whose(stain: Evidence<StainFinding>): Html {
  return html`Patient ${text(stain.at("patient"))}, core ${text(stain.at("core"))}.`;
}

function size(stain: Evidence<StainFinding>): Html {
  const pixel = given(stain.at("pixelSizeUm"));
  return html`${count(stain.at("rows"))} × ${count(stain.at("cols"))} pixels${
    pixel ? html` of ${plain(pixel)} µm` : ", pixel size not known"
  }`;
}

function caption(stain: Evidence<StainFinding>, what: Html): Html {
  const bands = given(stain.at("compositeBands"));
  const mode = given(stain.at("mode"));
  return html`${what} ${text(stain.at("name"))}${mode && html`, ${text(mode)}`}. ${whose(stain)} ${size(stain)}.${
    stain.value.pictures.composite && bands?.value.length
      ? html` Composite: ${join(
          each(bands).map((band) => text(band)),
          ", ",
        )}.`
      : ""
  }${
    stain.value.pictures.amideI
      ? html` Amide I: integral of the absorbance above the line through its ends${stain.value.amideIRange ? ", its scale from the first to the ninety-ninth percentile" : ""}.`
      : ""
  } Confidence: probability of the most probable class.`;
}

/** Whether the pictures carry lettering of their own, which needs more width to be read. */
function lettered(page: Page, group: readonly Evidence<StainFinding>[]): boolean {
  return group.some(({ value }) => {
    const { classes } = value.pictures;
    const size = classes === undefined ? undefined : pngSize(page.pictures(classes));
    return size !== undefined && !isRaster(size.width, value.cols);
  });
}

/** The pictures as a grid with titles; kind by kind, so that the same kind of every cube stands in one row. */
function plates(page: Page, group: readonly Evidence<StainFinding>[], kinds: readonly Kind[], across: number): Html {
  const cells = kinds.flatMap((kind) =>
    group.flatMap((cube) => {
      const path = cube.value.pictures[kind];
      if (path === undefined) return [];
      const mode = group.length > 1 ? given(cube.at("mode")) : undefined;
      const title = html`${titles[kind]}${mode && html`, ${text(mode)}`}`;
      const { name, cols, pixelSizeUm } = cube.value;
      const subject = { path, description: `${titles[kind]} of ${name}`, cols, pixelSizeUm };
      return html`<div class="cell"><span class="title">${title}</span>${picture(page.pictures(path), subject)}${ramp(kind, cube)}</div>
`;
    }),
  );
  const legends = [
    ...(kinds.includes("classes") ? [boxLegend(classKey(page, group))] : []),
    ...(kinds.includes("rejected") ? [boxLegend(reasonKey(group))] : []),
  ];
  return html`<div class="plates" style="--columns: ${lettered(page, group) ? Math.min(across, 2) : across}">${cells}</div>${legends}`;
}

/** The colour scale under a picture of one number a pixel. */
function ramp(kind: Kind, cube: Evidence<StainFinding>): Html | undefined {
  if (kind === "confidence") return colourRamp("viridis", "0", "1");
  const range = kind === "amideI" ? given(cube.at("amideIRange")) : undefined;
  return range && colourRamp("inferno", html`≤ ${fixed(range.at(0), 1)}`, html`≥ ${fixed(range.at(1), 1)} cm⁻¹`);
}

/** The classes in their colours, and how the map shows what has none. */
function classKey(page: Page, group: readonly Evidence<StainFinding>[]): Swatch[] {
  const parts = group.flatMap(({ value }) => value.composition);
  const classes = new Set(parts.filter(({ percent }) => percent !== null).map(({ name }) => name));
  const unclassified = parts.find(({ name, percent, pixels }) => percent === null && name === "unclassified" && pixels);
  const present = reasonsIn(group).filter(({ name }) => name !== "kept" && name !== "unclassified");
  const background = present.filter(({ name }) => name === "no tissue" || name === "masked");
  return [
    ...[...classes].map((name) => ({ name, fill: page.styles.get(name)!.fill })),
    ...(unclassified ? [{ name: "unclassified", fill: css(unclassified.colour) }] : []),
    ...(present.length > background.length ? [{ name: "excluded", fill: "hatch" }] : []),
    ...(background.length
      ? [{ name: background.map(({ name }) => name).join(" or "), fill: css([255, 255, 255]) }]
      : []),
  ];
}

function reasonKey(group: readonly Evidence<StainFinding>[]): Swatch[] {
  return reasonsIn(group).map(({ name, colour }) => ({ name, fill: name === "masked" ? "hatch" : css(colour) }));
}

/** The reasons for which any pixel of the cubes has no class, and "kept". */
function reasonsIn(group: readonly Evidence<StainFinding>[]) {
  return reasons.filter(({ name }) => group.some(({ value }) => value.rejected[name] > 0));
}
