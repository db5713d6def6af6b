/**
 * Why a pixel has no class: the codes of `/rejected`, and the colour of each in maps and charts, from Okabe and Ito's set.
 * Code 0 is a kept pixel, pale; bare substrate is white.
 */
export const reasons = [
  { code: 0, name: "kept", colour: [226, 226, 226], text: "given to a class, or used for fitting" },
  { code: 1, name: "not finite", colour: [213, 94, 0], text: "a value is NaN or infinite" },
  { code: 2, name: "saturated", colour: [0, 158, 115], text: "absorbance above the detector's limit" },
  { code: 3, name: "no tissue", colour: [255, 255, 255], text: "too little absorbance: bare substrate or a hole" },
  {
    code: 4,
    name: "amide I",
    colour: [230, 159, 0],
    text: "amide I maximum outside its range: strong scatter or not tissue",
  },
  { code: 5, name: "noise", colour: [0, 114, 178], text: "too noisy for its signal" },
  { code: 6, name: "constant", colour: [0, 0, 0], text: "a flat or all-zero spectrum" },
  { code: 7, name: "masked", colour: [150, 150, 150], text: "outside the mask in the file" },
  {
    code: 8,
    name: "outside domain",
    colour: [204, 121, 167],
    text: "unlike the training spectra (Q or T² beyond the limit)",
  },
  { code: 9, name: "unclassified", colour: [240, 228, 66], text: "the best class is below the probability threshold" },
] as const;

export type Reason = (typeof reasons)[number]["name"];

/** The code of a reason. */
export function reasonCode(name: Reason): number {
  return reasons.find((reason) => reason.name === name)!.code;
}
