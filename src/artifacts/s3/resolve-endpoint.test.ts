import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ProductError } from '../../base/errors.ts';
import { resolveObjectStores, type ObjectStoreConfiguration } from './resolve-endpoint.ts';
import { s3LocationOf } from './s3-location.ts';

const home = await mkdtemp(join(tmpdir(), 'pipewright-home-'));
after(() => rm(home, { recursive: true }));

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
const PROVIDERS = `
s3:
  default:
    endpoint: s3.example.org
    region: eu-central-1
    credentials: {fromEnv: true}
  overrides:
    - bucketName: models
      keyPrefix: team-a
      endpoint: http://store.team-a:9000
      credentials: {secretRef: {secretName: team-a, accessKeyKey: access, secretKeyKey: secret}}
    - bucketName: models
      keyPrefix: team-a/public
      forcePathStyle: false
minio:
  default:
    endpoint: minio.example.org:9000
    disableSSL: true
    credentials: {secretRef: {secretName: minio-keys, accessKeyKey: accesskey, secretKeyKey: secretkey}}
gs:
  default:
    credentials: {secretRef: {secretName: google, tokenKey: token}}
`;

const SECRETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'team-a': { access: 'a-id', secret: 'a-key\n' },
  'mlpipeline-minio-artifact': { accesskey: 'm-id', secretkey: 'm-key' },
};

function resolve(configuration: Partial<ObjectStoreConfiguration> = {}) {
  const { environment = {} } = configuration;
  return resolveObjectStores({
    readSecret: async (name) => SECRETS[name],
    ...configuration,
    environment: { HOME: home, ...environment },
  });
}

const launcherConfig = { providers: PROVIDERS, defaultPipelineRoot: 'minio://mlpipeline/v2/artifacts/' };

/** `URL region path-style?` of the URI, or nothing. */
function placeOf(uri: string, configuration: Partial<ObjectStoreConfiguration>): string | undefined {
  const endpoint = resolve(configuration).endpointOf(s3LocationOf(uri));
  return endpoint && `${endpoint.url} ${endpoint.region}${endpoint.pathStyle ? ' path' : ''}`;
}

test('each bucket is found where the closest setting says.', () => {
  const rows: readonly [string, Partial<ObjectStoreConfiguration>, string | undefined][] = [
    ['s3://b/k', {}, undefined],
    ['minio://b/k', { environment: KEYS }, undefined],
    ['gs://b/k', { environment: KEYS }, undefined],
    ['s3://b/k', { environment: KEYS }, 'https://s3.us-east-1.amazonaws.com us-east-1'],
    ['s3://b.c/k', { environment: KEYS }, 'https://s3.us-east-1.amazonaws.com us-east-1 path'],
    ['s3://b/k', { environment: { ...KEYS, AWS_REGION: 'eu-west-3' } }, 'https://s3.eu-west-3.amazonaws.com eu-west-3'],
    ['s3://b/k', { environment: { ...KEYS, AWS_ENDPOINT_URL: 'http://store:9000' } }, 'http://store:9000 us-east-1 path'],
    ['minio://b/k', { environment: { ...KEYS, AWS_ENDPOINT_URL: 'http://store:9000' } }, 'http://store:9000 us-east-1 path'],
    ['gs://b/k', { environment: { PIPEWRIGHT_GS_ACCESS_KEY_ID: 'x' } }, 'https://storage.googleapis.com auto path'],
    ['s3://b/k', { launcherConfig }, 'https://s3.example.org eu-central-1 path'],
    ['s3://models/team-b', { launcherConfig }, 'https://s3.example.org eu-central-1 path'],
    ['s3://models/team-a/x', { launcherConfig }, 'http://store.team-a:9000 eu-central-1 path'],
    ['s3://models/team-a/public/x', { launcherConfig }, 'https://s3.example.org eu-central-1'],
    ['minio://b/k', { launcherConfig }, 'http://minio.example.org:9000 us-east-1 path'],
    ['s3://b/k', { setting: 's3://b/root?endpoint=http://h:1&region=r&path_style=false' }, 'http://h:1 r'],
    ['s3://b/k', { setting: 's3://b/root?endpoint=h:1', launcherConfig }, 'https://h:1 eu-central-1 path'],
    ['s3://other/k', { setting: 's3://b/root?endpoint=http://h:1' }, undefined],
  ];
  for (const [uri, configuration, expected] of rows)
    assert.equal(placeOf(uri, configuration), expected, `${uri} with ${JSON.stringify(configuration)}`);
});

