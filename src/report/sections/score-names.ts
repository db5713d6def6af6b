import { type Html, html } from "../html.js";

const names = {
  accuracy: "Accuracy",
  precision: "Precision",
  recall: "Recall",
  f: "F",
  auc: "AUC",
  balancedAccuracy: "Balanced accuracy",
} as const;

/** The figures of a two-class decision, in the order of the tables. */
export const scoreKeys = Object.keys(names) as (keyof typeof names)[];

/** The head of a table of them. */
export const scoreHead = (first: string): Html =>
  html`<tr><th scope="col">${first}</th>${scoreKeys.map((key) => html`<th scope="col">${names[key]}</th>`)}</tr>`;
