/**
 * The daemon sends stdout and stderr of a container as frames: one byte of which it is, three of nothing, four of length, then
 * the bytes (Engine API, "Stream format" of attach).
 */
export class LogFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The bytes of the frames that are complete with this chunk, in order. */
  take(chunk: Buffer): Buffer[] {
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const payloads: Buffer[] = [];
    while (buffer.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + buffer.readUInt32BE(LENGTH_AT);
      if (buffer.length < end) break;
      payloads.push(buffer.subarray(HEADER_BYTES, end));
      buffer = buffer.subarray(end);
    }
    this.#rest = buffer;
    return payloads;
  }
}

const HEADER_BYTES = 8;
const LENGTH_AT = 4;
