import { bandIndex } from "./band-index.js";
import { type BandTable, readBandTables, readRecipes, substances } from "./band-tables.js";
import type { Effects } from "./draw-effects.js";
import { vanDeHulst } from "./van-de-hulst.js";

/** Planes of a pixel: the substances, a shift of the bands, two kinds of scatter. */
export const components = substances.length + 3;
export const shiftPlane = substances.length;
export const scatterPlane = substances.length + 1;

/** An ordinary section is as thick; its amide I absorbance is that of the recipes. */
const SECTION_UM = 5;

/**
 * The spectra that the pixels of a core are mixed of, `values[component * bands + band]`: substances with this core's band
 * heights and shift, minus the slope of the protein's spectrum (its weight is a shift in cm-1), extinction of two scatterers, which absorb as
 * protein does.
 */
export function componentSpectra(wavenumbers: Float64Array, effects: Effects): Float32Array {
  const bands = wavenumbers.length;
  const tables = readBandTables();
  const values = new Float32Array(components * bands);
  substances.forEach((substance, plane) => {
    const heights = tables[substance].bands.map((_, band) => effects.bandHeight(substance, band));
    values.set(gaussians(tables[substance], wavenumbers, effects.shift, heights), plane * bands);
  });
  const protein = (shift: number) => gaussians(tables.protein, wavenumbers, effects.shift + shift);
  const before = protein(-0.5);
  const after = protein(0.5);
  for (let band = 0; band < bands; band++) values[shiftPlane * bands + band] = after[band] - before[band];
  const heights = tables.protein.bands.map((_, band) => effects.bandHeight("protein", band));
  const absorbing = bandIndex(tables.protein, wavenumbers, readRecipes().amideI / SECTION_UM, effects.shift, heights);
  effects.scatterers.forEach(({ radius, index }, i) => {
    values.set(vanDeHulst(wavenumbers, radius, index, absorbing), (scatterPlane + i) * bands);
  });
  return values;
}

/** The sum of a table's bands on an axis, moved up by `shift` cm-1, each height times its factor. */
export function gaussians(
  { bands }: Pick<BandTable, "bands">,
  wavenumbers: Float64Array,
  shift = 0,
  factors?: readonly number[],
): Float64Array {
  return wavenumbers.map((wavenumber) =>
    bands.reduce((sum, { position, fwhm, height }, i) => {
      const away = (wavenumber - shift - position) / fwhm;
      return sum + height * (factors?.[i] ?? 1) * Math.exp(-4 * Math.LN2 * away * away);
    }, 0),
  );
}
