// PCA fit on 300,000 spectra of 450 bands against scikit-learn, both cores on both sides, from spectra in memory to components.
// All are held against a covariance in Float64 first. Peers: PCA(svd_solver="full") of Debian's scikit-learn, the covariance solver
// of scikit-learn 1.5 written out, and the same after centring, which is right to as many digits as ours; the covariances with
// OpenBLAS as Debian's chooses its kernels, and told the processor.
// Run: npm run build && node bench/pca.js [--quick]
import { rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../dist/cube/random.js";
import { simdKernels } from "../dist/kernels/simd-kernels.js";
import { withCrew } from "../dist/pipeline/crew.js";
import { fitComponents } from "../dist/pipeline/reduce-rows.js";
import { fitPca } from "../dist/reduce/fit-pca.js";
import { momentAdder } from "../dist/reduce/moments.js";
import { alternate, median } from "./alternate.js";
import { fastBlas, missing, startPeer } from "./python.js";
import { printTable, say, title } from "./table.js";

const COUNT = process.argv.includes("--quick") ? 60_000 : 300_000;
const BANDS = 450;
const COMPONENTS = 20;

/** Absorbance as of tissue: 24 bands whose heights vary together and alone, on a slope, with noise. */
function makeSpectra() {
  const stream = random("pca bench");
  const curves = Array.from({ length: 24 }, (_, k) => {
    const [at, width] = [20 + 410 * stream.uniform(), 6 + 20 * stream.uniform()];
    return Float64Array.from({ length: BANDS }, (_, band) => 0.4 * 0.85 ** k * Math.exp(-(((band - at) / width) ** 2)));
  });
  const noise = Float32Array.from({ length: 1 << 16 }, () => 2e-3 * stream.normal());
  const values = new Float32Array(new SharedArrayBuffer(COUNT * BANDS * 4));
  for (let row = 0; row < COUNT; row++) {
    const spectrum = values.subarray(row * BANDS, (row + 1) * BANDS);
    const from = Math.floor(stream.uniform() * noise.length);
    for (let band = 0; band < BANDS; band++) spectrum[band] = 0.05 + 2e-4 * band + noise[(from + band) & 0xffff];
    for (const curve of curves) {
      const height = 1 + 0.3 * stream.normal();
      for (let band = 0; band < BANDS; band++) spectrum[band] += height * curve[band];
    }
  }
  return values;
}

/** Largest difference of the variances and of the loadings from the exact ones, each as a share of its own largest entry. */
function apart(found, exact) {
  let variance = 0;
  let loading = 0;
  for (let c = 0; c < COMPONENTS; c++) {
    variance = Math.max(variance, Math.abs(found.variance[c] / exact.variance[c] - 1));
    const row = exact.loadings.slice(c * BANDS, (c + 1) * BANDS);
    const largest = Math.max(...row.map(Math.abs));
    for (const [band, value] of row.entries()) {
      loading = Math.max(loading, Math.abs(found.loadings[c * BANDS + band] - value) / largest);
    }
  }
  return { variance, loading };
}

/** Seconds that the decomposition alone takes, from the moments of some of the spectra: it does not depend on their number. */
function decompositionTime(wavenumbers) {
  const adder = momentAdder(values.subarray(0, BANDS), simdKernels());
  adder.add(values, 4096);
  const moments = adder.finish();
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    fitPca(moments, COMPONENTS, wavenumbers);
    return (performance.now() - start) / 1000;
  });
  return median(times);
}

title();
const install = missing("numpy", "scipy", "sklearn");
if (install) say(`no peer; to have it: ${install}`);

const values = makeSpectra();
const file = join(tmpdir(), `spectrastain-bench-pca-${process.pid}.f32`);
writeFileSync(file, values);
const args = [file, COUNT, BANDS, COMPONENTS].map(String);
const [debian, told] = install ? [] : [{}, fastBlas].map((env) => startPeer("pca.py", args, env));
try {
  const wavenumbers = Float64Array.from({ length: BANDS }, (_, band) => 950 + 2 * band);
  const rows = Int32Array.from({ length: COUNT }, (_, row) => row);
  const results = {};
  /** A side that remembers what it found and gives the seconds that the peer measured itself. */
  const peer = (name, process, solver) => async () => {
    results[name] = await process.ask(solver);
    return results[name].seconds;
  };
  await withCrew({ workers: availableParallelism() }, async (crew) => {
    const sides = {
      spectrastain: async () => {
        results.spectrastain = await fitComponents({ values, wavenumbers }, rows, COMPONENTS, crew);
      },
      ...(debian && {
        "scikit-learn, full": peer("scikit-learn, full", told, "full"),
        "covariance, BLAS as it comes": peer("covariance, BLAS as it comes", debian, "covariance"),
        "covariance, BLAS told": peer("covariance, BLAS told", told, "covariance"),
        "centred covariance, BLAS as it comes": peer("centred covariance, BLAS as it comes", debian, "centred"),
        "centred covariance, BLAS told": peer("centred covariance, BLAS told", told, "centred"),
      }),
    };
    const exact = debian && (await told.ask("exact"));
    for (const run of Object.values(sides)) await run();
    if (exact) {
      say(
        `peer: ${exact.versions}; OpenBLAS kernels: ${results["covariance, BLAS as it comes"].blas} as it comes, ${exact.blas} told`,
      );
      for (const [name, found] of Object.entries(results)) {
        const { variance, loading } = apart(found, exact);
        say(
          `agreement with Float64, ${name}: variances ${variance.toExponential(1)}, loadings ${loading.toExponential(1)}`,
        );
        if (name === "spectrastain" && !(Math.max(variance, loading) <= 1e-5)) throw new Error("ours is not right");
      }
    }
    const times = await alternate(sides);
    say(`${COUNT} spectra of ${BANDS} bands, ${COMPONENTS} components; medians of 5 turns`);
    printTable(
      ["", "s", "peer/ours"],
      Object.entries(times).map(([name, { median: seconds }]) => [
        name,
        seconds.toFixed(2),
        (seconds / times.spectrastain.median).toFixed(2),
      ]),
    );
  });
  say(`of ours, the decomposition: ${decompositionTime(wavenumbers).toFixed(2)} s`);
} finally {
  for (const process of [debian, told]) process?.end();
  rmSync(file, { force: true });
}
