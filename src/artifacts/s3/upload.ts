import { lstat, open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import { limitTogether } from './limit-together.ts';
import { readText } from './s3-client.ts';
import { putObject, type Bucket } from './s3-objects.ts';
import { encodeXml, xmlText } from './s3-xml.ts';

/** A file that is larger is sent in parts of this size; what is sent is in memory. */
export const PART_BYTES = 8 * 2 ** 20;
/** S3 takes no more parts than this, so that larger files have larger parts. */
const MAX_PARTS = 10_000;
/** For all uploads together: bounds the memory to this many parts. */
const PARTS_TOGETHER = 6;
const FILES_TOGETHER = 16;

export type Together = <T>(work: () => Promise<T>) => Promise<T>;
export const uploadLimit = (): Together => limitTogether(PARTS_TOGETHER);

interface Upload {
  readonly bucket: Bucket;
  readonly attempt: string;
  readonly together: Together;
}

/**
 * Sends the file or folder at `path` to `key`. Links are followed within the folder they are in; one that leads out of it is
 * refused, or left out of a folder: a step cannot have this process send what it could not read itself.
 * Answers with the keys that were written.
 */
export async function uploadPath(upload: Upload, path: string, key: string): Promise<ReadonlySet<string>> {
  const real = await realpath(path);
  if ((await lstat(path)).isSymbolicLink() && !isInside(real, await realpath(dirname(path)))) {
    throw new ProductError('INVALID_ARGUMENTS', `could not ${upload.attempt}: ${path} is a link out of its folder`, {
      hint: 'let the step write the file itself instead of a link',
    });
  }
  const found = await stat(real);
  if (!found.isDirectory()) {
    await uploadFile(upload, real, key);
    return new Set([key]);
  }
  const written = new Set<string>();
  const together = limitTogether(FILES_TOGETHER);
  const work: Promise<void>[] = [];
  for await (const file of filesBelow(real, upload.attempt)) {
    const target = `${key}/${file.name}`;
    written.add(target);
    work.push(together(() => uploadFile(upload, file.path, target)));
  }
  await allOf(work);
  // Without any object the folder would not be there.
  if (written.size === 0) {
    await putObject(upload.bucket, `${key}/`, new Uint8Array(), upload.attempt);
    written.add(`${key}/`);
  }
  return written;
}

const isInside = (path: string, folder: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

async function* filesBelow(root: string, attempt: string): AsyncGenerator<{ readonly name: string; readonly path: string }> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isFile()) yield { name, path };
    else if (entry.isSymbolicLink()) {
      const real = await realpath(path).catch(() => undefined);
      if (real !== undefined && isInside(real, root) && (await stat(real)).isFile()) yield { name, path: real };
    } else if (!entry.isDirectory()) {
      throw new ProductError('INVALID_ARGUMENTS', `could not ${attempt}: ${path} is neither a file nor a folder`, {
        hint: 'write plain files only',
      });
    }
  }
}

async function uploadFile(upload: Upload, path: string, key: string): Promise<void> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > PART_BYTES) return await sendParts(upload, { file, size, key });
  await upload.together(async () => putObject(upload.bucket, key, await readPart(file, 0, size), upload.attempt));
}

async function sendParts(
  { bucket, attempt, together }: Upload,
  { file, size, key }: { readonly file: FileHandle; readonly size: number; readonly key: string },
): Promise<void> {
  const object = { bucket: bucket.name, key, attempt };
  const { client, endpoint } = bucket;
  const begun = await readText(await client.request(endpoint, { ...object, method: 'POST', query: { uploads: '' } }), 65_536);
  const uploadId = xmlText(begun, 'UploadId');
  if (uploadId === undefined) throw new ProductError('UNAVAILABLE', `could not ${attempt}: the object store began no upload`);
  try {
    const partBytes = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
    const etags = await allOf(
      Array.from({ length: Math.ceil(size / partBytes) }, (_, index) =>
        together(async () => {
          const start = index * partBytes;
          const body = await readPart(file, start, Math.min(partBytes, size - start));
          const query = { partNumber: String(index + 1), uploadId };
          const answer = await client.request(endpoint, { ...object, method: 'PUT', query, body });
          answer.resume();
          return answer.headers.etag ?? '';
        }),
      ),
    );
    await completeParts(bucket, { ...object, uploadId, etags });
  } catch (error) {
    // Parts that stay cost money; that they cannot be removed now is not what the caller has to know.
    const aborted = client.request(endpoint, { ...object, method: 'DELETE', query: { uploadId }, accept: [404] });
    await aborted.then((answer) => answer.resume()).catch(() => {});
    throw error;
  }
}

async function completeParts(
  { client, endpoint, name }: Bucket,
  { key, attempt, uploadId, etags }: { key: string; attempt: string; uploadId: string; etags: readonly string[] },
): Promise<void> {
  const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${encodeXml(etag)}</ETag></Part>`);
  const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
  const answer = await client.request(endpoint, { method: 'POST', bucket: name, key, query: { uploadId }, body, attempt });
  const xml = await readText(answer, 65_536);
  // The status is sent before the parts are put together: an error may follow it.
  if (xml.includes('<Error>')) {
    throw new ProductError(
      'UNAVAILABLE',
      `could not ${attempt}: the parts were not put together (${xmlText(xml, 'Code') ?? ''})`,
    );
  }
}

async function readPart(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, start + done);
    if (bytesRead === 0) throw new ProductError('UNAVAILABLE', 'a file became shorter while it was sent to the object store');
    done += bytesRead;
  }
  return buffer;
}

/** Waits for all also when one fails: nothing is to go on behind the caller's back. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
