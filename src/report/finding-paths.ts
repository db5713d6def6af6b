import { dirname, isAbsolute, resolve } from "node:path";
import type { Findings } from "../cube/findings.js";
import { fullPath, relativePath } from "../cube/relative-path.js";

/** How the paths of cubes stand in findings and report: as their folder sees them, or from the root of the file system. */
export type Paths = "relative" | "absolute";

/** Findings with every file as the folder sees it that they are written to; the one place where paths leave for a report. */
export function writtenPaths(findings: Findings, folder: string, paths: Paths = "relative"): Findings {
  const known = [...filesOf(findings)].filter(isAbsolute);
  const plain = (text: string) => (paths === "absolute" ? text : relativeText(text, known, folder));
  const written = withFiles(findings, (file) => (paths === "absolute" ? resolve(file) : relativePath(folder, file)));
  return {
    ...written,
    failures: written.failures?.map((of) => ({ ...of, error: plain(of.error) })),
  };
}

/** Findings that were read from a folder, with every file as it is found from here. */
export function readPaths(findings: Findings, folder: string): Findings {
  return withFiles(findings, (file) => fullPath(folder, file));
}

function withFiles(findings: Findings, to: (file: string) => string): Findings {
  const moved = <T extends { readonly file: string }>(list: readonly T[] | undefined): T[] | undefined =>
    list?.map((of) => ({ ...of, file: to(of.file) }));
  const { inputs, quality, stains, failures } = findings;
  return {
    ...findings,
    inputs: moved(inputs) ?? [],
    ...(quality && { quality: moved(quality) }),
    ...(stains && { stains: moved(stains) }),
    ...(failures && { failures: moved(failures) }),
  };
}

function filesOf({ inputs, quality = [], stains = [], failures = [] }: Findings): Set<string> {
  return new Set([...inputs, ...quality, ...stains, ...failures].map(({ file }) => file));
}

/** A sentence with the files that it names, and others of their folders, as the folder sees them; the longest first. */
function relativeText(text: string, files: readonly string[], folder: string): string {
  const folders = files.map((file) => dirname(file)).filter((of) => of !== dirname(of));
  const names = [...new Set([...files, ...folders])].sort((a, b) => b.length - a.length);
  return names.reduce((said, name) => said.replaceAll(name, () => relativePath(folder, name)), text);
}
