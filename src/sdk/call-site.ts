import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where in the user's code something was written. */
export interface CallSite {
  /** Absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Frames of the SDK between a user's call and the capture. */
const MAX_FRAMES = 16;
const SOURCE_FOLDER = dirname(dirname(fileURLToPath(import.meta.url))) + sep;

/** Remembers the stack; reading a place from it costs more than remembering and happens only when there is something to say. */
export class Place {
  readonly #error: { stack?: string } = {};

  constructor() {
    const before = Error.stackTraceLimit;
    Error.stackTraceLimit = MAX_FRAMES;
    Error.captureStackTrace(this.#error, Place);
    Error.stackTraceLimit = before;
  }

  /** The innermost frame that is neither ours nor Node's; absent when the stack has none. */
  get callSite(): CallSite | undefined {
    for (const frame of (this.#error.stack ?? '').split('\n').slice(1)) {
      const match = /(file:\/\/[^\s)]+|\/[^\s)]+|[A-Za-z]:\\[^)]+?):(\d+):\d+\)?$/.exec(frame);
      if (match === null) continue;
      const file = match[1]!.startsWith('file:') ? fileURLToPath(match[1]!.replace(/\?.*$/, '')) : match[1]!;
      if (file.startsWith(SOURCE_FOLDER) && !file.endsWith('.test.ts')) continue;
      return { file, line: Number(match[2]) };
    }
    return undefined;
  }
}
