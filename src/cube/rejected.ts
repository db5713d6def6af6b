/** Why a pixel has no class: the codes of `/rejected`. Code 0 is a kept pixel. */
export const reasons = [
  { code: 0, name: "kept", text: "classified" },
  { code: 1, name: "not finite", text: "a value is NaN or infinite" },
  { code: 2, name: "saturated", text: "absorbance above the detector's limit" },
  { code: 3, name: "no tissue", text: "too little absorbance: bare substrate or a hole" },
  { code: 4, name: "amide I", text: "amide I maximum outside its range: strong scatter or not tissue" },
  { code: 5, name: "noise", text: "too noisy for its signal" },
  { code: 6, name: "constant", text: "a flat or all-zero spectrum" },
  { code: 7, name: "masked", text: "outside the mask in the file" },
  { code: 8, name: "outside domain", text: "unlike the training spectra (Q or T² beyond the limit)" },
  { code: 9, name: "unclassified", text: "the best class is below the probability threshold" },
] as const;

export type Reason = (typeof reasons)[number]["name"];

/** The code of a reason. */
export function reasonCode(name: Reason): number {
  return reasons.find((reason) => reason.name === name)!.code;
}
