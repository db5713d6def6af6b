/** What the system says when it refuses, in words, with the way out. */
const words: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; make room there, or name another --out, and run the same command again",
  EDQUOT: "the quota of the disk is used up; make room there, or name another --out, and run the same command again",
  EMFILE: "this process may not open more files (ulimit -n says how many); allow more, or use fewer --workers",
  ENFILE: "the system has too many files open; close some, and run the same command again",
  EACCES: "permission denied; name a place that you may write to",
  EPERM: "the system does not permit it; name a place that you may write to",
  EROFS: "the file system is read-only; name another place",
  ENAMETOOLONG: "its name is too long for this file system; give it a shorter one",
  ENOTDIR: "a part of its path is a file, not a folder; name another place",
  ELOOP: "its links go in a circle; name another place",
  EIO: "the disk reports an error; try another one",
};

/** Emscripten's numbers for the same, as the HDF5 library's file system throws them. */
const numbers: Readonly<Record<number, string>> = {
  2: "EACCES",
  19: "EDQUOT",
  29: "EIO",
  33: "EMFILE",
  41: "ENFILE",
  51: "ENOSPC",
  63: "EPERM",
  69: "EROFS",
};

/** Why the system refused a file, and the way out; what it is not known for is given as it was said. */
export function refusal(cause: unknown): string {
  const { code, errno, message } = cause as NodeJS.ErrnoException;
  return words[code ?? numbers[errno ?? 0] ?? ""] ?? (message || `the system refused (error ${errno})`);
}

/** What a machine has too little of, whichever file is asked for next. */
export function isExhausted(cause: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EMFILE", "ENFILE"].includes((cause as NodeJS.ErrnoException)?.code ?? "");
}
