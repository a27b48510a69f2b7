import { ProductError, type Problem } from '../../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { readYaml } from '../../base/yaml.ts';
import { S3_SCHEMES, type S3Location, type S3Scheme } from './s3-location.ts';

/** What is said about a bucket; absent members are left to the defaults. */
export interface BucketSettings {
  /** With or without `https://`. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly disableSSL?: boolean;
  readonly forcePathStyle?: boolean;
  readonly credentials?: BucketCredentials;
}

export type BucketCredentials =
  | { readonly kind: 'env' }
  | { readonly kind: 'secret'; readonly name: string; readonly accessKeyKey: string; readonly secretKeyKey: string }
  /** A service account's token, which the S3-compatible interface does not take. */
  | { readonly kind: 'token'; readonly name: string };

interface Override extends BucketSettings {
  readonly bucketName: string;
  readonly keyPrefix: string;
}

export interface Providers {
  /** Undefined if there is nothing about the scheme. */
  settingsOf(location: S3Location): BucketSettings | undefined;
}

/**
 * The key `providers` of KFP's ConfigMap kfp-launcher, a YAML text: for each scheme `default` and `overrides` by bucket and key
 * prefix (backend/src/v2/config/{s3,minio,gcs}.go). Of several overrides the one with the longest prefix wins; what it leaves out
 * is as in the default. Throws INVALID_USAGE with the places that are wrong.
 */
export function readProviders(text: string): Providers {
  const problems: Problem[] = [];
  const read = readYaml(text);
  if (read.kind === 'problem') problems.push(read.problem);
  const root = read.kind === 'documents' ? (read.documents[0]?.value ?? {}) : {};
  const schemes = new Map<S3Scheme, { readonly defaults: BucketSettings; readonly overrides: readonly Override[] }>();
  if (!isJsonObject(root)) problems.push({ path: 'providers', message: 'it is not a map from s3, minio, gs to settings' });
  else {
    for (const [scheme, value] of Object.entries(root)) {
      const path = `providers.${scheme}`;
      if (!isScheme(scheme))
        problems.push({ path, message: 'there is no such provider', hint: `known are ${S3_SCHEMES.join(', ')}` });
      else if (!isJsonObject(value)) problems.push({ path, message: 'it is not a map with default and overrides' });
      else schemes.set(scheme, readScheme(value, path, problems));
    }
  }
  if (problems.length > 0)
    throw new ProductError('INVALID_USAGE', 'the provider settings (ConfigMap kfp-launcher) are wrong', { problems });
  return {
    settingsOf({ scheme, bucket, key }) {
      const found = schemes.get(scheme);
      if (!found) return undefined;
      const matching = found.overrides.filter((override) => override.bucketName === bucket && key.startsWith(override.keyPrefix));
      const closest = matching.toSorted((a, b) => b.keyPrefix.length - a.keyPrefix.length)[0];
      return { ...found.defaults, ...closest };
    },
  };
}

const isScheme = (text: string): text is S3Scheme => (S3_SCHEMES as readonly string[]).includes(text);

function readScheme(value: JsonObject, path: string, problems: Problem[]) {
  const defaults = isJsonObject(value['default']) ? readSettings(value['default'], `${path}.default`, problems) : {};
  const list = value['overrides'] ?? [];
  if (!Array.isArray(list)) problems.push({ path: `${path}.overrides`, message: 'it is not a list' });
  const overrides = (Array.isArray(list) ? (list as readonly JsonValue[]) : []).flatMap((one, index): Override[] => {
    const place = `${path}.overrides[${index}]`;
    if (!isJsonObject(one) || typeof one['bucketName'] !== 'string') {
      problems.push({ path: place, message: 'it has no bucketName' });
      return [];
    }
    const prefix = one['keyPrefix'];
    const keyPrefix = typeof prefix === 'string' ? prefix.replace(/^\/+|\/+$/g, '') : '';
    return [{ ...readSettings(one, place, problems), bucketName: one['bucketName'], keyPrefix }];
  });
  return { defaults, overrides };
}

function readSettings(value: JsonObject, path: string, problems: Problem[]): BucketSettings {
  const text = (name: 'endpoint' | 'region') => {
    const found = value[name];
    if (found === undefined || found === null || found === '') return {};
    if (typeof found === 'string') return { [name]: found };
    problems.push({ path: `${path}.${name}`, message: 'it is not a text' });
    return {};
  };
  const flag = (name: 'disableSSL' | 'forcePathStyle') => {
    const found = value[name];
    if (found === undefined || found === null) return {};
    if (found === true || found === 'true') return { [name]: true };
    if (found === false || found === 'false') return { [name]: false };
    problems.push({ path: `${path}.${name}`, message: 'it is neither true nor false' });
    return {};
  };
  const place = { ...text('endpoint'), ...text('region'), ...flag('disableSSL'), ...flag('forcePathStyle') };
  const credentials = readCredentials(value['credentials'], `${path}.credentials`, problems);
  return credentials ? { ...place, credentials } : place;
}

function readCredentials(value: JsonValue | undefined, path: string, problems: Problem[]): BucketCredentials | undefined {
  if (value === undefined || value === null) return undefined;
  const given = isJsonObject(value) ? value : {};
  if (given['fromEnv'] === true || given['fromEnv'] === 'true') return { kind: 'env' };
  const ref = given['secretRef'];
  if (isJsonObject(ref) && typeof ref['secretName'] === 'string') {
    const { secretName: name, accessKeyKey, secretKeyKey, tokenKey } = ref;
    if (typeof accessKeyKey === 'string' && typeof secretKeyKey === 'string')
      return { kind: 'secret', name, accessKeyKey, secretKeyKey };
    if (typeof tokenKey === 'string') return { kind: 'token', name };
  }
  const hint = 'secretRef takes secretName, accessKeyKey and secretKeyKey';
  problems.push({ path, message: 'it is neither fromEnv: true nor a secretRef', hint });
  return undefined;
}
