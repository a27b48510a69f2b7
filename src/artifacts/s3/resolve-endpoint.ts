import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import {
  credentialsFile,
  environmentCredentials,
  fileCredentials,
  readProfile,
  secretCredentials,
  tokenRefusal,
  type Environment,
  type ReadSecret,
} from './credentials.ts';
import { readProviders, type BucketSettings } from './provider-config.ts';
import type { S3Endpoint } from './s3-client.ts';
import { isS3Uri, s3LocationOf, type S3Location, type S3Scheme } from './s3-location.ts';
import type { S3Credentials } from './sign-request.ts';

export interface ObjectStoreConfiguration {
  /** `--artifacts`: `s3://bucket/prefix?endpoint=…&region=…&path_style=true&secret=NAME&credentials=FILE&profile=NAME`. */
  readonly setting?: string;
  /** The data of the ConfigMap kfp-launcher. */
  readonly launcherConfig?: Readonly<Record<string, string>>;
  readonly environment: Environment;
  readonly readSecret: ReadSecret;
}

export interface ObjectStores {
  /** Of `--artifacts`, else of kfp-launcher; undefined if neither names one. */
  readonly defaultPipelineRoot: string | undefined;
  readonly endpointOf: (location: S3Location) => S3Endpoint | undefined;
}

const GOOGLE = 'https://storage.googleapis.com';
/** KFP's own installation keeps the keys of its MinIO there. */
const MINIO_SECRET = 'mlpipeline-minio-artifact';
const SETTING_NAMES: ReadonlySet<string> = new Set(['endpoint', 'region', 'path_style', 'secret', 'credentials', 'profile']);

/**
 * Where buckets are and as whom to ask, from the closest to the farthest: the `--artifacts` setting for its own bucket, the
 * provider settings of kfp-launcher, the environment as AWS's tools read it. Throws INVALID_USAGE for a setting that is wrong.
 */
export function resolveObjectStores(configuration: ObjectStoreConfiguration): ObjectStores {
  const { launcherConfig = {}, environment, readSecret } = configuration;
  const setting = configuration.setting === undefined ? undefined : readSetting(configuration.setting);
  const providers = readProviders(launcherConfig['providers'] ?? '');
  const profile = { ...awsConfig(environment), environment };
  const hasKeys = Boolean(environment['AWS_ACCESS_KEY_ID']) || existsSync(credentialsFile(environment));
  return {
    defaultPipelineRoot: setting?.root ?? (launcherConfig['defaultPipelineRoot']?.replace(/\/+$/, '') || undefined),
    endpointOf(location) {
      const { scheme } = location;
      const own = setting?.location.scheme === scheme && setting.location.bucket === location.bucket ? setting : undefined;
      const provided = providers.settingsOf(location);
      const settings: BucketSettings = { ...provided, ...own?.settings };
      const hasGoogleKeys = Boolean(environment['PIPEWRIGHT_GS_ACCESS_KEY_ID']);
      const isConfigured = own !== undefined || provided !== undefined || (scheme === 'gs' ? hasGoogleKeys : hasKeys);
      const url = endpointUrl(scheme, settings, profile);
      if (!isConfigured || url === undefined) return undefined;
      const region = settings.region ?? (scheme === 'gs' ? 'auto' : profile.region) ?? 'us-east-1';
      const pathStyle = settings.forcePathStyle ?? !(url.endsWith('.amazonaws.com') && !location.bucket.includes('.'));
      return {
        url,
        region,
        pathStyle,
        credentials: () => credentialsOf(scheme, { ...settings, ...own?.keys }, { environment, readSecret }),
      };
    },
  };
}

function endpointUrl(
  scheme: S3Scheme,
  { endpoint, region, disableSSL }: BucketSettings,
  profile: { readonly region?: string; readonly endpoint?: string },
): string | undefined {
  if (endpoint !== undefined) return /^https?:\/\//.test(endpoint) ? endpoint : `${disableSSL ? 'http' : 'https'}://${endpoint}`;
  if (scheme === 'gs') return GOOGLE;
  if (profile.endpoint !== undefined || scheme === 'minio') return profile.endpoint;
  return `https://s3.${region ?? profile.region ?? 'us-east-1'}.amazonaws.com`;
}

