import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DockerError, type DockerApi } from '../../docker/docker-api.ts';
import { LogFrames } from '../../docker/log-frames.ts';

/**
 * Copies what a container prints into a file until the container ends. The daemon keeps all of it in one order, so what the file
 * has already (from an earlier engine, or before the daemon went away) is as many bytes to leave out: no line is lost or doubled.
 * Throws DockerError. The answer is why the file could not be written, if it could not: that ends no step.
 */
export async function followLog(
  api: DockerApi,
  containerId: string,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<Error | undefined> {
  const response = await api.open('GET', `/containers/${containerId}/logs`, {
    query: { stdout: true, stderr: true, follow: true },
    signal,
  });
  // Waits for the daemon as long as it takes: a step may print nothing for days.
  response.socket.setKeepAlive(true);
  const log = new AppendedLog(file);
  const frames = new LogFrames();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) await log.write(frames.take(chunk));
  } catch (cause) {
    throw new DockerError(0, `the connection to the Docker daemon broke: ${(cause as Error).message}`, { cause });
  } finally {
    await log.close();
  }
  return log.error;
}

/** A file that is made when the first byte comes, and that begins where it ended before. */
class AppendedLog {
  readonly #file: string;
  #handle: FileHandle | undefined;
  #skip = 0;
  error: Error | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async write(payloads: readonly Buffer[]): Promise<void> {
    if (this.error || payloads.length === 0) return;
    try {
      const handle = (this.#handle ??= await this.#open());
      const bytes = payloads.length === 1 ? payloads[0]! : Buffer.concat(payloads);
      const skipped = Math.min(this.#skip, bytes.length);
      this.#skip -= skipped;
      if (skipped < bytes.length) await handle.appendFile(bytes.subarray(skipped));
    } catch (error) {
      this.error = error as Error;
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#file), { recursive: true });
    const handle = await open(this.#file, 'a', 0o600);
    this.#skip = (await handle.stat()).size;
    return handle;
  }
}
