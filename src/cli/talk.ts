import { Presets, SingleBar } from "cli-progress";
import { plainText } from "../cube/plain-text.js";
import type { ProgressEvent } from "../pipeline/progress.js";
import type { CommonOptions } from "./common.js";
import { sayAside, sayJson, sayLine } from "./say.js";

/** How a command speaks: talk goes to stderr, results to stdout. */
export interface Talk {
  readonly onProgress: (event: ProgressEvent) => void;
  readonly onRemark: (text: string) => void;
  readonly onTime: (what: string, seconds: number) => void;
  /** What was timed so far. */
  readonly seconds: Readonly<Record<string, number>>;
  /** What went wrong with one file; with --quiet, too. */
  readonly failed: (file: string, error: string) => void;
  /** A line of the result; with --json or --quiet lines are left out. */
  readonly result: (line: string) => void;
  /** The whole result as data; printed with --json. */
  readonly data: (value: unknown) => void;
  /** Take the progress bar off the terminal. */
  readonly end: () => void;
}

/** Seconds between progress lines where there is no terminal. */
const LINE_EVERY = 10;

export function talk({ json, quiet }: Pick<CommonOptions, "json" | "quiet">): Talk {
  let bar: SingleBar | undefined;
  let stage = "";
  // When the stage was first heard of, and how much of it was done by then: the rate is that of what followed.
  let started = 0;
  let before = 0;
  let spoken = 0;
  const times = new Map<string, number>();
  const end = () => {
    bar?.stop();
    bar = undefined;
    stage = "";
  };

  function onTerminal({ stage: name, done, total, unit, bytesEach }: ProgressEvent): void {
    if (name !== stage) {
      end();
      stage = name;
      started = performance.now();
      before = done;
      bar = new SingleBar(
        {
          format: "{stage} {bar} {percentage}% | {value}/{total} {unit} | {rate} | {eta_formatted} left",
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: false,
        },
        Presets.shades_classic,
      );
      bar.start(total, 0, { stage: plainText(name).padEnd(24), unit, rate: "" });
    }
    const seconds = (performance.now() - started) / 1000;
    bar!.setTotal(total);
    bar!.update(done, { rate: seconds > 0.2 ? rateOf((done - before) / seconds, unit, bytesEach) : "" });
  }

  function inLines({ stage: name, done, total, unit, bytesEach }: ProgressEvent): void {
    const now = performance.now();
    if (name !== stage) {
      stage = name;
      started = now;
      before = done;
      spoken = 0;
    }
    if (done < total && now - spoken < LINE_EVERY * 1000) return;
    spoken = now;
    const seconds = (now - started) / 1000;
    const rate = seconds > 0.2 ? `, ${rateOf((done - before) / seconds, unit, bytesEach)}` : "";
    const left =
      done > before && done < total ? `, ${Math.ceil((seconds * (total - done)) / (done - before))} s left` : "";
    sayAside(`${name}: ${done}/${total} ${unit}${rate}${left}`);
  }

  return {
    onProgress: quiet ? () => undefined : process.stderr.isTTY ? onTerminal : inLines,
    onRemark: (text) => {
      if (quiet) return;
      end();
      sayAside(`note: ${text}`);
    },
    onTime: (what, seconds) => times.set(what, seconds),
    get seconds() {
      return Object.fromEntries(times);
    },
    failed: (file, error) => sayAside(`failed: ${file}: ${error}`),
    result: (line) => {
      if (!json && !quiet) sayLine(line);
    },
    data: (value) => {
      if (json) sayJson(value);
    },
    end,
  };
}

/** Such as "231 k spectra/s, 625 MB/s". */
function rateOf(perSecond: number, unit: string, bytesEach: number | undefined): string {
  const stream = bytesEach ? `, ${((perSecond * bytesEach) / 1e6).toFixed(0)} MB/s` : "";
  return `${thousands(perSecond)} ${unit}/s${stream}`;
}

function thousands(rate: number): string {
  return rate >= 10_000 ? `${(rate / 1000).toFixed(0)} k` : rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
}
