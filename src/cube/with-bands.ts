/** The bands that are wanted, 1 a band, and those of [start, end) too. */
export function withBands(wanted: Uint8Array, start: number, end: number): Uint8Array {
  return wanted.slice().fill(1, start, end);
}

/** The bands that have a 1, as stretches: a first band and a length each. */
export function stretchesOf(wanted: Uint8Array): number[] {
  const found: number[] = [];
  for (let band = 0; band < wanted.length; band++) {
    if (!wanted[band]) continue;
    if (band > 0 && wanted[band - 1]) found[found.length - 1]++;
    else found.push(band, 1);
  }
  return found;
}
