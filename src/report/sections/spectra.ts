import type { SpectraFinding } from "../../cube/findings.js";
import { type Assignment, assignmentsWithin } from "../assignment.js";
import { classMeans } from "../charts/class-means.js";
import { differenceFromMean } from "../charts/difference-from-mean.js";
import { meanAndSpread } from "../charts/mean-and-spread.js";
import { quantityLabel } from "../charts/quantity-label.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, plainTable } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, text } from "../numbers.js";
import type { Page, Section } from "../page.js";

/** What the classes look like as spectra, before any accuracy. */
export function spectra(page: Page): Section {
  const found = given(page.findings.at("spectra"));
  const content = found?.value.classes.length
    ? spectraContent(page, found)
    : html`<p class="missing">Class spectra are not shown, because no labelled spectra were collected in this run.</p>`;
  return { id: "spectra", title: "Spectra of the classes", content };
}

function spectraContent(page: Page, found: Evidence<SpectraFinding>): Html {
  const { styles, assignments } = page;
  const { wavenumbers } = found.value;
  const bands = assignmentsWithin(assignments, wavenumbers[0], wavenumbers[wavenumbers.length - 1]);
  const pixels = join(
    each(found.at("classes")).map((each) => html`${text(each.at("name"))} ${count(each.at("pixels"))}`),
    ", ",
  );
  const quantity = quantityLabel(found.value.quantity).toLowerCase();
  return html`
${figure(
  page,
  classMeans(found.value, styles, assignments),
  html`Mean spectrum of every class: ${quantity} after all steps of the pipeline. Training pixels: ${pixels}.${
    bands.length ? " Grey lines mark the bands of the table below." : ""
  }`,
)}
${figure(
  page,
  meanAndSpread(found.value, styles),
  html`Mean (line) ± one standard deviation over pixels (shaded) of every class, ${quantity}, on common scales. Same pixels as above.`,
)}
${figure(
  page,
  differenceFromMean(found.value, styles, assignments),
  html`Mean of every class less the mean of all class means, each class weighing the same; common scales. Where a curve rises above zero the class absorbs more than the others. Same pixels as above.`,
)}
${bands.length ? bandTable(page, bands) : html`<p class="missing">No band assignments were given for this range.</p>`}
`;
}

function bandTable(page: Page, bands: readonly Assignment[]): Html {
  const head = html`<tr><th scope="col">Wavenumber / cm⁻¹</th><th scope="col">Band</th><th scope="col">Assignment</th><th scope="col">Source</th><th scope="col">Known by</th></tr>`;
  const rows = bands.map((band) => {
    const path = `${page.assignments.indexOf(band)}`;
    const field = (key: keyof Assignment) => html`<span data-assignment="${path}.${key}">${band[key]}</span>`;
    return html`<tr><td>${field("wavenumber")}</td><td>${field("name")}</td><td>${field("assignment")}</td><td>${field("source")}</td><td>${field("origin")}</td></tr>
`;
  });
  return plainTable(
    html`Band assignments marked in the figures. They are not from this run. Entries of one name within a few wavenumbers share a label.`,
    head,
    rows,
    "small bands",
  );
}
