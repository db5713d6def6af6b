import type { Findings } from "../cube/findings.js";

/** The look of the page. System fonts; text at least 4.5 : 1 on its ground. */
export const style = `
:root {
  --ink: #1f2328; --quiet: #57606a; --rule: #d5dae0; --ground: #ffffff; --tint: #f4f6f8;
  --accent: #0b5a8a; --alarm: #9b1c14; --alarm-tint: #fdecea;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Cambria, Georgia, "Liberation Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 17px/1.55 var(--serif); -webkit-text-size-adjust: 100%; }
body { max-width: 960px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1, h2, h3 { line-height: 1.25; font-weight: 600; overflow-wrap: anywhere; }
h1 { font-size: 2.1rem; margin: 0 0 0.5rem; letter-spacing: -0.01em; }
h2 { font-size: 1.5rem; margin: 3.2rem 0 1rem; padding-top: 1rem; border-top: 2px solid var(--ink); }
h2 .number { color: var(--quiet); font-weight: 400; margin-right: 0.4em; }
h3 { font-size: 1.13rem; margin: 2.2rem 0 0.6rem; }
p { margin: 0 0 0.9rem; max-width: 46rem; }
a { color: var(--accent); text-underline-offset: 2px; }
ul, ol { padding-left: 1.4rem; }
li { margin: 0.2rem 0; max-width: 46rem; }
code { font: 0.86em/1.5 var(--mono); overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.absent { color: var(--quiet); }
.reason, .missing, .note { color: var(--quiet); }
.reason { font-size: 0.92em; font-style: italic; }
.missing { font-style: italic; padding: 0.6rem 0.9rem; border-left: 3px solid var(--rule); background: var(--tint); }
.note { font: 0.85rem/1.5 var(--sans); }
[data-finding] { font-variant-numeric: tabular-nums lining-nums; }

header .notice { display: inline-block; font: 600 0.82rem/1 var(--sans); text-transform: uppercase; letter-spacing: 0.05em;
  color: var(--alarm); border: 1.5px solid var(--alarm); border-radius: 3px; padding: 0.45rem 0.6rem; margin: 0.3rem 0 0.8rem; }
header .data-origin { margin: 0 0 0.8rem; }
.banner { background: var(--alarm); color: #fff; font: 600 1rem/1.4 var(--sans); padding: 0.65rem 0.9rem; border-radius: 3px; max-width: none; }
.banner::first-letter { text-transform: uppercase; }
dl.run { display: grid; grid-template-columns: repeat(3, auto); gap: 0.6rem 2rem; justify-content: start; font: 0.85rem/1.45 var(--sans);
  margin: 1rem 0 0; padding: 0.8rem 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
dl.run .wide { grid-column: 1 / -1; }
dl.run dt { color: var(--quiet); }
dl.run dd { margin: 0; }

nav ol { columns: 2; column-gap: 3rem; list-style-position: inside; padding: 0; margin: 1.2rem 0 0; font: 0.92rem/1.6 var(--sans); }
nav li { break-inside: avoid; max-width: none; margin: 0; padding: 0.1rem 0; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }

.lead { font-size: 1.1rem; max-width: none; }
table { border-collapse: collapse; width: 100%; font: 0.85rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
.table { margin: 1.6rem 0 2rem; overflow-x: auto; }
caption { text-align: left; caption-side: top; padding: 0 0 0.5rem; font: 0.85rem/1.45 var(--sans); color: var(--quiet); }
caption .number, figcaption .number { color: var(--ink); }
thead th { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--rule); }
tbody tr:last-child { border-bottom: 1.5px solid var(--ink); }
th, td { text-align: left; vertical-align: top; padding: 0.34rem 0.6rem 0.34rem 0; font-weight: 400; }
thead th { font-weight: 600; }
tbody th { font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; }
th.n + th:not(.n), td.n + td:not(.n) { padding-left: 0.8rem; }
.small { font-size: 0.76rem; }
.small th, .small td { padding-right: 0.5rem; }
.file, .error { overflow-wrap: anywhere; }
.file { min-width: 9rem; }
.bands td:last-child { white-space: nowrap; }
.hash { white-space: nowrap; }
.interval { white-space: nowrap; }
td .interval { color: var(--quiet); }
.swatch { margin-right: 0.45em; vertical-align: -1px; }
.synoptic { border-top: 1.5px solid var(--ink); margin: 1.4rem 0; font-size: 0.9rem; }
.synoptic th { width: 40%; font-weight: 600; padding-right: 1.2rem; }
.synoptic ul { margin: 0; padding-left: 1.1rem; }
.synoptic caption.unseen, .synoptic thead.unseen { padding: 0; }

.confusion thead th:first-child { width: 19%; }
.confusion td { text-align: center; padding: 0.3rem 0.25rem; line-height: 1.25; border-left: 1px solid var(--rule);
  background: color-mix(in srgb, var(--ground), var(--shade) calc(var(--depth) * 100%)); }
.confusion thead th.n { text-align: center; padding: 0.34rem 0.3rem; }
.confusion td small { display: block; font-size: 0.9em; }
.confusion td.right { --shade: #9ec9e2; }
.confusion td.wrong { --shade: #f2a08f; }
.confusion th[scope="row"] { vertical-align: middle; overflow-wrap: anywhere; }

.headlines { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; margin: 1.4rem 0 0.8rem; }
.headline { border-top: 3px solid var(--accent); background: var(--tint); padding: 0.7rem 0.9rem 0.8rem; font-family: var(--sans); }
.headline .name { display: block; font-size: 0.85rem; color: var(--quiet); }
.headline .value { display: block; font-size: 2rem; line-height: 1.2; font-weight: 600; }
.headline .interval { display: block; font-size: 0.85rem; color: var(--quiet); }

figure { margin: 1.8rem 0 2.2rem; }
figcaption { font: 0.85rem/1.45 var(--sans); color: var(--quiet); margin-top: 0.5rem; max-width: none; }
.stamp { color: var(--alarm); font-weight: 600; }
.plate > svg { display: block; width: 100%; height: auto; }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2rem; align-items: start; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; padding: 0; margin: 0.5rem 0; font: 0.82rem/1.4 var(--sans); }
.legend li { display: inline-flex; align-items: center; gap: 0.4rem; margin: 0; }
.legend svg { flex: none; }

.plates { --tallest: 30rem; display: grid; gap: 0.9rem; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); }
.cell .title { display: block; font: 600 0.82rem/1.4 var(--sans); margin-bottom: 0.25rem; }
.frame { width: min(100%, calc(var(--tallest) * var(--aspect))); }
.cell img { display: block; width: 100%; height: auto; background: #fff; }
.scale { font: 0.72rem/1.3 var(--sans); margin-top: 0.3rem; }
.scale .bar { display: block; height: 4px; background: var(--ink); margin-bottom: 0.1rem; }
.cell img.raster { image-rendering: pixelated; outline: 1px solid var(--rule); outline-offset: -1px; }
.ramp { display: grid; grid-template-columns: 1fr auto; gap: 0.1rem 0.5rem; font: 0.72rem/1.3 var(--sans); margin-top: 0.3rem; }
.ramp .colours { grid-column: 1 / -1; height: 6px; }
.no-picture { font: 0.8rem/1.4 var(--sans); color: var(--quiet); border: 1px dashed var(--quiet); padding: 1.5rem 0.6rem; overflow-wrap: anywhere; }

.meanings { font: 0.85rem/1.45 var(--sans); columns: 2; column-gap: 2rem; margin: 0 0 1.5rem; }
.meanings div { break-inside: avoid; padding: 0.1rem 0; }
.meanings dt { display: inline; font-weight: 600; }
.meanings dt::after { content: ": "; }
.meanings dd { display: inline; margin: 0; color: var(--quiet); }
.parameter { white-space: nowrap; }
.definitions { font-size: 0.95rem; }
.definitions dt { font-weight: 600; margin-top: 0.6rem; }
.definitions dd { margin: 0; max-width: 46rem; }
footer { margin-top: 3rem; padding-top: 0.8rem; border-top: 1px solid var(--rule); font: 0.8rem/1.4 var(--sans); color: var(--quiet); }

@media (max-width: 640px) {
  html { font-size: 16px; }
  nav ol, .meanings { columns: 1; }
  .headlines { grid-template-columns: 1fr; }
  .plates { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .two { grid-template-columns: 1fr; }
  dl.run { grid-template-columns: 1fr; }
}

.case-banner { font: 600 0.95rem/1.4 var(--sans); padding: 0.6rem 0.9rem; border-radius: 3px; border-left: 6px solid; max-width: none; margin: 0 0 0.7rem; }
.case-banner.alarm { background: var(--alarm-tint); color: var(--alarm); border-color: var(--alarm); }
.case-banner.open { background: #fff6dd; color: #5c4300; border-color: #b07d00; }
.of-case { display: grid; grid-template-columns: 5rem 1fr; align-items: baseline; font-family: var(--sans); }
tr.case-head th, tr.case-head td { border-top: 1.5px solid var(--ink); background: var(--tint); }
td.verdict { font-weight: 600; }
td.verdict.pass { color: #00543b; } td.verdict.warn { color: #6b4e00; } td.verdict.fail { color: var(--alarm); }
td.verdict small { font-weight: 400; color: var(--quiet); }
td.open { color: #6b4e00; }
table.wide { font-size: 0.78rem; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 0.9rem; }
.gallery .patch { display: grid; grid-template-columns: 96px 1fr; gap: 0.4rem 0.7rem; break-inside: avoid; font: 0.78rem/1.4 var(--sans); }
.gallery .patch > svg { grid-column: 1 / -1; width: 100%; height: auto; }
.gallery img { image-rendering: pixelated; width: 96px; height: auto; }
.completeness { height: 14px; background: var(--tint); border: 1px solid var(--rule); max-width: 46rem; }
.completeness span { display: block; height: 100%; background: var(--accent); }
`;

