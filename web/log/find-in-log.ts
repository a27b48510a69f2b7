import { plainText } from './ansi.ts';

export interface LogHit {
  /** Where the line begins. */
  readonly offset: number;
}

export interface SearchProgress {
  readonly hits: readonly LogHit[];
  /** Bytes that have been looked through. */
  readonly searched: number;
  readonly isDone: boolean;
}

const CHUNK_BYTES = 1024 * 1024;
const MAX_HITS = 1_000;
const NEWLINE = 10;

/**
 * Looks through a log of any size, chunk by chunk from its end to its beginning: what is looked for is mostly near the end. Capital and
 * small letters are the same; colours are no part of the text. Stops after MAX_HITS.
 */
export async function* findInLog(
  text: string,
  size: number,
  read: (offset: number, limit: number) => Promise<Uint8Array>,
): AsyncGenerator<SearchProgress> {
  const wanted = text.toLowerCase();
  const hits: LogHit[] = [];
  let end = size;
  while (end > 0 && hits.length < MAX_HITS) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const bytes = await read(start, end - start);
    // A line that began before this chunk is found with the chunk before.
    const first = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const isEndless = start > 0 && first === 0;
    const from = isEndless ? 0 : first;
    hits.push(...linesWith(bytes.subarray(from), start + from, wanted).reverse());
    end = isEndless ? start : start + from;
    yield { hits: hits.slice(0, MAX_HITS), searched: size - end, isDone: end <= 0 || hits.length >= MAX_HITS };
  }
  if (size === 0) yield { hits: [], searched: 0, isDone: true };
}

function linesWith(bytes: Uint8Array, offset: number, wanted: string): LogHit[] {
  const hits: LogHit[] = [];
  const decoder = new TextDecoder();
  // Most chunks hold nothing that is looked for: they are not taken apart.
  const all = decoder.decode(bytes).toLowerCase();
  if (!all.includes(wanted) && !all.includes('\u001b')) return hits;
  for (let at = 0; at < bytes.length;) {
    let end = bytes.indexOf(NEWLINE, at);
    if (end < 0) end = bytes.length;
    if (
      plainText(decoder.decode(bytes.subarray(at, end)))
        .toLowerCase()
        .includes(wanted)
    )
      hits.push({ offset: offset + at });
    at = end + 1;
  }
  return hits;
}
