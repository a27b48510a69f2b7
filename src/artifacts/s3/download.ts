import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProductError } from '../../base/errors.ts';
import type { DownloadCache } from './download-cache.ts';
import { limitTogether } from './limit-together.ts';
import { readObject } from './read-object.ts';
import { hasDotSegment } from './s3-location.ts';
import { headObject, listObjects, type Bucket, type ObjectFacts } from './s3-objects.ts';

const FILES_TOGETHER = 8;

interface Download {
  readonly bucket: Bucket;
  /** `s3://bucket`: with the key behind it, what the cache knows a file by. */
  readonly base: string;
  readonly cache: DownloadCache | undefined;
  readonly attempt: string;
}

/** Makes the object, or all objects below `key/`, appear at `path` in place of what is there. Throws NOT_FOUND. */
export async function downloadTo(download: Download, key: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), '.placing-'));
  try {
    const target = join(folder, 'new');
    const object = key === '' ? undefined : await headObject(download.bucket, key, download.attempt);
    if (object) await fetchObject(download, object, target);
    else await fetchFolder(download, key, target);
    await rm(path, { recursive: true, force: true });
    await rename(target, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchFolder(download: Download, key: string, target: string): Promise<void> {
  const { bucket, attempt } = download;
  const prefix = key === '' ? '' : `${key}/`;
  const together = limitTogether(FILES_TOGETHER);
  const work: Promise<void>[] = [];
  let found = 0;
  for await (const object of listObjects(bucket, prefix, { attempt })) {
    found += 1;
    const name = object.key.slice(prefix.length);
    // A marker of an empty folder, as consoles make them.
    if (name === '' || name.endsWith('/')) continue;
    if (hasDotSegment(name) || name.includes('\0')) throw unsafeName(attempt, object.key);
    const path = join(target, name);
    work.push(
      together(async () => {
        await mkdir(dirname(path), { recursive: true });
        await fetchObject(download, object, path);
      }),
    );
  }
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  if (found === 0) throw new ProductError('NOT_FOUND', `could not ${attempt}: there is nothing at that place`);
  await mkdir(target, { recursive: true });
}

async function fetchObject({ bucket, base, cache, attempt }: Download, object: ObjectFacts, path: string): Promise<void> {
  const fetch = async (to: string) => {
    const { stream } = await readObject(bucket, object.key, { attempt });
    await pipeline(stream, createWriteStream(to));
  };
  if (!cache) return fetch(path);
  await cache.place({ uri: `${base}/${object.key}`, ...object }, path, fetch);
}

function unsafeName(attempt: string, key: string): ProductError {
  return new ProductError(
    'INVALID_ARGUMENTS',
    `could not ${attempt}: the object ${JSON.stringify(key)} has a "." or ".." segment`,
    {
      hint: 'rename the object; such a name cannot be a file here',
    },
  );
}
