import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { definePipeline, simulateCohort } from "../dist/index.js";

/** Where the cubes and models of the benches are kept, to be used again; several GB, to be deleted by hand. */
export const folder = join(tmpdir(), "spectrastain-bench");
mkdirSync(folder, { recursive: true });
export const inFolder = (name) => join(folder, name);

/** The default steps with another baseline; no pixel is left out for its distance or its probability, which the peer does not know. */
export function pipelineWith(baseline, trees) {
  const pipeline = {
    name: "bench",
    steps: [
      { correct: "quality", params: { minimumMean: 0.05, saturated: 2.5 } },
      { correct: "keep", params: { ranges: [[900, 1800]] } },
      { correct: baseline },
      { normalise: "vector" },
    ],
    reduce: { components: 20, outside: 0 },
    classify: { trees },
    stain: { threshold: 0 },
  };
  definePipeline(pipeline);
  return pipeline;
}

/** Make a file unless an earlier run has made it; `make` writes it under another name, so that half of one is never taken for it. */
export async function once(name, make) {
  const path = inFolder(name);
  if (!existsSync(path)) {
    const unfinished = `${path}.tmp`;
    await make(unfinished);
    renameSync(unfinished, path);
  }
  return path;
}

/** An axis from 900 to 1800 cm-1. */
const axisOf = (bands) => {
  const step = 900 / (bands - 1);
  return { modes: ["HD"], start: 900, stop: 900 + step * (bands - 0.5), step };
};

/** A simulated cube of size × size × bands, stored in one of three ways by the peer. */
export async function makeCube(peer, size, bands, layout) {
  return once(`${size}-${bands}-${layout}.h5`, async (out) => {
    // The simulation makes edges that are a multiple of 5.
    const edge = Math.ceil(size / 5) * 5;
    const source = inFolder(`source-${size}-${bands}`);
    const { cubes } = await simulateCohort(source, { ...axisOf(bands), patients: 1, size: edge, seed: 1 });
    await peer.ask({ verb: "layout", source: cubes[0], out, size, layout });
  });
}

/** A forest that scikit-learn fitted on hard, simulated tissue, for both sides. */
export async function makeModel(peer, bands, baseline, trees, depth) {
  const name = `model-${bands}-${baseline}-${trees}-${depth ?? "full"}`;
  const fitted = inFolder(`${name}.pickle`);
  const about = inFolder(`${name}.json`);
  const model = await once(`${name}.h5`, async (out) => {
    const known = { ...axisOf(bands), patients: 12, size: 120, labelled: 0.5, difficulty: 1, seed: 2 };
    const { cubes } = await simulateCohort(inFolder(`known-${bands}`), known);
    const pipeline = inFolder(`${name}.pipeline.json`);
    const steps = baseline === "two-point" ? "baseline-two-point" : "baseline-rubberband";
    writeFileSync(pipeline, JSON.stringify(pipelineWith(steps, trees)));
    const how = { cubes, pipeline, baseline, trees, depth, model: out, fitted };
    writeFileSync(about, JSON.stringify(await peer.ask({ verb: "fit", ...how })));
    rmSync(pipeline);
  });
  return { model, fitted, about };
}
