/**
 * The log of a step that has more containers than its own: their lines are in it too, each with the container's name before it.
 *
 * Owns the log file and, beside it, how many bytes of each container are in it.
 * I1. No line is lost or doubled: what was written without being counted (an engine was killed in between) is cut off and written
 *     again, since the daemon keeps all of it.
 * I2. The step's own output is written as it comes, byte for byte; other lines wait until it is at the beginning of a line.
 */
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogSink } from './follow-log.ts';

interface Counted {
  /** Bytes of the log file that are accounted for. */
  readonly size: number;
  readonly isLineOpen: boolean;
  /** Bytes of what each container printed; "" is the step's own. */
  readonly taken: Readonly<Record<string, number>>;
}

interface Line {
  readonly source: string;
  readonly rawBytes: number;
  readonly text: Buffer;
}

const NOTHING: Counted = { size: 0, isLineOpen: false, taken: {} };
const OWN = '';
/** A longer line is broken. */
const MAX_LINE_BYTES = 64 * 1024;
/** Lines that wait for the step's own line to end; more break it. */
const MAX_WAITING = 1000;

export class PodLog {
  readonly #file: string;
  readonly #countFile: string;
  #counted: Counted = NOTHING;
  #handles: { readonly log: FileHandle; readonly count: FileHandle } | undefined;
  /** Characters of the longest count. */
  #longest = 0;
  #queue: Promise<void> = Promise.resolve();
  #waiting: Line[] = [];
  /** Bytes of each container that are counted or wait to be. */
  readonly #seen = new Map<string, number>();
  #isClosed = false;
  error: Error | undefined;

  constructor({ file, countFile }: { readonly file: string; readonly countFile: string }) {
    this.#file = file;
    this.#countFile = countFile;
  }

  /** For what the step's own container prints. */
  own(): LogSink {
    let skip: number | undefined;
    return this.#sink(
      async (bytes) => {
        skip ??= this.#seen.get(OWN) ?? 0;
        const skipped = Math.min(skip, bytes.length);
        skip -= skipped;
        if (skipped === bytes.length) return;
        const fresh = bytes.subarray(skipped);
        this.#see(OWN, fresh.length);
        await this.#append([{ source: OWN, rawBytes: fresh.length, text: fresh }]);
        if (!this.#counted.isLineOpen) await this.#flush();
      },
      () => this.#flush(),
    );
  }

  /** For what a container beside it prints: whole lines, after its name. */
  named(name: string): LogSink {
    let skip: number | undefined;
    let rest: Buffer = Buffer.alloc(0);
    const prefix = Buffer.from(`[${name}] `);
    const take = (upTo: number, end: Buffer) => {
      const line = rest.subarray(0, upTo);
      rest = rest.subarray(upTo);
      this.#see(name, upTo);
      this.#waiting.push({ source: name, rawBytes: upTo, text: Buffer.concat([prefix, line, end]) });
    };
    return this.#sink(
      async (bytes) => {
        skip ??= this.#seen.get(name) ?? 0;
        const skipped = Math.min(skip, bytes.length);
        skip -= skipped;
        rest = Buffer.concat([rest, bytes.subarray(skipped)]);
        for (;;) {
          const newline = rest.indexOf(NEWLINE);
          if (newline >= 0 && newline < MAX_LINE_BYTES) take(newline + 1, EMPTY);
          else if (rest.length >= MAX_LINE_BYTES) take(MAX_LINE_BYTES, LINE_END);
          else break;
        }
        if (!this.#counted.isLineOpen || this.#waiting.length > MAX_WAITING) await this.#flush();
      },
      async () => {
        if (rest.length > 0) take(rest.length, LINE_END);
        if (!this.#counted.isLineOpen) await this.#flush();
      },
    );
  }

  /** The container is made anew: it prints from the beginning. */
  async restart(name: string): Promise<void> {
    await this.#inTurn(async () => {
      this.#seen.set(name, 0);
      this.#counted = { ...this.#counted, taken: { ...this.#counted.taken, [name]: 0 } };
    });
  }

  /** Nothing is written any more. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#flush());
    this.#isClosed = true;
    await this.#handles?.log.close();
    await this.#handles?.count.close();
    this.#handles = undefined;
  }

  #sink(take: (bytes: Buffer) => Promise<void>, end: () => Promise<void>): LogSink {
    return {
      write: (payloads) =>
        payloads.length === 0
          ? Promise.resolve()
          : this.#inTurn(() => take(payloads.length === 1 ? payloads[0]! : Buffer.concat(payloads))),
      close: () => this.#inTurn(end),
      problem: () => this.error,
    };
  }

  #see(source: string, bytes: number): void {
    this.#seen.set(source, (this.#seen.get(source) ?? 0) + bytes);
  }

  /** Containers print at the same time. A log that cannot be written ends no step. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (this.error || this.#isClosed) return;
      try {
        this.#handles ??= await this.#open();
        await work();
      } catch (error) {
        this.error = error as Error;
      }
    });
    return this.#queue;
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    this.#waiting = [];
    if (this.#counted.isLineOpen) await this.#append([{ source: OWN, rawBytes: 0, text: LINE_END }]);
    await this.#append(lines);
  }

  /** First the log, then the count (I1). */
  async #append(lines: readonly Line[]): Promise<void> {
    const text = Buffer.concat(lines.map((line) => line.text));
    const taken: Record<string, number> = { ...this.#counted.taken };
    for (const { source, rawBytes } of lines) taken[source] = (taken[source] ?? 0) + rawBytes;
    await this.#handles!.log.appendFile(text);
    this.#counted = { size: this.#counted.size + text.length, isLineOpen: text.at(-1) !== NEWLINE, taken };
    // As long as any before it, so that nothing of that one is left; a kill does not cut so few bytes in two.
    const count = JSON.stringify(this.#counted);
    this.#longest = Math.max(this.#longest, count.length);
    await this.#handles!.count.write(`${count.padEnd(this.#longest)}\n`, 0);
  }

  async #open() {
    await mkdir(dirname(this.#file), { recursive: true });
    const kept = await readFile(this.#countFile, 'utf8').catch(() => undefined);
    if (kept) {
      this.#longest = kept.length - 1;
      this.#counted = JSON.parse(kept) as Counted;
      for (const [source, bytes] of Object.entries(this.#counted.taken)) this.#seen.set(source, bytes);
    }
    const log = await open(this.#file, 'a', 0o600);
    if ((await log.stat()).size > this.#counted.size) await log.truncate(this.#counted.size);
    return { log, count: await open(this.#countFile, kept ? 'r+' : 'w', 0o600) };
  }
}

const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);
const LINE_END = Buffer.from('\n');
