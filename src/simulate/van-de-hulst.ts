/** A refractive index along an axis: what it has beyond that of the sphere without absorption, and its imaginary part. */
export interface ComplexIndex {
  readonly beyond: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * Extinction efficiency of a sphere with the radius r in µm and the refractive index n; wavenumbers in cm-1.
 * Without absorption Q = 2 − (4/ρ) sin ρ + (4/ρ²)(1 − cos ρ), ρ = 4π r (n − 1) ν̃; small ρ goes to 0.
 * With it n − 1 is what `index` says beside that of the sphere, tan β = n″/(n − 1), and
 * Q = 2 − 4 e^(−ρ tan β) [(cos β/ρ) sin(ρ − β) + (cos β/ρ)² cos(ρ − 2β)] + 4 (cos β/ρ)² cos 2β: below a band the sphere scatters more, above
 * it less, so that amide I looks lower and too low in wavenumber.
 * Source: van de Hulst, Light Scattering by Small Particles, 1957; as used by Konevskikh et al. 2016, doi:10.1039/c5fd00171d.
 */
export function vanDeHulst(
  wavenumbers: Float64Array,
  radius: number,
  index: number,
  absorbing?: ComplexIndex,
): Float64Array {
  return wavenumbers.map((wavenumber, band) => {
    const excess = index - 1 + (absorbing?.beyond[band] ?? 0);
    const imaginary = absorbing?.imaginary[band] ?? 0;
    // 1 µm · 1 cm-1 = 1e-4.
    const phase = 4 * Math.PI * radius * 1e-4 * excess * wavenumber;
    if (imaginary === 0) {
      // Below this the three terms cancel to less than the rounding error; the series begins with ρ²/2.
      if (phase < 1e-3) return phase ** 2 / 2;
      return 2 - (4 / phase) * Math.sin(phase) + (4 / phase ** 2) * (1 - Math.cos(phase));
    }
    const beta = Math.atan2(imaginary, excess);
    const part = Math.cos(beta) / phase;
    const left = Math.exp(-phase * Math.tan(beta));
    return (
      2 -
      4 * left * (part * Math.sin(phase - beta) + part ** 2 * Math.cos(phase - 2 * beta)) +
      4 * part ** 2 * Math.cos(2 * beta)
    );
  });
}
