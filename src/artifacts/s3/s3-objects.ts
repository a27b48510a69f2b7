/** The few operations on objects that an artifact store needs. */
import type { IncomingMessage } from 'node:http';
import type { S3Client, S3Endpoint } from './s3-client.ts';
import { readText } from './s3-client.ts';
import { xmlElements, xmlText } from './s3-xml.ts';

/** A bucket as it is reached; what all operations work on. */
export interface Bucket {
  readonly client: S3Client;
  readonly endpoint: S3Endpoint;
  readonly name: string;
}

export interface ObjectFacts {
  readonly key: string;
  readonly sizeBytes: number;
  /** Changes with the content. */
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modifiedMs: number;
}

/** A page has up to a thousand objects. */
const MAX_PAGE_BYTES = 16 * 2 ** 20;

/** Undefined if there is no such object. */
export async function headObject(bucket: Bucket, key: string, attempt: string): Promise<ObjectFacts | undefined> {
  const request = { method: 'HEAD', bucket: bucket.name, key, attempt, accept: [301, 400, 401, 403, 404, 405] } as const;
  const answer = await bucket.client.request(bucket.endpoint, request);
  answer.resume();
  if (answer.statusCode === 404) return undefined;
  if (answer.statusCode === 200) return factsOf(key, answer);
  // The answer to HEAD has no body: what is wrong is asked for in another way.
  const body = await bucket.client.request(bucket.endpoint, {
    ...request,
    method: 'GET',
    headers: { range: 'bytes=0-0' },
    accept: [416],
  });
  body.destroy();
  return factsOf(key, answer);
}

export function factsOf(key: string, { headers }: IncomingMessage): ObjectFacts {
  const modifiedMs = Date.parse(headers['last-modified'] ?? '');
  return {
    key,
    sizeBytes: Number(headers['content-length'] ?? 0),
    etag: headers.etag ?? '',
    modifiedMs: Number.isNaN(modifiedMs) ? 0 : modifiedMs,
  };
}

/**
 * All objects whose keys begin with `prefix`, in the order of their keys, page by page. The first version of the request is the one
 * that every store understands.
 */
export async function* listObjects(
  bucket: Bucket,
  prefix: string,
  { attempt, pageSize = 1_000 }: { readonly attempt: string; readonly pageSize?: number },
): AsyncGenerator<ObjectFacts> {
  for (let marker: string | undefined; ;) {
    const query = {
      'max-keys': String(pageSize),
      ...(prefix === '' ? {} : { prefix }),
      ...(marker === undefined ? {} : { marker }),
    };
    const answer = await bucket.client.request(bucket.endpoint, { method: 'GET', bucket: bucket.name, key: '', query, attempt });
    const xml = await readText(answer, MAX_PAGE_BYTES);
    const objects = xmlElements(xml, 'Contents').map(listedObject);
    yield* objects;
    const last = objects.at(-1);
    if (xmlText(xml, 'IsTruncated') !== 'true' || !last) return;
    marker = last.key;
  }
}

function listedObject(element: string): ObjectFacts {
  const modifiedMs = Date.parse(xmlText(element, 'LastModified') ?? '');
  return {
    key: xmlText(element, 'Key') ?? '',
    sizeBytes: Number(xmlText(element, 'Size') ?? 0),
    etag: xmlText(element, 'ETag') ?? '',
    modifiedMs: Number.isNaN(modifiedMs) ? 0 : modifiedMs,
  };
}

export async function putObject(bucket: Bucket, key: string, body: Uint8Array, attempt: string): Promise<void> {
  const answer = await bucket.client.request(bucket.endpoint, { method: 'PUT', bucket: bucket.name, key, body, attempt });
  answer.resume();
}

/** Deleting what is not there succeeds. */
export async function deleteObject(bucket: Bucket, key: string, attempt: string): Promise<void> {
  const request = { method: 'DELETE', bucket: bucket.name, key, attempt, accept: [404] } as const;
  (await bucket.client.request(bucket.endpoint, request)).resume();
}
