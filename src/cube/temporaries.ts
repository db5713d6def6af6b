import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** A file of one process: what is to be renamed when it is whole ("tmp"), rows that are done ("part"), that a run is there ("run"). */
export type TemporaryKind = "tmp" | "part" | "run";

/** The name of a temporary file, taken apart. */
interface Temporary {
  readonly path: string;
  /** The name of the file that it is for, shortened as in `slug`. */
  readonly of: string;
  readonly host: string;
  readonly pid: number;
  readonly start: string;
  readonly kind: TemporaryKind;
}

/** Milliseconds after which a file of another host counts as left behind. "tmp" is touched by nothing but its writing. */
const STALE: Readonly<Record<TemporaryKind, number>> = { part: 15 * 60_000, run: 15 * 60_000, tmp: 24 * 3600_000 };
/** Milliseconds from one touch to the next of the files that are kept fresh. */
const BEAT = 60_000;

const hex = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** This machine, and where processes are numbered anew in containers, this container. */
const host = hex(`${hostname()} ${quietly(() => readlinkSync("/proc/self/ns/pid"))}`);

/**
 * When a process began, as the system counts it: a number that is used again is another process. Empty where it is not known, "ended" for
 * a process that has ended and that nobody has asked after.
 */
function startOf(pid: number | "self"): string {
  const line = quietly(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // Behind the name of the program, which stands in brackets and may hold blanks.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? "ended" : (fields[19] ?? "");
}

const ownStart = startOf("self");

function quietly(act: () => string): string {
  try {
    return act();
  } catch {
    return "";
  }
}

/** A name cut to what leaves room for the rest; what was cut off is told apart by its hash. */
function slug(name: string): string {
  if (Buffer.byteLength(name) <= 100) return name;
  return `${name.slice(0, 20)}~${hex(name)}`;
}

/** `.NAME.HOST-PID-START-LOT.spectrastain-KIND`: hidden, ours, and by whom. */
function nameFor(name: string, kind: TemporaryKind): string {
  const lot = randomBytes(6).toString("hex");
  return `.${slug(name)}.${host}-${process.pid}-${ownStart || "0"}-${lot}.spectrastain-${kind}`;
}

/** Make an empty file that nobody else has, for what will be `name` in this folder. A link that was planted is not followed. */
export function makeTemporary(folder: string, name: string, kind: TemporaryKind = "tmp"): string {
  const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW = 0 } = constants;
  const path = join(folder, nameFor(name, kind));
  closeSync(openSync(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, 0o666));
  return path;
}

const pattern = /^\.(.+)\.([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{12}\.spectrastain-(tmp|part|run)$/s;

/** The temporary files of this program in a folder: known by their names, and files, not links. */
function temporariesIn(folder: string): Temporary[] {
  return readdirSync(folder).flatMap((file): Temporary[] => {
    const [, of, from, pid, start, kind] = pattern.exec(file) ?? [];
    const path = join(folder, file);
    if (of === undefined || !lstatSync(path, { throwIfNoEntry: false })?.isFile()) return [];
    return [{ path, of, host: from, pid: Number(pid), start, kind: kind as TemporaryKind }];
  });
}

/**
 * The temporary files in a folder whose processes have ended; those for one name, or of one kind, where these are given. Of a process
 * on another host nothing is known but how long its file has not been touched; "now" is a moment ago on the clock of that disk.
 */
export function leftBehind(folder: string, { of, kind }: { of?: string; kind?: TemporaryKind } = {}): string[] {
  const wanted = temporariesIn(folder).filter(
    (file) => (of === undefined || file.of === slug(of)) && (kind === undefined || file.kind === kind),
  );
  if (!wanted.length) return [];
  let now: number | undefined;
  const clock = () => {
    const probe = makeTemporary(folder, "clock");
    const { mtimeMs } = lstatSync(probe);
    rmSync(probe, { force: true });
    return mtimeMs;
  };
  return wanted
    .filter((file) => {
      if (file.host === host) return !isRunning(file);
      const touched = lstatSync(file.path, { throwIfNoEntry: false })?.mtimeMs;
      now ??= clock();
      return touched !== undefined && now - touched > STALE[file.kind];
    })
    .map(({ path }) => path);
}

function isRunning({ pid, start }: Temporary): boolean {
  if (pid === process.pid) return start === (ownStart || "0");
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const began = startOf(pid);
  return began === "" || start === "0" || began === start;
}

/** Files of one kind and name in a folder whose processes run, for all that is known. */
export function alive(folder: string, of: string, kind: TemporaryKind): { path: string; pid: number }[] {
  const dead = new Set(leftBehind(folder, { of, kind }));
  return temporariesIn(folder).filter((file) => file.of === of && file.kind === kind && !dead.has(file.path));
}

/** Touch a file every minute, by writing its first byte again, so that other hosts see that its process runs. Gives what ends it. */
export function keepFresh(descriptor: number): () => void {
  const first = Buffer.alloc(1);
  const beat = setInterval(() => {
    try {
      if (readSync(descriptor, first, 0, 1, 0)) writeSync(descriptor, first, 0, 1, 0);
    } catch {
      // The next write of the run meets the same, and tells of it.
    }
  }, BEAT).unref();
  return () => clearInterval(beat);
}

/** Remove what runs that were killed have left in a folder, and give how many files that were. */
export function sweep(folder: string, kind?: TemporaryKind): number {
  const left = leftBehind(folder, { kind });
  for (const path of left) rmSync(path, { force: true });
  return left.length;
}
