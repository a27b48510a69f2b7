import type { IncomingMessage } from 'node:http';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DockerError, type DockerApi } from '../../docker/docker-api.ts';
import { LogFrames } from '../../docker/log-frames.ts';
import { Follower } from './follower.ts';

/** Takes what a container prints, from its beginning; knows itself what it has already. Never throws. */
export interface LogSink {
  write(payloads: readonly Buffer[]): Promise<void>;
  close(): Promise<void>;
  /** Why it could not be written, if it could not. */
  problem(): Error | undefined;
}

/**
 * Copies what a container prints into a log until the container ends. The daemon keeps all of it in one order, so what the log
 * has already (from an earlier engine, or before the daemon went away) is as many bytes to leave out: no line is lost or doubled.
 * Throws DockerError. The answer says what is wrong with the log, if anything is: that ends no step.
 */
export async function followLog(
  api: DockerApi,
  containerId: string,
  { log, signal }: { readonly log: LogSink; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const path = `/containers/${containerId}/logs`;
  const response = await api.open('GET', path, { query: { stdout: true, stderr: true, follow: true }, signal });
  // Waits for the daemon as long as it takes: a step may print nothing for days.
  response.socket.setKeepAlive(true);
  let complaint: string | undefined;
  using follower = new Follower(response);
  if (!isDocker(response)) void follower.leaveAfter(() => api.open('POST', `/containers/${containerId}/wait`, { signal }));
  try {
    const copied = await copyFrames(response, log, { isLeft: () => follower.hasLeft });
    complaint = copied.complaint ?? (await copyMissed((query) => api.open('GET', path, { query, signal }), log, copied));
  } catch (cause) {
    if (cause instanceof DockerError) throw cause;
    throw new DockerError(0, `the connection to the Docker daemon broke: ${(cause as Error).message}`, { cause });
  } finally {
    await log.close();
  }
  const problem = log.problem();
  if (problem) return `the log cannot be written: ${problem.message}`;
  return complaint && `the log is incomplete, since the Docker daemon cannot read what it kept of the output: ${complaint}`;
}

/** What of a container's output has been copied: from its beginning, so many bytes, up to this frame. */
interface Copied {
  readonly bytes: number;
  readonly last: Buffer | undefined;
  /** Of the daemon's own, about what it cannot give. */
  readonly complaint: string | undefined;
}

/** Gives the log every frame of a response but the first `skip` bytes. */
async function copyFrames(
  response: IncomingMessage,
  log: Pick<LogSink, 'write'>,
  { skip = 0, isLeft = () => false }: { readonly skip?: number; readonly isLeft?: () => boolean } = {},
): Promise<Copied> {
  // Podman cuts lines elsewhere, and loses nothing.
  const frames = new LogFrames({ losesLineEnds: isDocker(response) });
  let bytes = 0;
  let last: Buffer | undefined;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const payloads = frames.take(chunk);
      const fresh: Buffer[] = [];
      for (const payload of payloads) {
        const begin = Math.max(0, skip - bytes);
        bytes += payload.length;
        if (begin < payload.length) fresh.push(payload.subarray(begin));
      }
      last = payloads.at(-1) ?? last;
      await log.write(fresh);
    }
  } catch (error) {
    if (!isLeft()) throw error;
  }
  return { bytes, last, complaint: frames.complaint };
}

const isDocker = ({ headers }: IncomingMessage): boolean => String(headers.server).startsWith('Docker/');

/**
 * Who follows a container's output may miss the end of it: Docker (seen with 20.10) stops when the container does, whether all has
 * been sent or not. The last frame tells; if it is another one, all is asked for once more. The answer is what the daemon complains of.
 */
async function copyMissed(
  open: (query: Readonly<Record<string, boolean | number>>) => Promise<IncomingMessage>,
  log: Pick<LogSink, 'write'>,
  copied: Copied,
): Promise<string | undefined> {
  const both = { stdout: true, stderr: true };
  const { last, complaint } = await copyFrames(await open({ ...both, tail: 1 }), { write: async () => {} });
  if (last === undefined || (copied.last && last.equals(copied.last))) return complaint;
  return (await copyFrames(await open(both), log, { skip: copied.bytes })).complaint;
}

/** A file that is made when the first byte comes, and that begins where it ended before. */
export class AppendedLog implements LogSink {
  readonly #file: string;
  #handle: FileHandle | undefined;
  #skip = 0;
  #error: Error | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async write(payloads: readonly Buffer[]): Promise<void> {
    if (this.#error || payloads.length === 0) return;
    try {
      const handle = (this.#handle ??= await this.#open());
      const bytes = payloads.length === 1 ? payloads[0]! : Buffer.concat(payloads);
      const skipped = Math.min(this.#skip, bytes.length);
      this.#skip -= skipped;
      if (skipped < bytes.length) await handle.appendFile(bytes.subarray(skipped));
    } catch (error) {
      this.#error = error as Error;
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  problem(): Error | undefined {
    return this.#error;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#file), { recursive: true });
    const handle = await open(this.#file, 'a', 0o600);
    this.#skip = (await handle.stat()).size;
    return handle;
  }
}
