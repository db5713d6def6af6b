import { existsSync } from "node:fs";
import { relative } from "node:path";
import type { Bag } from "../cube/bag.js";
import type { Cohort } from "../cube/cohort.js";
import { isHeldOut } from "../cube/split-words.js";
import type { CohortLook, CubeLook } from "../pipeline/look-over.js";
import type { Talk } from "./talk.js";

/** What `cohort` prints: what was understood, a line a cube, what is worth knowing, and what is wrong. */
export function sayCohort(look: CohortLook, say: Talk): void {
  const { counts, columns, cubes, modes, labels, classes, remarks, problems } = look;
  const line = (name: string, text: string) => say.result(`${name.padEnd(11)} ${text}`);
  const list = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  const patients = counts.patients ? `, ${counts.patients} patients` : "";
  line("cohort", `${look.file ?? "cubes by name"}: ${counts.cubes} cubes${patients}`);
  if (columns.length) line("columns", describeColumns(columns));
  line("split", `${counts.learned} learned from, ${counts.heldOut} held out`);
  if (Object.keys(modes).length) line("mode", list(modes));
  if (Object.keys(labels).length) line("label", list(labels));
  if (Object.keys(classes).length) line("annotated", `${list(classes)} pixels, in ${counts.annotated} cubes`);
  for (const [i, cube] of cubes.entries()) line(i ? "" : "cubes", describeCube(cube));
  for (const [i, remark] of remarks.entries()) line(i ? "" : "remarks", remark);
  if (!problems.length) line("look at", "nothing: all seems well");
  for (const [i, problem] of problems.entries()) line(i ? "" : "look at", problem);
}

function describeColumns(columns: CohortLook["columns"]): string {
  const known = columns.flatMap(({ as, known, header }) =>
    as !== undefined && known ? [as === header.trim() ? as : `${as} ("${header.trim()}")`] : [],
  );
  const kept = columns.flatMap(({ as, known }) => (as !== undefined && !known ? [as] : []));
  const passed = columns.filter(({ as }) => as === undefined).length;
  return [
    known.join(", "),
    ...(kept.length ? [`kept as they are: ${kept.join(", ")}`] : []),
    ...(passed ? [`passed over: ${passed} without a name`] : []),
  ].join("; ");
}

function describeCube({
  file,
  line,
  patients,
  mode,
  label,
  split,
  rows,
  cols,
  bands,
  classes,
  error,
}: CubeLook): string {
  const who = patients.length > 3 ? `${patients.length} patients` : patients.join(" ") || "no patient";
  const found = Object.entries(classes ?? {}).map(([name, pixels]) => `${name} ${pixels}`);
  const size = rows === undefined ? "not read" : `${rows} × ${cols}, ${bands} bands`;
  return [
    `${line === undefined ? "" : `line ${line}: `}${relative("", file)}`,
    who,
    ...(mode ? [mode] : []),
    ...(label ? [label] : []),
    split === "test" ? "held out" : split === "train" ? "learned from" : "split not known",
    size,
    ...(error === undefined ? [found.length ? found.join(", ") : "not annotated"] : []),
  ].join("; ");
}

/** At the head of a long command: what its cohort file says, in a few lines, and which files are not there. */
export function sayHead({ path, rows, remarks = [] }: Cohort, say: Pick<Talk, "onRemark">): void {
  if (path === undefined) return;
  const count = (values: readonly (string | undefined)[]) => {
    const counts = new Map<string, number>();
    for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const list = (of: Map<string, number>) => [...of].map(([name, times]) => `${name} ${times}`).join(", ");
  const patients = count(rows.map(({ patient }) => patient)).size;
  const heldOut = rows.filter(({ split, path: file }) => isHeldOut(split, file)).length;
  const modes = count(rows.map(({ mode }) => mode));
  const labels = count(rows.map(({ label }) => label));
  say.onRemark(
    [
      `${relative("", path)}: ${rows.length} cubes`,
      ...(patients ? [`${patients} patients`] : []),
      ...(heldOut ? [`${rows.length - heldOut} to learn from, ${heldOut} held out`] : []),
      ...(modes.size ? [`mode ${list(modes)}`] : []),
      ...(labels.size ? [`label ${list(labels)}`] : []),
    ].join("; "),
  );
  for (const remark of remarks) say.onRemark(remark);
  const missing = rows.filter(({ path: file }) => !existsSync(file));
  if (!missing.length) return;
  const some = missing.slice(0, 5).map(({ path: file }) => relative("", file));
  say.onRemark(
    `${missing.length} of ${rows.length} files are not there: ${some.join(", ")}${missing.length > 5 ? " …" : ""}`,
  );
}

/** The same of bags, at the head of a training. */
export function sayBags(bags: readonly Bag[], say: Pick<Talk, "onRemark">): void {
  const labels = new Map<string, number>();
  for (const { label } of bags) labels.set(label ?? "no label", (labels.get(label ?? "no label") ?? 0) + 1);
  const patients = new Set(bags.map(({ patient }) => patient)).size;
  say.onRemark(
    `${bags.length} bags; ${patients} patients; label ${[...labels].map(([name, times]) => `${name} ${times}`).join(", ")}`,
  );
}
