/**
 * Extinction efficiency of a sphere that does not absorb: Q = 2 − (4/ρ) sin ρ + (4/ρ²)(1 − cos ρ), ρ = 4π r (n − 1) ν̃,
 * with the radius r in µm, the refractive index n and the wavenumber in cm-1. Small ρ goes to 0.
 * Source: van de Hulst, Light Scattering by Small Particles, 1957.
 */
export function vanDeHulst(wavenumbers: Float64Array, radius: number, index: number): Float64Array {
  return wavenumbers.map((wavenumber) => {
    // 1 µm · 1 cm-1 = 1e-4.
    const phase = 4 * Math.PI * radius * 1e-4 * (index - 1) * wavenumber;
    // Below this the three terms cancel to less than the rounding error; the series begins with ρ²/2.
    if (phase < 1e-3) return phase ** 2 / 2;
    return 2 - (4 / phase) * Math.sin(phase) + (4 / phase ** 2) * (1 - Math.cos(phase));
  });
}
