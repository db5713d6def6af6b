import { SpectraError } from "./errors.js";

/** How numbers of an axis become wavenumbers: by a factor, or as a factor over them. */
export type ToWavenumber =
  | { readonly kind: "wavenumber" | "energy"; readonly times: number }
  | { readonly kind: "wavelength"; readonly over: number };

/** Exact since 2019: the charge of the electron (C), Planck's constant (J s), the speed of light (m/s). */
const [CHARGE, PLANCK, LIGHT] = [1.602176634e-19, 6.62607015e-34, 299792458];
/** Wavenumbers, in cm-1, of an electronvolt and of a hertz: E / (h c) and ν / c. */
const EV = CHARGE / (PLANCK * LIGHT) / 100;
const HERTZ = 1 / LIGHT / 100;

/** Metres by their names. */
const lengths: Readonly<Record<string, number>> = {
  m: 1,
  meter: 1,
  cm: 1e-2,
  centimeter: 1e-2,
  mm: 1e-3,
  millimeter: 1e-3,
  um: 1e-6,
  micron: 1e-6,
  micrometer: 1e-6,
  nm: 1e-9,
  nanometer: 1e-9,
  å: 1e-10,
  angstrom: 1e-10,
  pm: 1e-12,
};

const energies: Readonly<Record<string, number>> = {
  ev: EV,
  electronvolt: EV,
  mev: EV / 1e3,
  kev: EV * 1e3,
  hz: HERTZ,
  ghz: HERTZ * 1e9,
  thz: HERTZ * 1e12,
};

/** Words for "no unit is given". */
const none = /^(|unknown|index|none|undefined|<undefined>|t\.undefined|traits\.undefined|null)$/;
const wavenumbers =
  /^(wavenumbers?|wavenumberaxis|kaysers?|inversecm|percm|reciprocalcm|(inverse|per|reciprocal)centimeters?|wn)$/;

/** A unit without case, blanks, typesetting and the plural: "Wavenumber (cm$^{-1}$)" becomes cm-1. */
function plainUnit(text: string): string {
  const plain = text.normalize("NFKC").trim().replaceAll("\\mathrm", "").replace(/[${}]/g, "");
  // A name with its unit in brackets.
  const bracketed = /^[^([]*[([]\s*([^)\]]+?)\s*[)\]]$/.exec(plain)?.[1] ?? plain;
  return bracketed
    .toLowerCase()
    .replace(/[µμ]/g, "u")
    .replace(/[−–]/g, "-")
    .replace(/metre/g, "meter")
    .replace(/[\s_]+/g, "");
}

/** The length in metres that a unit names, such as µm or millimetres; undefined where it names none. */
export function lengthOf(unit: string | undefined): number | undefined {
  const plain = plainUnit(unit ?? "");
  return lengths[plain] ?? lengths[plain.replace(/s$/, "")];
}

/** How an axis of this unit is converted; undefined where no unit is given. A unit that is not known is refused by its name. */
export function toWavenumber(unit: string | undefined, place: string): ToWavenumber | undefined {
  const plain = plainUnit(unit ?? "");
  if (none.test(plain)) return undefined;
  if (wavenumbers.test(plain)) return { kind: "wavenumber", times: 1 };
  const inverse = /^(?:1\/|per)?([a-zå]+?)s?(\^|\*\*)?(-1)?$/.exec(plain);
  if (inverse && (/^(1\/|per)/.test(plain) || inverse[3])) {
    const length = lengths[inverse[1]];
    if (length !== undefined) return { kind: "wavenumber", times: 0.01 / length };
  }
  const length = lengthOf(unit);
  if (length !== undefined) return { kind: "wavelength", over: 0.01 / length };
  const energy = energies[plain] ?? energies[plain.replace(/s$/, "")];
  if (energy !== undefined) return { kind: "energy", times: energy };
  throw new SpectraError(
    "unit",
    place,
    `the axis unit is "${unit}"; known are cm-1, um and nm, and also 1/m, 1/um, 1/nm, mm, m, eV, meV and THz: say --axis-units`,
  );
}