interface Keys {
  /** A local secret, or a file of profiles. */
  readonly secret?: string;
  readonly file?: string;
  readonly profile?: string;
}

async function credentialsOf(
  scheme: S3Scheme,
  { credentials, secret, file, profile }: BucketSettings & Keys,
  { environment, readSecret }: { readonly environment: Environment; readonly readSecret: ReadSecret },
): Promise<S3Credentials> {
  if (secret !== undefined) return await secretCredentials(readSecret, { name: secret });
  if (file !== undefined) return await fileCredentials(file, profile ?? 'default');
  if (credentials?.kind === 'secret') return await secretCredentials(readSecret, credentials);
  if (credentials?.kind === 'token') throw tokenRefusal(credentials);
  if (scheme === 'gs') return googleCredentials(environment);
  const isImplied = credentials === undefined && scheme === 'minio' && !environment['AWS_ACCESS_KEY_ID'];
  if (isImplied && (await readSecret(MINIO_SECRET))) return await secretCredentials(readSecret, { name: MINIO_SECRET });
  return await environmentCredentials(profile === undefined ? environment : { ...environment, AWS_PROFILE: profile });
}

function googleCredentials(environment: Environment): S3Credentials {
  const { PIPEWRIGHT_GS_ACCESS_KEY_ID: accessKeyId, PIPEWRIGHT_GS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  throw new ProductError('FAILED_PRECONDITION', 'there are no HMAC keys for Cloud Storage', {
    hint: 'set PIPEWRIGHT_GS_ACCESS_KEY_ID and PIPEWRIGHT_GS_SECRET_ACCESS_KEY, or name a secret in providers.gs of kfp-launcher',
  });
}

/** Region and endpoint as AWS's tools find them. */
function awsConfig(environment: Environment): { readonly region?: string; readonly endpoint?: string } {
  const file = environment['AWS_CONFIG_FILE'] ?? join(environment['HOME'] ?? homedir(), '.aws', 'config');
  const values = existsSync(file) ? readProfile(readFileSync(file, 'utf8'), environment['AWS_PROFILE'] ?? 'default') : {};
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? values['region'];
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'] ?? values['endpoint_url'];
  return { ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) };
}

interface Setting {
  readonly root: string;
  readonly location: S3Location;
  readonly settings: BucketSettings;
  readonly keys: Keys;
}

function readSetting(text: string): Setting {
  const mark = text.indexOf('?');
  const root = (mark < 0 ? text : text.slice(0, mark)).replace(/\/+$/, '');
  if (!isS3Uri(root)) throw wrongSetting(text, 'it is not of the form s3://bucket/prefix');
  const query = new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1));
  const unknown = [...query.keys()].find((name) => !SETTING_NAMES.has(name));
  if (unknown !== undefined) throw wrongSetting(text, `"${unknown}" is not known; known are ${[...SETTING_NAMES].join(', ')}`);
  const [endpoint, region, pathStyle] = [query.get('endpoint'), query.get('region'), query.get('path_style')];
  if (pathStyle !== null && !/^(true|false)$/.test(pathStyle)) throw wrongSetting(text, 'path_style is true or false');
  if (endpoint !== null && !URL.canParse(/^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`))
    throw wrongSetting(text, 'the endpoint is not a URL');
  const [secret, file, profile] = [query.get('secret'), query.get('credentials'), query.get('profile')];
  return {
    root,
    location: s3LocationOf(root),
    settings: {
      ...(endpoint ? { endpoint } : {}),
      ...(region ? { region } : {}),
      ...(pathStyle === null ? {} : { forcePathStyle: pathStyle === 'true' }),
    },
    keys: { ...(secret ? { secret } : {}), ...(file ? { file } : {}), ...(profile ? { profile } : {}) },
  };
}

function wrongSetting(text: string, why: string): ProductError {
  return new ProductError('INVALID_USAGE', `the artifact store ${JSON.stringify(text)} cannot be used: ${why}`, {
    hint: 'for example: --artifacts "s3://bucket/prefix?endpoint=http://127.0.0.1:9000"',
  });
}
