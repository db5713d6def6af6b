const labels: Readonly<Record<string, string>> = {
  absorbance: "Absorbance",
  normalised: "Normalised absorbance",
  "first-derivative": "First derivative, per cm⁻¹",
  "second-derivative": "Second derivative, per cm⁻²",
};

/** What the numbers of a spectrum are, for an axis or a sentence. */
export function quantityLabel(quantity: string): string {
  return labels[quantity] ?? quantity;
}
