import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import type { BucketCredentials } from './provider-config.ts';
import type { S3Credentials } from './sign-request.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type ReadSecret = (name: string) => Promise<Readonly<Record<string, string>> | undefined>;

/** Names under which installations of KFP, MinIO and AWS keep the two keys in a secret. */
const KEY_NAMES = [
  ['accesskey', 'secretkey'],
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['accessKey', 'secretKey'],
  ['access_key', 'secret_key'],
] as const;

/** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else the profile AWS_PROFILE of the file that AWS's tools use as well. */
export async function environmentCredentials(environment: Environment): Promise<S3Credentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  return await fileCredentials(credentialsFile(environment), environment['AWS_PROFILE'] ?? 'default');
}

export function credentialsFile(environment: Environment): string {
  return environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(environment['HOME'] ?? homedir(), '.aws', 'credentials');
}

export async function fileCredentials(file: string, profile: string): Promise<S3Credentials> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const values = text === undefined ? {} : readProfile(text, profile);
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, aws_session_token: sessionToken } = values;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  const why = text === undefined ? `there is no file ${file}` : `the profile "${profile}" of ${file} has no keys`;
  throw new ProductError('FAILED_PRECONDITION', `there are no credentials for the object store: ${why}`, {
    hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that has keys',
  });
}

/** The settings of one section of AWS's files; in the file `config` a section is called `profile NAME`. */
export function readProfile(text: string, profile: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  let isOurs = false;
  for (const line of text.split('\n')) {
    const section = /^\s*\[\s*(?:profile\s+)?(.+?)\s*\]/.exec(line);
    if (section) isOurs = section[1] === profile;
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (isOurs && name !== undefined && value !== undefined) values[name] = value;
  }
  return values;
}

/** From the installation's secrets. Without names of keys, those that installations use are tried. */
export async function secretCredentials(
  readSecret: ReadSecret,
  wanted: { readonly name: string; readonly accessKeyKey?: string; readonly secretKeyKey?: string },
): Promise<S3Credentials> {
  const { name, accessKeyKey, secretKeyKey } = wanted;
  const values = await readSecret(name);
  const pairs = accessKeyKey && secretKeyKey ? [[accessKeyKey, secretKeyKey] as const] : KEY_NAMES;
  for (const [access, secret] of pairs) {
    const [accessKeyId, secretAccessKey] = [values?.[access], values?.[secret]];
    if (accessKeyId && secretAccessKey) return { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() };
  }
  const [access, secret] = pairs[0]!;
  const why = values ? `has no keys ${access} and ${secret}` : 'was not found in the local store';
  throw new ProductError('FAILED_PRECONDITION', `the secret "${name}" of the object store's credentials ${why}`, {
    hint: `pipewright secret create ${name} --from-literal ${access}=… --from-literal ${secret}=…`,
  });
}

export function tokenRefusal(credentials: Extract<BucketCredentials, { kind: 'token' }>): ProductError {
  const message = `the secret "${credentials.name}" is named as a service account's token, which is not supported`;
  return new ProductError('UNSUPPORTED', message, {
    hint: 'make HMAC keys for the service account (Cloud Storage, Settings, Interoperability) and give accessKeyKey and secretKeyKey',
  });
}