/** On paper: A4, title and notice at the head of every page, page numbers at its foot, and no figure cut by a page. */
export function printStyle(findings: Findings): string {
  return `
@page { size: A4; margin: 20mm 16mm 18mm;
  @top-left { content: ${cssString(shortened(findings.title))}; ${running} }
  @top-right { content: ${cssString(findings.notice)}; ${running} color: #9b1c14; }
  @bottom-left { content: ${cssString(`Origin of the data: ${findings.origin}`)}; ${running} }
  @bottom-right { content: counter(page) " / " counter(pages); ${running} }
}
@media print {
  html { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; margin: 0; padding: 0; }
  h1, h2, h3 { break-after: avoid; }
  h2 { margin-top: 1.6rem; }
  p, li, dd { orphans: 3; widows: 3; }
  figure, .headlines, .headline, tr, .banner, dl.meanings, table.short, .two { break-inside: avoid; }
  figcaption, .note { break-before: avoid; }
  caption { break-inside: avoid; }
  .two figure { margin: 0.6rem 0 0; }
  caption, thead, tbody tr:nth-child(-n + 3) { break-after: avoid; }
  dt { break-after: avoid; }
  thead { display: table-header-group; }
  .table { overflow: visible; }
  .small { font-size: 7pt; }
  .plates { --tallest: 66mm; }
  .small th, .small td { padding-top: 0.22rem; padding-bottom: 0.22rem; }
  footer { display: none; }
  a { color: inherit; text-decoration: none; }
}
`;
}

const running = `font: 7.5pt "Liberation Sans", Arial, sans-serif; color: #57606a;`;

function shortened(title: string): string {
  return title.length <= 60 ? title : `${title.slice(0, 59)}…`;
}

/** A string for CSS in which everything but plain characters is escaped, so that it can end neither the string nor the style. */
export function cssString(value: string): string {
  return `"${value.replace(/[^A-Za-z0-9 ,.:-]/gu, (character) => `\\${character.codePointAt(0)!.toString(16)} `)}"`;
}
