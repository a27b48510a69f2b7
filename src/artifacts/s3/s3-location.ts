import { ProductError } from '../../base/errors.ts';

/** What `s3://bucket/key`, `minio://bucket/key` and `gs://bucket/key` name. */
export interface S3Location {
  readonly scheme: S3Scheme;
  readonly bucket: string;
  /** Without slashes at its ends; "" for the bucket as a whole. */
  readonly key: string;
}

export const S3_SCHEMES = ['s3', 'minio', 'gs'] as const;
export type S3Scheme = (typeof S3_SCHEMES)[number];

const FORM = /^(s3|minio|gs):\/\/([^/?#]+)(?:\/(.*))?$/s;

export const isS3Uri = (uri: string): boolean => FORM.test(uri);

/** Whether s3LocationOf can take it. */
export const isUsableS3Uri = (uri: string): boolean => isS3Uri(uri) && !/\0|(^|\/)\.\.?(\/|$)/.test(uri);

/**
 * Everything after the bucket is the key, letter by letter: `%20` and `?` are characters of it. Throws INVALID_ARGUMENTS for what
 * must not become a path on this machine.
 */
export function s3LocationOf(uri: string): S3Location {
  const [, scheme, bucket, rest = ''] = FORM.exec(uri) ?? [];
  if (scheme === undefined || bucket === undefined) throw refused(uri, 'it is not of the form s3://bucket/key');
  if (rest.includes('\0')) throw refused(uri, 'it has a NUL character');
  const key = rest.replace(/^\/+|\/+$/g, '');
  if (hasDotSegment(key)) throw refused(uri, 'it has a "." or ".." segment');
  return { scheme: scheme as S3Scheme, bucket, key };
}

export function hasDotSegment(key: string): boolean {
  return key.split('/').some((segment) => segment === '.' || segment === '..');
}

function refused(uri: string, why: string): ProductError {
  return new ProductError('INVALID_ARGUMENTS', `the artifact URI ${JSON.stringify(uri.slice(0, 500))} cannot be used: ${why}`, {
    hint: 'write it as scheme://bucket/folder/name',
  });
}
