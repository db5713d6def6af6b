// How often the indeterminate band calls new bags, and how often it is wrong then: docs/validation.md has the table, a test has part of it.
// Scores are sigmoids of N(±apart/2, 1), 57 % of the bags positive, as in the study of 61 biopsies; threshold and band are fitted on `bags` of
// them and tried on 400 others. Run: npm run build && node bench/band.js [COHORTS] [--markdown]; 300 if not given.
import { pathToFileURL } from "node:url";
import { chooseThreshold } from "../dist/classify/choose-threshold.js";
import { decideBag, indeterminateBand } from "../dist/classify/decide-bag.js";
import { random } from "../dist/cube/random.js";
import { printTable, say, title } from "./table.js";

function drawn(stream, bags, apart) {
  const labels = Array.from({ length: bags }, (_, i) => (i < Math.round(0.57 * bags) ? 1 : 0));
  return { labels, scores: labels.map((label) => 1 / (1 + Math.exp(-(apart * (label - 0.5) + stream.normal())))) };
}

/** Share of new bags that are called, and of these the share that is called wrongly, over a number of cohorts. */
export function bandErrors({ bags, apart, cohorts }) {
  let [called, wrong] = [0, 0];
  const tried = 400;
  for (let c = 0; c < cohorts; c++) {
    const stream = random(`band/${bags}/${apart}/${c}`);
    const { scores, labels } = drawn(stream, bags, apart);
    const band = indeterminateBand(scores, labels, chooseThreshold(scores, labels).threshold);
    const others = drawn(stream, tried, apart);
    for (const [i, score] of others.scores.entries()) {
      const said = decideBag(score, band);
      if (said === "indeterminate") continue;
      called++;
      if ((said === "positive") !== (others.labels[i] === 1)) wrong++;
    }
  }
  return { called: called / (cohorts * tried), wrong: called ? wrong / called : Number.NaN };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const cohorts = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 300);
  const sizes = [20, 40, 61, 200];
  const percent = (value) => `${(100 * value).toFixed(1)} %`;
  const rows = [
    ["0.50", 0],
    ["0.86", 1.528],
    ["0.96", 2.476],
    ["0.98", 2.904],
  ].map(([auc, apart]) => [
    `AUC ${auc}`,
    ...sizes.map((bags) => {
      const { called, wrong } = bandErrors({ bags, apart, cohorts });
      return called ? `${percent(called)}, ${percent(wrong)}` : "none";
    }),
  ]);
  title();
  say(`Of 400 new bags called, and of these wrong, over ${cohorts} cohorts`);
  printTable(["scores", ...sizes.map((bags) => `${bags} bags`)], rows);
}
