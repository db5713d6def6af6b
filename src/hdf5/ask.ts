import { errorOfFile, messageOf, SpectraError } from "../cube/errors.js";
import { foreignFile } from "./foreign-file.js";
import { instances } from "./instance.js";
import { anotherLibrary, borrowLibrary, type Library } from "./library.js";
import { TookTooLong, watched } from "./watched.js";

/** The library answers within milliseconds. Several questions that hang one after the other are still told within two seconds. */
const PATIENCE = 400;
/** A large honest file has more to look through: a millisecond more for so many bytes, up to MOST_PATIENCE. */
const BYTES_A_MS = 1000;
const MOST_PATIENCE = 30_000;
/** The slowest filters bring back so many bytes a millisecond, and hardly a file is packed better than so many times. */
const FILTERED_A_MS = 25_000;
const PACKED = 100;
/** On a busy machine, or a slow disk, an answer is waited for up to so many times as long, as long as less than this share was computed. */
const MOST_WAITING = 64;
const COMPUTED = 0.4;

/** A file that is open in the library. */
export interface Asked {
  /**
   * Ask the library something about the file, for which it brings back `bytes` of values at the most, out of files that have `size` bytes
   * together: those of this file if not given. What makes it stumble is told with the file's name, now and whenever it is asked again.
   */
  ask<T>(question: (library: Library, id: bigint) => T, bytes?: number, size?: number): T;
  close(): void;
}

/**
 * Open a file of so many bytes in a library of its own, with the first question. The library trusts what stands in a file: a damaged one can send it round in a
 * circle, or outside its memory. So nobody waits for it longer than is sensible, and what happens to it happens to this file only. It reads
 * no file outside of `folders`, where they are given.
 */
export async function openAsked(place: string, size: number, folders?: readonly string[]): Promise<Asked> {
  const make = await instances();
  let library: Library | undefined = await borrowLibrary();
  let id = -1n;
  let fault: Error | undefined;

  const giveBack = (state: "sound" | "doubtful") => {
    library?.giveBack(state);
    library = undefined;
  };

  const open = ({ module, complaint, confine }: Library): void => {
    confine(folders);
    id = module.open(place, module.H5F_ACC_RDONLY, false);
    if (id < 0n) throw refusal(place, complaint());
  };

  const ask = <T>(question: (library: Library, id: bigint) => T, bytes = 0, from = size): T => {
    if (fault) throw fault;
    if (!library) throw new Error(`${place} is closed`);
    const patience =
      PATIENCE + Math.min(MOST_PATIENCE, from / BYTES_A_MS) + Math.min(bytes, from * PACKED) / FILTERED_A_MS;
    for (let times = 1; ; times *= 2) {
      try {
        library ??= anotherLibrary(make);
        const asked = library;
        const work = () => {
          asked.complaint();
          if (id < 0n) open(asked);
          return question(asked, id);
        };
        return watched(place, work, patience * times);
      } catch (thrown) {
        // Errors of ours leave the library as it should be.
        if (thrown instanceof SpectraError && id >= 0n) throw thrown;
        const told = faultOf(place, thrown, library);
        // What h5wasm or the system says is an answer; behind a trap, or cut off, the library is in no state to be asked again.
        const answered = thrown instanceof SpectraError || thrown?.constructor === Error;
        giveBack(answered ? "sound" : "doubtful");
        const waited = thrown instanceof TookTooLong && thrown.computed < COMPUTED * patience;
        if (!waited || times > MOST_WAITING) {
          fault = told;
          throw told;
        }
        id = -1n;
      }
    }
  };
  return {
    ask,
    close() {
      giveBack("sound");
    },
  };
}

/** What was thrown while the library was asked, with the file's name. */
function faultOf(place: string, thrown: unknown, library: Library | undefined): SpectraError {
  if (thrown instanceof SpectraError) return thrown;
  const cause = { cause: thrown };
  if (thrown instanceof TookTooLong) {
    const message = `${place} is damaged: the HDF5 library gives ${messageOf(thrown)}; copy it again from its source`;
    return new SpectraError("format", place, message, cause);
  }
  const { code } = thrown as NodeJS.ErrnoException;
  // No handles left is a fault of the machine; a file that may not be read is one of the file.
  if (code) return errorOfFile(place, thrown);
  const known = /^error - name not defined!$/.test(messageOf(thrown)) ? "" : messageOf(thrown);
  const reason = library?.complaint() || known || "no reason given";
  return new SpectraError("format", place, `${place} is damaged: ${reason}; copy it again from its source`, cause);
}

export function refusal(place: string, complaint: string): SpectraError {
  if (/signature not found/.test(complaint)) {
    return foreignFile(place);
  }
  if (/truncated/.test(complaint)) {
    return new SpectraError("format", place, `${place} is cut short (${complaint}); copy it again from its source`);
  }
  return new SpectraError("format", place, `${place} cannot be opened: ${complaint || "no reason given"}`);
}
