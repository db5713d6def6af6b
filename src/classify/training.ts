import { SpectraError } from "../cube/errors.js";

/** What a forest is fitted on: scores with known classes. */
export interface Training {
  /** `values[row * features + feature]`, all finite. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly features: number;
  /** Class index a row, below `classes`. */
  readonly labels: Uint8Array;
  readonly classes: number;
  /** Patient index a row; when given, patients of a class weigh alike in the draw. */
  readonly groups?: ArrayLike<number>;
}

/** Refuse what no forest can be fitted on: wrong lengths, NaN, unknown classes, a single class. */
export function checkTraining({ values, rows, features, labels, classes, groups }: Training): void {
  if (values.length < rows * features || labels.length < rows || (groups && groups.length < rows)) {
    throw new SpectraError(
      "shape",
      "forest",
      `${rows} rows of ${features} features need as many values, labels and groups; ` +
        `there are ${values.length}, ${labels.length} and ${groups ? groups.length : "no groups"}`,
    );
  }
  if (features < 1 || features > 256) {
    throw new SpectraError(
      "params",
      "forest",
      `the forest takes 1 to 256 features, not ${features}; keep fewer components`,
    );
  }
  for (let i = 0; i < rows * features; i++) {
    if (!Number.isFinite(values[i])) {
      throw new SpectraError(
        "range",
        "forest",
        `row ${Math.floor(i / features)} holds ${values[i]}; reject such pixels before fitting`,
      );
    }
  }
  const seen = new Set<number>();
  for (let row = 0; row < rows; row++) {
    if (labels[row] >= classes) {
      throw new SpectraError("labels", "forest", `row ${row} is of class ${labels[row]}; there are ${classes} classes`);
    }
    seen.add(labels[row]);
  }
  if (seen.size < 2) {
    throw new SpectraError(
      "labels",
      "forest",
      `the training pixels are of ${seen.size} class(es); a classifier needs at least 2`,
    );
  }
}
