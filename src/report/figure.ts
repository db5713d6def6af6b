import type { Origin } from "../cube/cube.js";
import { type Evidence, each } from "./evidence.js";
import { type Html, html, safe } from "./html.js";
import { text } from "./numbers.js";
import type { Page } from "./page.js";

/** Stands for the number of a figure or table until the whole page is there; escaped text cannot contain it. */
const placeholder = { figure: "<!--figure-->", table: "<!--table-->" };

/**
 * A figure with its caption. The caption says what is shown and from what; the origin of the data and the stamps of the report
 * are added to every one of them.
 */
export function figure(
  page: Page,
  body: Html,
  caption: Html,
  origin: Evidence<Origin | "mixed"> = page.findings.at("origin"),
): Html {
  return html`<figure>
<div class="plate">${body}</div>
<figcaption><b class="number">Figure ${mark("figure")}</b> ${caption} ${provenance(page, origin)}</figcaption>
</figure>
`;
}

/** A table of up to this many rows is kept on one page. */
const short = 14;

/** A table of findings with its caption, the origin of the data and the stamps above it. */
export function table(page: Page, caption: Html, head: Html, rows: readonly Html[], className = ""): Html {
  return plainTable(html`${caption} ${provenance(page, page.findings.at("origin"))}`, head, rows, className);
}

/** A table of what is not data of the run, such as literature. Rows are never cut by a page, and the head is repeated. */
export function plainTable(caption: Html, head: Html, rows: readonly Html[], className = ""): Html {
  return html`<div class="table"><table class="${rows.length <= short ? `${className} short` : className}">
<caption><b class="number">Table ${mark("table")}</b> ${caption}</caption>
<thead>${head}</thead>
<tbody>
${rows}</tbody>
</table></div>
`;
}

function provenance(page: Page, origin: Evidence<Origin | "mixed">): Html {
  const stamps = each(page.findings.at("stamps"));
  return html`<span class="origin">Origin of the data: ${text(origin)}.</span>${stamps.map(
    (stamp) => html` <span class="stamp">${text(stamp)}</span>`,
  )}`;
}

function mark(kind: "figure" | "table"): Html {
  return safe(placeholder[kind]);
}

/** Number the figures and the tables of a finished page in the order they stand. */
export function numbered(page: string): string {
  let figures = 0;
  let tables = 0;
  return page
    .replaceAll(placeholder.figure, () => String(++figures))
    .replaceAll(placeholder.table, () => String(++tables));
}
