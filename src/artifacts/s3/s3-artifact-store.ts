import { lstat, rm } from 'node:fs/promises';
import type { ArtifactStore, StoredFile } from '../artifact-store.ts';
import type { Clock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';
import { openDownloadCache } from './download-cache.ts';
import { downloadTo } from './download.ts';
import { limitTogether } from './limit-together.ts';
import { readObject } from './read-object.ts';
import { createS3Client, type S3ClientOptions, type S3Endpoint } from './s3-client.ts';
import { isUsableS3Uri, s3LocationOf, type S3Location } from './s3-location.ts';
import { deleteObject, headObject, listObjects, type Bucket } from './s3-objects.ts';
import { uploadLimit, uploadPath } from './upload.ts';

export interface S3StoreOptions extends S3ClientOptions {
  readonly clock: Clock;
  /** Where a bucket is and as whom to ask; undefined if nothing was configured for it. */
  readonly endpointOf: (location: S3Location) => S3Endpoint | undefined;
  /** Default: "", for a store that no pipeline writes to by default. */
  readonly defaultPipelineRoot?: string;
  /** Keeps what was downloaded lately. Default: nothing is kept. */
  readonly cache?: { readonly folder: string; readonly maxBytes: number };
}

const DELETED_TOGETHER = 16;
const MAX_PAGE = 1_000;

/**
 * Artifacts in S3-compatible object stores: `s3://`, `minio://` and `gs://` (through its XML API). A file is one object, a folder is
 * all objects below its name. What a step writes is taken over by an upload, and appears elsewhere by a download.
 */
export function openS3ArtifactStore(options: S3StoreOptions): ArtifactStore {
  const client = createS3Client(options);
  const cache = options.cache && openDownloadCache({ ...options.cache, clock: options.clock });
  const together = uploadLimit();
  const at = (uri: string): { readonly bucket: Bucket; readonly key: string; readonly base: string } => {
    const location = s3LocationOf(uri);
    const endpoint = options.endpointOf(location);
    if (!endpoint) throw notConfigured(location);
    const { scheme, bucket, key } = location;
    return { bucket: { client, endpoint, name: bucket }, key, base: `${scheme}://${bucket}` };
  };
  return {
    name: 's3',
    defaultPipelineRoot: options.defaultPipelineRoot ?? '',
    handles: (uri) => isUsableS3Uri(uri) && options.endpointOf(s3LocationOf(uri)) !== undefined,
    localPath: () => undefined,
    size: async (uri) => sizeOf(at(uri), `measure the artifact ${uri}`),
    exists: async (uri) => isThere(at(uri), `look for the artifact ${uri}`),
    list: async (uri, limit) => filesOf(at(uri), limit, `list the artifact ${uri}`),
    async read(uri, range) {
      const { bucket, key } = at(uri);
      return (await readObject(bucket, key, { attempt: `read the artifact ${uri}`, ...(range ? { range } : {}) })).stream;
    },
    async adopt(path, uri) {
      const { bucket, key } = at(uri);
      const attempt = `take ${path} over as the artifact ${uri}`;
      if (key === '') throw wholeBucket(attempt);
      const source = await lstat(path).catch(() => undefined);
      if (!source) {
        if (await isThere({ bucket, key }, attempt)) return;
        throw new ProductError('NOT_FOUND', `could not ${attempt}: there is nothing at that path`);
      }
      const written = await uploadPath({ bucket, attempt, together }, path, key);
      // What was there before is taken away only when the new is whole.
      await removeAll({ bucket, key, attempt, keep: written });
      await rm(path, { recursive: true, force: true });
    },
    async materialise(uri, path) {
      const { bucket, key, base } = at(uri);
      await downloadTo({ bucket, base, cache, attempt: `make the artifact ${uri} appear at ${path}` }, key, path);
    },
    async remove(uri) {
      const attempt = `remove the artifact ${uri}`;
      const { bucket, key } = at(uri);
      if (key === '') throw wholeBucket(attempt);
      await removeAll({ bucket, key, attempt, keep: new Set() });
    },
  };
}

interface Place {
  readonly bucket: Bucket;
  readonly key: string;
}

async function isThere({ bucket, key }: Place, attempt: string): Promise<boolean> {
  if (key !== '' && (await headObject(bucket, key, attempt))) return true;
  for await (const _ of listObjects(bucket, key === '' ? '' : `${key}/`, { attempt, pageSize: 1 })) return true;
  return false;
}

async function filesOf({ bucket, key }: Place, limit: number, attempt: string): Promise<readonly StoredFile[]> {
  const object = key === '' ? undefined : await headObject(bucket, key, attempt);
  if (object) return [{ path: '', sizeBytes: object.sizeBytes }];
  const files: StoredFile[] = [];
  const prefix = key === '' ? '' : `${key}/`;
  for await (const { key: found, sizeBytes } of listObjects(bucket, prefix, { attempt, pageSize: Math.min(limit, MAX_PAGE) })) {
    if (files.length >= limit) break;
    // A marker of an empty folder is no file.
    if (!found.endsWith('/')) files.push({ path: found.slice(prefix.length), sizeBytes });
  }
  return files;
}

async function sizeOf({ bucket, key }: Place, attempt: string): Promise<number | undefined> {
  const object = key === '' ? undefined : await headObject(bucket, key, attempt);
  if (object) return object.sizeBytes;
  let bytes: number | undefined;
  for await (const { sizeBytes } of listObjects(bucket, key === '' ? '' : `${key}/`, { attempt }))
    bytes = (bytes ?? 0) + sizeBytes;
  return bytes;
}

async function removeAll(place: Place & { readonly attempt: string; readonly keep: ReadonlySet<string> }): Promise<void> {
  const { bucket, key, attempt, keep } = place;
  const together = limitTogether(DELETED_TOGETHER);
  const work: Promise<void>[] = [];
  const drop = (name: string) => {
    if (!keep.has(name)) work.push(together(() => deleteObject(bucket, name, attempt)));
  };
  drop(key);
  for await (const object of listObjects(bucket, `${key}/`, { attempt })) drop(object.key);
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function notConfigured({ scheme, bucket }: S3Location): ProductError {
  const how: Readonly<Record<S3Location['scheme'], string>> = {
    s3: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or providers.s3 of the ConfigMap kfp-launcher',
    minio:
      'set AWS_ENDPOINT_URL with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or providers.minio of the ConfigMap kfp-launcher',
    gs: 'make HMAC keys for Cloud Storage and name their secret in providers.gs of the ConfigMap kfp-launcher',
  };
  return new ProductError('FAILED_PRECONDITION', `nothing is configured for the bucket ${scheme}://${bucket}`, {
    hint: how[scheme],
  });
}

function wholeBucket(attempt: string): ProductError {
  return new ProductError('INVALID_ARGUMENTS', `could not ${attempt}: it names a whole bucket`, {
    hint: 'name a folder in the bucket: s3://bucket/folder',
  });
}
