import { workerData } from "node:worker_threads";
import { type Jobs, jobs } from "./jobs.js";
import { serveJobs } from "./serve-jobs.js";

// Loaded while the main thread opens the first file; whatever goes wrong is met by the job itself.
const { expected } = (workerData ?? {}) as { expected?: keyof Jobs };
if (expected) jobs[expected]().catch(() => undefined);

serveJobs(jobs);
