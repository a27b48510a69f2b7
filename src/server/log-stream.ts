import { open, type FileHandle } from 'node:fs/promises';
import type { TaskLog } from '../app/tasks.ts';
import { parseRange } from './byte-range.ts';

export interface LogSection {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  /** The last bytes, instead of an offset. */
  readonly tail?: number | undefined;
  readonly follow?: boolean | undefined;
  readonly range?: string | null;
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
  const body = section.follow ? followed(log, start, length) : sliced(log.file, start, length);
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

/** Bytes of a file that is not waited for. */
function sliced(file: string, start: number, length: number): ReadableStream<Uint8Array> {
  let handle: FileHandle | undefined;
  let position = start;
  let rest = length;
  return new ReadableStream({
    async pull(controller) {
      handle ??= await openIfThere(file);
      const chunk = handle && rest > 0 ? await readChunk(handle, position, rest) : undefined;
      if (!chunk) {
        await handle?.close();
        controller.close();
        return;
      }
      position += chunk.byteLength;
      rest -= chunk.byteLength;
      controller.enqueue(chunk);
    },
    async cancel() {
      await handle?.close();
    },
  });
}

/** Bytes of a file that may still grow, and may not be there yet. */
function followed(log: TaskLog, start: number, length: number): ReadableStream<Uint8Array> {
  const left = new AbortController();
  let handle: FileHandle | undefined;
  let position = start;
  let rest = length;
  return new ReadableStream({
    async pull(controller) {
      let isLast = false;
      for (let polls = 0; !left.signal.aborted && rest > 0; polls += 1) {
        handle ??= await openIfThere(log.file);
        const chunk = handle && (await readChunk(handle, position, rest));
        if (chunk) {
          position += chunk.byteLength;
          rest -= chunk.byteLength;
          controller.enqueue(chunk);
          return;
        }
        if (isLast) break;
        // Looked at before what may have been written meanwhile is read once more.
        if (polls % CHECK_EVERY_POLLS === 0 && (await log.isComplete())) isLast = true;
        else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      await handle?.close();
      if (!left.signal.aborted) controller.close();
    },
    async cancel() {
      left.abort();
      await handle?.close();
    },
  });
}

async function readChunk(handle: FileHandle, position: number, rest: number): Promise<Uint8Array | undefined> {
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, rest));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
