import { BLOCK_BYTES, LogBlocks } from './log-blocks.ts';
import { followLog, readLog, type LogAddress } from './log-source.ts';

const RETRY_MS = 1_000;

/**
 * Owns: reading one log for as long as it is looked at. It opens at the end, fetches the blocks that come into view, and follows the log
 * while the attempt runs. Tells its listeners, at most once a frame, that there is more to show.
 * I1 A block is asked for once at a time.
 */
export class LogReader {
  readonly blocks = new LogBlocks();
  readonly #address: LogAddress;
  readonly #stop = new AbortController();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #frame = 0;
  #status: 'opening' | 'open' | 'following' | 'failed' = 'opening';
  #error: Error | undefined;

  constructor(address: LogAddress) {
    this.#address = address;
  }

  get status(): 'opening' | 'open' | 'following' | 'failed' {
    return this.#status;
  }

  get error(): Error | undefined {
    return this.#error;
  }

  get version(): number {
    return this.#version;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** `at`: a place in the log that is wanted first instead of the end. */
  async open({ isLive, at }: { readonly isLive: boolean; readonly at?: number | undefined }): Promise<void> {
    try {
      // The last block is rounded up, so that it is whole wherever the log ends.
      const { bytes, offset, size } = await readLog(this.#address, { tail: 2 * BLOCK_BYTES }, this.#stop.signal);
      this.blocks.grow(size);
      for (let block = this.blocks.blockOf(size - 1); size > 0 && block >= 0; block -= 1) {
        const range = this.blocks.rangeOf(block);
        if (range.offset < offset) break;
        this.blocks.put(block, bytes.subarray(range.offset - offset, range.offset - offset + range.limit));
      }
      if (at !== undefined && size > 0) await this.#load(this.blocks.blockOf(at));
      this.#set('open');
      if (isLive) void this.#follow();
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): void {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
  }

  /** These rows are looked at. */
  want(fromRow: number, toRow: number): void {
    for (const block of this.blocks.missing(fromRow, toRow)) void this.#load(block).catch((error: unknown) => this.#fail(error));
  }

  async #load(block: number): Promise<void> {
    if (this.#asked.has(block) || this.blocks.isLoaded(block)) return;
    this.#asked.add(block);
    try {
      const { bytes } = await readLog(this.#address, this.blocks.rangeOf(block), this.#stop.signal);
      this.blocks.put(block, bytes);
      this.#tell();
    } finally {
      this.#asked.delete(block);
    }
  }

  async #follow(): Promise<void> {
    this.#set('following');
    const take = (bytes: Uint8Array) => {
      this.blocks.append(bytes);
      this.#tell();
    };
    while (!this.#stop.signal.aborted) {
      try {
        await followLog(this.#address, this.blocks.size, take, this.#stop.signal);
        break;
      } catch {
        // The connection was lost; what was read so far stays, and the rest is asked for again.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#set('open');
  }

  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#error = error instanceof Error ? error : new Error(String(error));
    this.#set('failed');
  }

  #set(status: LogReader['status']): void {
    if (this.#stop.signal.aborted) return;
    this.#status = status;
    this.#tell();
  }

  #tell(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}
