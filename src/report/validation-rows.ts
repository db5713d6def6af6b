import type { Cell } from "../cube/csv-table.js";
import type { Figure, ValidationFinding } from "../cube/findings.js";

/** Every figure of a validation by patient as rows of validation.csv. */
export function validationRows(validation: ValidationFinding): Cell[][] {
  const { byPatient, classNames, stained, annotated, pair, permutation, calibration } = validation;
  const row = (name: string, of: string, { value, interval, counts, reason }: Figure): Cell[] => [
    name,
    of,
    value,
    interval?.[0],
    interval?.[1],
    counts?.patients,
    counts?.cores,
    counts?.pixels,
    reason,
  ];
  const alone = (name: string, value: number | undefined): Cell[][] =>
    value === undefined ? [] : [row(name, "", { value, unit: "1" })];
  const daring = (name: string, of: typeof stained | typeof annotated) =>
    of
      ? [
          row(`${name}coverage`, "", of.coverage),
          row(`${name}accuracy of classified`, "", of.accuracy),
          row(`${name}classified and right`, "", of.rightOfAll),
        ]
      : [];
  return [
    row("macro AUC", "", byPatient.macroAuc),
    ...alone("p of macro AUC", permutation?.p),
    row("balanced accuracy", "", byPatient.balancedAccuracy),
    row("accuracy of most probable class", "", byPatient.accuracy),
    ...(["auc", "sensitivity", "specificity"] as const).flatMap((key) =>
      classNames.map((name, k) => row(key, name, byPatient[key][k])),
    ),
    ...(pair ? [row("AUC of pair", pair.names.join(" against "), pair.auc)] : []),
    ...daring("", stained),
    ...daring("at the balance of the annotations: ", annotated),
    ...alone("expected calibration error", calibration.expectedError),
    ...alone("expected calibration error of the votes", calibration.votes?.expectedError),
  ];
}
