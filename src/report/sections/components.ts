import type { PcaFinding } from "../../cube/findings.js";
import { explainedVariance } from "../charts/explained-variance.js";
import { importanceChart } from "../charts/importance.js";
import { loadings } from "../charts/loadings.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, percent } from "../numbers.js";
import type { Page, Section } from "../page.js";

/** What the principal components hold, and which wavenumbers the classifier leans on. */
export function components(page: Page): Section {
  const pca = given(page.findings.at("pca"));
  const importances = given(page.findings.at("importances"));
  return {
    id: "components",
    title: "Components and importance",
    content: html`
${pca ? pcaContent(page, pca) : html`<p class="missing">Principal components were not fitted in this run.</p>`}
${
  importances
    ? figure(
        page,
        importanceChart(importances.value, page.assignments),
        html`Importance of each wavenumber to the classifier: the forest’s importances of the components carried back through the loadings; together they make one. A high value says that the classifier uses a region, not that the region causes the class.`,
      )
    : html`<p class="missing">The importance of wavenumbers was not part of this run.</p>`
}
`,
  };
}

function pcaContent(page: Page, pca: Evidence<PcaFinding>): Html {
  const first = each(pca.at("explained")).slice(0, 5);
  const shares = join(
    first.map((explained) => percent(explained)),
    ", ",
  );
  return html`
${figure(
  page,
  explainedVariance(pca.value),
  html`Share of the variance that each of the ${count(pca.at("explained").at("length"))} components explains, logarithmic. The first: ${shares}. Fitted on ${count(pca.at("spectra"))} training spectra.`,
)}
${
  pca.value.loadings.length
    ? figure(
        page,
        loadings(pca.value, page.assignments),
        html`Loadings of the first components over wavenumber; the sign of a loading is a convention (its largest entry is positive). Same spectra as above.`,
      )
    : html`<p class="missing">No loadings were kept in this run.</p>`
}
`;
}
