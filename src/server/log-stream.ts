import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { TaskLog } from '../app/tasks.ts';
import type { Caller } from './auth/caller.ts';
import { whileSignedIn } from './auth/while-signed-in.ts';
import { parseRange } from './byte-range.ts';

export interface LogSection {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  /** The last bytes, instead of an offset. */
  readonly tail?: number | undefined;
  readonly follow?: boolean | undefined;
  readonly range?: string | null;
  /** Ends what is followed. */
  readonly leaving?: AbortSignal | undefined;
  /** Who follows, for as long as they are signed in. */
  readonly caller?: Caller | undefined;
}

const CHUNK_BYTES = 256 * 1024;
/** How soon what a step prints is seen by those who follow it. */
const POLL_MS = 100;
/** How often a log that does not grow is checked for its end. */
const CHECK_EVERY_POLLS = 5;

/**
 * A section of a log as a response; `X-Log-Offset` and `X-Log-Size` say where it lies. With `follow` the response goes on as the log
 * grows, until the attempt has ended. A log that was never written is empty.
 */
export async function logReply(log: TaskLog, section: LogSection): Promise<Response> {
  const size = await sizeOf(log.file);
  const range = section.follow ? undefined : parseRange(section.range ?? null, size);
  if (range === 'unsatisfiable') return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  const start = range?.start ?? startOf(section, size);
  const wanted = range ? range.end - range.start + 1 : (section.limit ?? Number.POSITIVE_INFINITY);
  const length = section.follow ? wanted : Math.max(0, Math.min(wanted, size - start));
  const headers: Record<string, string> = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'accept-ranges': 'bytes',
    'x-log-offset': String(start),
    'x-log-size': String(size),
    'x-log-attempt': String(log.attempt),
    ...(section.follow ? {} : { 'content-length': String(length) }),
    ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${size}` } : {}),
  };
  const wantedBytes = { position: start, rest: length };
  const body = streamOf((left) =>
    section.follow ? followed(log, wantedBytes, { ...section, left }) : sliced(log.file, wantedBytes),
  );
  return new Response(body, { status: range ? 206 : 200, headers });
}

function startOf({ offset, tail }: LogSection, size: number): number {
  if (tail !== undefined) return Math.max(0, size - tail);
  return Math.max(0, Math.min(offset ?? 0, size));
}

async function sizeOf(file: string): Promise<number> {
  const handle = await openIfThere(file);
  if (!handle) return 0;
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

interface WantedBytes {
  readonly position: number;
  readonly rest: number;
}

/** Asks for one piece after the other as the client reads; `left` aborts when the client goes. */
function streamOf(pieces: (left: AbortSignal) => AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const iterator = pieces(left.signal);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (left.signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      left.abort();
      await iterator.return(undefined);
    },
  });
}

/** Bytes of a file that is not waited for. */
async function* sliced(file: string, wanted: WantedBytes): AsyncGenerator<Uint8Array> {
  await using reader = new LogReader(file, wanted);
  for (let chunk = await reader.read(); chunk; chunk = await reader.read()) yield chunk;
}

/** Bytes of a file that may still grow, and may not be there yet. */
async function* followed(
  log: TaskLog,
  wanted: WantedBytes,
  { left, leaving, caller }: Pick<LogSection, 'leaving' | 'caller'> & { readonly left: AbortSignal },
): AsyncGenerator<Uint8Array> {
  using signedIn = caller && whileSignedIn(caller);
  const over = AbortSignal.any([left, leaving, signedIn?.signal].filter((signal) => signal !== undefined));
  await using reader = new LogReader(log.file, wanted);
  let isLast = false;
  for (let polls = 0; !over.aborted && reader.rest > 0; polls += 1) {
    const chunk = await reader.read();
    if (chunk) {
      yield chunk;
      polls = -1;
    } else if (isLast) return;
    // Asked before what may have been written meanwhile is read once more.
    else if (polls % CHECK_EVERY_POLLS === 0 && (await log.isComplete())) isLast = true;
    // Who leaves is heard at the next poll.
    else await setTimeout(POLL_MS);
  }
}

/** Reads a file piece by piece from a position on; it is opened when it is there, and closed by whoever disposes of this. */
class LogReader implements AsyncDisposable {
  readonly #file: string;
  #handle: FileHandle | undefined;
  #position: number;
  /** Bytes that are still wanted. */
  rest: number;

  constructor(file: string, { position, rest }: WantedBytes) {
    this.#file = file;
    this.#position = position;
    this.rest = rest;
  }

  /** Undefined at the end of what is wanted, or of what is there now. */
  async read(): Promise<Uint8Array | undefined> {
    if (this.rest === 0) return undefined;
    this.#handle ??= await openIfThere(this.#file);
    if (!this.#handle) return undefined;
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, this.rest));
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#position);
    this.#position += bytesRead;
    this.rest -= bytesRead;
    return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle?.close();
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
