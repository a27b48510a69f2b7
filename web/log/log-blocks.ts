/** Bytes that are asked for at once. */
export const BLOCK_BYTES = 256 * 1024;
/** A line is shown up to this length; the rest is in the download. */
export const MAX_LINE_BYTES = 16 * 1024;
/** Blocks that are kept: 24 MB. */
const MAX_KEPT = 96;
const GUESSED_LINE_BYTES = 90;
const NEWLINE = 10;

interface Block {
  /** From the byte before the block (if there is one) to at most MAX_LINE_BYTES behind its end. */
  readonly bytes: Uint8Array;
  readonly from: number;
  /** Where the lines begin that begin in this block, as places in the log. */
  readonly lineStarts: Float64Array;
}

export interface LogLine {
  /** Place of its first byte in the log. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Counted from 1; undefined while it is not known how many lines lie before. */
  readonly number: number | undefined;
  readonly isCut: boolean;
}

/**
 * Owns: what is known of a log of any size, in blocks of bytes. A line belongs to the block it begins in. Doesn't own: fetching.
 * I1 Rows are numbered through: blocks that are not loaded take part with a guess, so a row can be looked up at once anywhere.
 * I2 Once a block was loaded its number of lines stays known, also when its bytes have been dropped.
 */
export class LogBlocks {
  #size = 0;
  #blocks = new Map<number, Block>();
  #known = new Map<number, number>();
  #firstRows = new Float64Array(1);
  #loadedBytes = 0;
  #loadedLines = 0;

  get size(): number {
    return this.#size;
  }

  get rowCount(): number {
    return this.#firstRows.at(-1)!;
  }

