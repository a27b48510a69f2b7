import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ProductError } from '../../base/errors.ts';
import { factsOf, type Bucket, type ObjectFacts } from './s3-objects.ts';

export interface ByteRange {
  readonly start: number;
  /** Inclusive. Default: the last byte. */
  readonly end?: number;
}

/**
 * The bytes of an object as they arrive. A connection that breaks in the middle is made again from where it broke, as long as the
 * object is still the same. Throws NOT_FOUND. The caller consumes or destroys the stream.
 */
export async function readObject(
  bucket: Bucket,
  key: string,
  { range, attempt }: { readonly range?: ByteRange; readonly attempt: string },
): Promise<{ readonly stream: Readable; readonly facts: ObjectFacts }> {
  const ask = (from: ByteRange | undefined, etag?: string): Promise<IncomingMessage> =>
    bucket.client.request(bucket.endpoint, {
      method: 'GET',
      bucket: bucket.name,
      key,
      attempt,
      headers: { ...(from ? { range: `bytes=${from.start}-${from.end ?? ''}` } : {}), ...(etag ? { 'if-match': etag } : {}) },
      accept: [412, 416],
    });
  let answer = await ask(range);
  const facts = factsOf(key, answer);
  if (answer.statusCode === 416) {
    // The range begins behind the last byte.
    answer.resume();
    return { stream: Readable.from([]), facts };
  }
  const end = range?.end ?? Number.POSITIVE_INFINITY;
  let offset = range?.start ?? 0;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (let tried = 1; ; tried += 1) {
      try {
        for await (const chunk of wanted(answer, offset)) {
          const part = chunk.subarray(0, end - offset + 1);
          offset += part.length;
          tried = 1;
          yield part;
          if (offset > end) return;
        }
        return;
      } catch (error) {
        if (!(await bucket.client.backOff(tried))) throw interrupted(attempt, error);
        answer = await ask({ ...range, start: offset }, facts.etag);
        if (answer.statusCode === 416) return;
        if (answer.statusCode === 412) throw interrupted(attempt, error);
      }
    }
  }
  const stream = Readable.from(bytes(), { objectMode: false });
  // A generator nobody has begun to read does not run its end.
  stream.once('close', () => answer.destroy());
  return { stream, facts };
}

/** Not every store knows ranges: one that sends all from the beginning is read up to `offset` for nothing. */
async function* wanted(answer: IncomingMessage, offset: number): AsyncGenerator<Buffer> {
  let skip = answer.statusCode === 206 ? 0 : offset;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const rest = chunk.subarray(skip);
    skip -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}

function interrupted(attempt: string, cause: unknown): ProductError {
  return new ProductError('UNAVAILABLE', `could not ${attempt}: the connection broke off in the middle`, {
    hint: 'try again; if it happens again, see whether the object store is being restarted or the object replaced',
    cause,
  });
}
