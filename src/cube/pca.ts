/** A principal component model: plain frozen data. */
export interface Pca {
  /** cm-1, ascending; the axis of mean and loadings. */
  readonly wavenumbers: Float64Array;
  readonly bands: number;
  readonly components: number;
  readonly mean: Float64Array;
  /** `loadings[component * bands + band]`, orthonormal rows; the entry of largest magnitude in each row is positive. */
  readonly loadings: Float64Array;
  /** Variance along each component (divisor n − 1). */
  readonly variance: Float64Array;
  /** Variance of all bands together, so that `variance[i] / totalVariance` is the explained share. */
  readonly totalVariance: number;
  /** Sum of the eigenvalues that were left out, and of their squares and cubes: for the limit of Q. */
  readonly residual: readonly [first: number, second: number, third: number];
  /** Spectra it was fitted on. */
  readonly count: number;
}

/** Sums that a covariance is made of; those of two sets of spectra add up to those of their union. */
export interface Moments {
  readonly bands: number;
  count: number;
  /** A fixed point near the data that the sums are taken about, so that Float64 loses nothing. */
  readonly shift: Float64Array;
  /** Sum of (x − shift) a band. */
  readonly sum: Float64Array;
  /** Sum of (x − shift)(x − shift)ᵀ, upper triangle of a row-major `bands × bands` matrix. */
  readonly cross: Float64Array;
}
