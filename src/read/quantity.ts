/** What a cube may say that its numbers are. Only the first two are taken without being told. */
export type NamedQuantity =
  | "absorbance"
  | "transmittance"
  | "reflectance"
  | "single beam"
  | "interferogram"
  | "Kubelka–Munk"
  | "Raman intensity";

const words: readonly [quantity: NamedQuantity, pattern: RegExp][] = [
  // Before the others: it is absorbance by name only.
  ["Kubelka–Munk", /kubelka/],
  ["absorbance", /^(ab|a)$|absorbanc|absorption|absorbtion|extinction|optical ?density|log ?\(? ?1 ?\/ ?[rt]/],
  ["transmittance", /^(t|tr)$|^%? ?t$|^t ?%$|transmittan|transmission/],
  ["reflectance", /^(r|%r|r%)$|reflectan|reflectiv/],
  ["single beam", /single ?beam|^ssc$|^scsm$/],
  ["interferogram", /interferogram|^ifg$|^scifg$/],
  ["Raman intensity", /raman|^counts?$|^cnt$/],
];

/** The quantity that a text names, whatever its case; undefined where it names none that is known. */
export function quantityNamed(text: string): NamedQuantity | undefined {
  const plain = text.trim().toLowerCase().replace(/[_-]+/g, " ");
  return words.find(([, pattern]) => pattern.test(plain))?.[0];
}

/** Whether a text says that numbers are in per cent. */
export const saysPercent = (text: string): boolean => /%|per ?cent/i.test(text);