  /** The log has this many bytes now. */
  grow(size: number): void {
    if (size <= this.#size) return;
    this.#size = size;
    this.#number();
  }

  /** Bytes to ask for, for a block. */
  rangeOf(block: number): { readonly offset: number; readonly limit: number } {
    const start = block * BLOCK_BYTES;
    const offset = Math.max(0, start - 1);
    return { offset, limit: Math.min(this.#size, start + BLOCK_BYTES + MAX_LINE_BYTES) - offset };
  }

  isLoaded(block: number): boolean {
    return this.#blocks.has(block);
  }

  /** Takes over the bytes of a block as `rangeOf` asked for them. `near`: a block that is looked at; those far from it are dropped. */
  put(block: number, bytes: Uint8Array, near = block): void {
    const { offset } = this.rangeOf(block);
    this.#set(block, { bytes, from: offset, lineStarts: findLines(bytes, offset, block * BLOCK_BYTES) });
    while (this.#blocks.size > MAX_KEPT) {
      const farthest = [...this.#blocks.keys()].reduce((far, one) => (Math.abs(one - near) > Math.abs(far - near) ? one : far));
      this.#blocks.delete(farthest);
    }
    this.#number();
  }

  /** Bytes that were written behind the end: they lengthen the blocks that reached up to it. */
  append(bytes: Uint8Array): void {
    const before = this.#size;
    const after = before + bytes.length;
    const last = Math.floor(Math.max(0, before - 1) / BLOCK_BYTES);
    const reachedEnd = [...this.#blocks].filter(([, { from, bytes: own }]) => from + own.length === before);
    this.#size = after;
    for (const [index, block] of reachedEnd) {
      const { offset, limit } = this.rangeOf(index);
      const more = bytes.subarray(0, offset + limit - before);
      const joined = new Uint8Array(block.bytes.length + more.length);
      joined.set(block.bytes);
      joined.set(more, block.bytes.length);
      this.#set(index, { bytes: joined, from: block.from, lineStarts: findLines(joined, block.from, index * BLOCK_BYTES) });
    }
    const isEndKnown = before === 0 || reachedEnd.some(([index]) => index === last);
    for (let index = Math.ceil(before / BLOCK_BYTES); isEndKnown && index * BLOCK_BYTES < after; index += 1) {
      // A whole new block, whose beginning came with these bytes; the byte before it may be older.
      const { offset, limit } = this.rangeOf(index);
      const own = new Uint8Array(limit);
      if (offset < before) own[0] = this.#byteAt(offset) ?? NEWLINE;
      own.set(bytes.subarray(Math.max(0, offset - before), offset + limit - before), Math.max(0, before - offset));
      this.#set(index, { bytes: own, from: offset, lineStarts: findLines(own, offset, index * BLOCK_BYTES) });
    }
    this.#number();
  }

  /** Blocks of these rows that are not loaded, the last first: a log is mostly read at its end. */
  missing(fromRow: number, toRow: number): readonly number[] {
    if (this.#size === 0) return [];
    const found: number[] = [];
    for (let block = this.#blockOfRow(toRow); block >= this.#blockOfRow(fromRow); block -= 1) {
      if (!this.#blocks.has(block)) found.push(block);
    }
    return found;
  }

  /** Undefined: its block is not loaded. */
  lineAt(row: number): LogLine | undefined {
    const index = this.#blockOfRow(row);
    const block = this.#blocks.get(index);
    const at = row - (this.#firstRows[index] ?? 0);
    const offset = block?.lineStarts[at];
    if (block === undefined || offset === undefined) return undefined;
    const begin = offset - block.from;
    let end = block.bytes.indexOf(NEWLINE, begin);
    if (end < 0) end = block.bytes.length;
    const isCut = end - begin > MAX_LINE_BYTES || (end === block.bytes.length && block.from + end < this.#size);
    const bytes = block.bytes.subarray(begin, Math.min(end, begin + MAX_LINE_BYTES));
    return { offset, bytes, number: this.#isCountedUpTo(index) ? row + 1 : undefined, isCut };
  }

  /** The row of the line that holds a byte; a guess while its block is not loaded. */
  rowOf(offset: number): number {
    const index = Math.min(Math.floor(offset / BLOCK_BYTES), this.#firstRows.length - 2);
    if (index < 0) return 0;
    const first = this.#firstRows[index]!;
    const block = this.#blocks.get(index);
    if (block === undefined) {
      const count = this.#firstRows[index + 1]! - first;
      return first + Math.floor((count * (offset - index * BLOCK_BYTES)) / BLOCK_BYTES);
    }
    let at = block.lineStarts.length;
    while (at > 0 && block.lineStarts[at - 1]! > offset) at -= 1;
    return Math.max(0, first + at - 1);
  }

  blockOf(offset: number): number {
    return Math.floor(Math.max(0, Math.min(offset, this.#size - 1)) / BLOCK_BYTES);
  }

  #set(index: number, block: Block): void {
    if (!this.#known.has(index)) {
      this.#loadedBytes += Math.min(BLOCK_BYTES, block.bytes.length);
      this.#loadedLines += block.lineStarts.length;
    }
    this.#blocks.set(index, block);
    this.#known.set(index, block.lineStarts.length);
  }

  #byteAt(offset: number): number | undefined {
    for (const { bytes, from } of this.#blocks.values())
      if (offset >= from && offset < from + bytes.length) return bytes[offset - from];
    return undefined;
  }

  #number(): void {
    const count = Math.ceil(this.#size / BLOCK_BYTES);
    const lineBytes = this.#loadedLines === 0 ? GUESSED_LINE_BYTES : Math.max(1, this.#loadedBytes / this.#loadedLines);
    const rows = new Float64Array(count + 1);
    for (let block = 0; block < count; block += 1) {
      const bytes = Math.min(BLOCK_BYTES, this.#size - block * BLOCK_BYTES);
      rows[block + 1] = rows[block]! + (this.#known.get(block) ?? Math.max(1, Math.round(bytes / lineBytes)));
    }
    this.#firstRows = rows;
  }

  #isCountedUpTo(block: number): boolean {
    for (let index = 0; index < block; index += 1) if (!this.#known.has(index)) return false;
    return true;
  }

  #blockOfRow(row: number): number {
    let low = 0;
    let high = Math.max(0, this.#firstRows.length - 2);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#firstRows[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where lines begin: at the log's start and behind every newline; only those that begin within the block. */
function findLines(bytes: Uint8Array, from: number, start: number): Float64Array {
  const found: number[] = [];
  const end = start + BLOCK_BYTES;
  if (start === 0 && bytes.length > 0) found.push(0);
  let at = bytes.indexOf(NEWLINE, 0);
  while (at >= 0) {
    const next = from + at + 1;
    // Behind the last newline there is no line yet.
    if (next >= end || at + 1 >= bytes.length) break;
    if (next >= start) found.push(next);
    at = bytes.indexOf(NEWLINE, at + 1);
  }
  return Float64Array.from(found);
}
