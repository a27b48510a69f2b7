/** The local pipeline root under a URI the KFP frontend knows: it reads minio, s3, gcs and http only. */
import { ProductError } from '../../base/errors.ts';

const BUCKET = 'mlpipeline';

export function shownUri(uri: string, root: string): string {
  return uri.startsWith(`${root}/`) ? `minio://${BUCKET}/${uri.slice(root.length + 1)}` : uri;
}

const SCHEMES: Readonly<Record<string, string>> = { minio: 'minio', s3: 's3', gcs: 'gs', http: 'http', https: 'https' };

/** The URI an object has here. Throws INVALID_ARGUMENTS for a source or a key that cannot be one. */
export function objectUri(source: string, bucket: string, key: string, root: string): string {
  const isSafe = !key.split('/').some((part) => part === '..' || part === '.') && !/[\0\\]/.test(key) && !key.startsWith('/');
  if (!isSafe || key === '' || bucket === '')
    throw new ProductError('INVALID_ARGUMENTS', 'the storage key is missing or no path within its bucket');
  if (source === 'minio' && bucket === BUCKET) return `${root}/${key}`;
  const scheme = Object.hasOwn(SCHEMES, source) ? SCHEMES[source] : undefined;
  if (scheme === undefined)
    throw new ProductError('INVALID_ARGUMENTS', `the storage source ${JSON.stringify(source)} is not known`);
  return `${scheme}://${bucket}/${key}`;
}
