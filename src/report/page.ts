import type { Findings } from "../cube/findings.js";
import type { Assignment } from "./assignment.js";
import type { ClassStyle } from "./class-colours.js";
import type { Evidence } from "./evidence.js";
import type { Html } from "./html.js";
import type { Pictures } from "./picture.js";
import type { RunLog } from "./run-log.js";

/** What every section is made from. */
export interface Page {
  readonly findings: Evidence<Findings>;
  readonly pictures: Pictures;
  readonly assignments: readonly Assignment[];
  /** Look of the classes by name, in the order of the report. */
  readonly styles: ReadonlyMap<string, ClassStyle>;
  /** When the run was, where that is known. */
  readonly log?: RunLog;
}

/** One section of the report, without its heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}