test('the pipeline root is the setting’s, else the one of kfp-launcher.', () => {
  assert.equal(resolve({}).defaultPipelineRoot, undefined);
  assert.equal(resolve({ launcherConfig }).defaultPipelineRoot, 'minio://mlpipeline/v2/artifacts');
  assert.equal(resolve({ launcherConfig, setting: 's3://b/root/?region=r' }).defaultPipelineRoot, 's3://b/root');
});

test('keys come from where the setting says.', async () => {
  await writeFile(
    join(home, 'keys'),
    '[default]\naws_access_key_id = f-id\naws_secret_access_key=f-key\n[other]\naws_access_key_id = o-id\naws_secret_access_key = o-key\n',
  );
  const keysOf = async (uri: string, configuration: Partial<ObjectStoreConfiguration>) => {
    const { accessKeyId, secretAccessKey } = await resolve(configuration).endpointOf(s3LocationOf(uri))!.credentials();
    return `${accessKeyId} ${secretAccessKey}`;
  };
  const file = `credentials=${join(home, 'keys')}`;
  assert.equal(await keysOf('s3://b/k', { environment: KEYS }), 'id key');
  assert.equal(await keysOf('s3://b/k', { environment: { AWS_SHARED_CREDENTIALS_FILE: join(home, 'keys') } }), 'f-id f-key');
  assert.equal(await keysOf('s3://b/k', { setting: `s3://b/root?${file}&profile=other` }), 'o-id o-key');
  assert.equal(await keysOf('s3://b/k', { setting: 's3://b/root?secret=mlpipeline-minio-artifact' }), 'm-id m-key');
  assert.equal(await keysOf('s3://models/team-a', { launcherConfig }), 'a-id a-key');
  assert.equal(await keysOf('minio://b/k', { setting: 'minio://b/root?endpoint=http://h:1' }), 'm-id m-key');
});

test('keys that are missing are asked for with the next step.', async () => {
  const refusal = (pattern: RegExp) => (error: unknown) =>
    error instanceof ProductError && pattern.test(`${error.message} ${error.hint}`);
  const rows: readonly [string, Partial<ObjectStoreConfiguration>, RegExp][] = [
    ['s3://b/k', { setting: 's3://b/root' }, /there is no file .*set AWS_ACCESS_KEY_ID/],
    [
      's3://b/k',
      { setting: 's3://b/root?secret=nope' },
      /secret "nope".*pipewright secret create nope --from-literal accesskey=/,
    ],
    ['minio://b/k', { launcherConfig }, /secret "minio-keys".*not found/],
    ['gs://b/k', { launcherConfig }, /service account's token.*HMAC keys/],
  ];
  for (const [uri, configuration, pattern] of rows)
    await assert.rejects(resolve(configuration).endpointOf(s3LocationOf(uri))!.credentials(), refusal(pattern), uri);
});

test('settings that are wrong are refused with their place.', () => {
  const rows: readonly [Partial<ObjectStoreConfiguration>, RegExp][] = [
    [{ setting: 'ftp://b/k' }, /s3:\/\/bucket\/prefix/],
    [{ setting: 's3://b/k?regio=x' }, /"regio" is not known/],
    [{ setting: 's3://b/k?path_style=yes' }, /path_style is true or false/],
    [{ setting: 's3://b/k?endpoint=http://' }, /endpoint is not a URL/],
    [{ launcherConfig: { providers: 'azure: {}' } }, /providers\.azure: there is no such provider/],
    [{ launcherConfig: { providers: '- a' } }, /providers: it is not a map/],
    [
      { launcherConfig: { providers: 's3: {default: {region: 1, credentials: {}}}' } },
      /s3\.default\.region.*s3\.default\.credentials/,
    ],
    [{ launcherConfig: { providers: 's3: {overrides: [{keyPrefix: x}]}' } }, /s3\.overrides\[0\]: it has no bucketName/],
  ];
  for (const [configuration, pattern] of rows) {
    assert.throws(
      () => resolve(configuration),
      (error) =>
        error instanceof ProductError &&
        error.code === 'INVALID_USAGE' &&
        pattern.test([error.message, ...error.problems.map(({ path, message }) => `${path}: ${message}`)].join(' ')),
      JSON.stringify(configuration),
    );
  }
});
