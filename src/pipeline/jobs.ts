import { gatherCube } from "./gather-cube.js";
import { growTrees } from "./grow-trees.js";
import { judgeFold } from "./judge-fold.js";
import { makeCore } from "./make-core.js";
import { stainRows } from "./stain-rows.js";

/** What can be asked of a worker. A job is a pure function of its input, so it may be done anywhere, and again. */
export const jobs = { gatherCube, growTrees, judgeFold, makeCore, stainRows };

export type Jobs = typeof jobs;
