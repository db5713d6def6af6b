import type { CaseFinding } from "../../cube/diagnosis-findings.js";
import { caseScatter } from "../charts/case-scatter.js";
import { type Evidence, each, given } from "../evidence.js";
import { figure, table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, fixed, percent, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { oneStain } from "./baselines.js";
import { answer } from "./case-banners.js";

/** Stain and diagnosis side by side: where they agree, where they do not, and never their average in the place of either. */
export function concordanceSection(page: Page): Section | undefined {
  const found = given(page.findings.at("cases"));
  if (!found?.value.length) return undefined;
  const all = each(found);
  const assessed = all.filter(({ value }) => value.concordance.verdict !== "not assessed");
  const content = html`
<p><b>The rule.</b> A positive diagnosis whose top patches hold less than a tenth of tumour in the stain is <b>discordant</b>, and so is a case in which the stain’s own call, its tumour share against a threshold from the study, differs from the diagnosis. A discordant case is to be reviewed. An indeterminate diagnosis is no call: it is neither concordant nor discordant, and raises no alarm. The fused probability stands beside the two and never in their place.</p>
${oneStain(given(page.findings.at("study")))}
${agreementTable(page)}
${caseTable(page, all)}
${
  assessed.length
    ? figure(
        page,
        caseScatter(found.value),
        html`Every case by the tumour share of its stain and the score of its diagnosis; the dashed lines are the thresholds of the two. Upper left: the diagnosis alone is positive; lower right: the stain alone.`,
      )
    : html`<p class="missing">The cases could not be compared with a stain: there was none with a tumour class, or no case was diagnosed.</p>`
}
`;
  return { id: "concordance", title: "Stain and diagnosis", content };
}

function agreementTable(page: Page): Html {
  const found = given(page.findings.at("agreement"));
  if (!found) return html``;
  const head = html`<tr><th scope="col"></th><th scope="col" class="n">stain positive</th><th scope="col" class="n">stain negative</th></tr>`;
  const rows = [
    html`<tr><th scope="row">diagnosis positive</th><td class="n">${count(found.at("both"))}</td><td class="n">${count(found.at("diagnosisOnly"))}</td></tr>
`,
    html`<tr><th scope="row">diagnosis negative</th><td class="n">${count(found.at("stainOnly"))}</td><td class="n">${count(found.at("neither"))}</td></tr>
`,
  ];
  const open = given(found.at("indeterminate"));
  if (open) {
    rows.push(html`<tr><th scope="row">diagnosis indeterminate</th><td class="n">${count(open.at("stainPositive"))}</td><td class="n">${count(open.at("stainNegative"))}</td></tr>
`);
  }
  return table(page, html`Calls of stain and diagnosis over the cases that have both.`, head, rows, "small");
}

function caseTable(page: Page, all: readonly Evidence<CaseFinding>[]): Html {
  const head = html`<tr><th scope="col">Case</th><th scope="col">Diagnosis</th><th scope="col" class="n">Probability</th><th scope="col" class="n">Tumour in top patches</th><th scope="col" class="n">in the others</th><th scope="col" class="n">in all</th><th scope="col" class="n">Rank correlation</th><th scope="col" class="n">Overlap</th><th scope="col" class="n">Fused</th><th scope="col">Verdict</th></tr>`;
  const rows = all.map((of) => {
    const agreement = of.at("concordance");
    const diagnosis = given(of.at("diagnosis"));
    const fused = given(of.at("fused"));
    return html`<tr><th scope="row">${text(of.at("id"))}</th><td>${answer(of)}</td><td class="n">${
      diagnosis ? fixed(diagnosis.at("probability"), 3) : "–"
    }</td><td class="n">${percent(agreement.at("tumourTop"))}</td><td class="n">${percent(agreement.at("tumourRest"))}</td><td class="n">${percent(
      agreement.at("tumourAll"),
    )}</td><td class="n">${fixed(agreement.at("spearman"), 2)}</td><td class="n">${fixed(agreement.at("iou"), 2)}</td><td class="n">${
      fused ? fixed(fused.at("probability"), 3) : "–"
    }</td><td class="verdict ${agreement.value.verdict === "discordant" ? "fail" : ""}">${text(agreement.at("verdict"))}<br><small>${text(
      agreement.at("reason"),
    )}</small></td></tr>
`;
  });
  const caption = html`Every case: the tumour share of the stain in the patches that the diagnosis rests on, in the others and in all; the rank correlation of a patch’s tumour share with its score; the overlap (intersection over union) of the hottest twentieth of the map with the tumour class; the fused probability, whose weights come from the study.`;
  return table(page, caption, head, rows, "small wide");
}
