/**
 * The daemon sends stdout and stderr of a container as frames: one byte of which it is, three of nothing, four of length, then
 * the bytes (Engine API, "Stream format" of attach). In a third stream Docker says itself that it cannot read what it has kept.
 */
export class LogFrames {
  readonly #losesLineEnds: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #complaint: string | undefined;
  /** The streams whose last frame was the end of a long line, without its line end. */
  readonly #unended = new Set<number>();

  /**
   * `losesLineEnds`: of lines longer than PIECE_BYTES. Docker keeps such a line in pieces, and its driver `local` (seen with 20.10)
   * forgets the line end after the last one, which is put back when the stream goes on. A line of exactly so many pieces cannot be
   * told from one that goes on. Default: false.
   */
  constructor({ losesLineEnds = false }: { readonly losesLineEnds?: boolean } = {}) {
    this.#losesLineEnds = losesLineEnds;
  }

  /** What the daemon said last of its own, if anything: the container has not printed it. */
  get complaint(): string | undefined {
    return this.#complaint;
  }

  /** The bytes of the frames that are complete with this chunk, in order. */
  take(chunk: Buffer): Buffer[] {
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const payloads: Buffer[] = [];
    while (buffer.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + buffer.readUInt32BE(LENGTH_AT);
      if (buffer.length < end) break;
      const payload = buffer.subarray(HEADER_BYTES, end);
      const stream = buffer[0]!;
      buffer = buffer.subarray(end);
      if (stream === DAEMONS_OWN) {
        this.#complaint = payload.toString().trim();
        continue;
      }
      if (this.#losesLineEnds && payload.length > 0) this.#mendLine(stream, payload, payloads);
      payloads.push(payload);
    }
    this.#rest = buffer;
    return payloads;
  }

  #mendLine(stream: number, payload: Buffer, payloads: Buffer[]): void {
    if (this.#unended.delete(stream)) payloads.push(LINE_END);
    if (payload.length < PIECE_BYTES && payload.at(-1) !== LINE_END[0]) this.#unended.add(stream);
  }
}

/** moby's stdcopy: Systemerr */
const DAEMONS_OWN = 3;
const HEADER_BYTES = 8;
const LENGTH_AT = 4;
const PIECE_BYTES = 16 * 1024;
const LINE_END = Buffer.from('\n');
