/** The places that `docker context` keeps: a folder for each, named after the hash of its name. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';
import { isJsonObject, type JsonValue } from '../base/json.ts';
import type { DockerEndpoint, DockerTls } from './docker-endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The one that DOCKER_CONTEXT names, else the one that was chosen with `docker context use`; undefined for `default`, and if there is
 * none. Throws UNAVAILABLE with the next step if it is not there.
 */
export function currentContext(environment: Environment): DockerEndpoint | undefined {
  const folder = configFolder(environment);
  if (folder === undefined) return undefined;
  const chosen = environment['DOCKER_CONTEXT'] || readJson(join(folder, 'config.json'))?.['currentContext'];
  if (typeof chosen !== 'string' || chosen === '' || chosen === 'default') return undefined;
  const id = createHash('sha256').update(chosen).digest('hex');
  const endpoint = objectOf(objectOf(readJson(join(folder, 'contexts/meta', id, 'meta.json'))?.['Endpoints'])?.['docker']);
  const address = endpoint?.['Host'];
  if (typeof address !== 'string' || address === '') {
    throw new ProductError('UNAVAILABLE', `there is no docker context "${chosen}"`, {
      hint: 'choose another with docker context use NAME, or set DOCKER_HOST',
    });
  }
  const tls = readTls(join(folder, 'contexts/tls', id, 'docker'), { isVerified: endpoint?.['SkipTLSVerify'] !== true });
  return { address, ...(tls ? { tls } : {}) };
}

/** What DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH say about DOCKER_HOST; undefined if it is not to be encrypted. */
export function environmentTls(environment: Environment): DockerTls | undefined {
  const { DOCKER_TLS_VERIFY: verify, DOCKER_TLS: plain, DOCKER_CERT_PATH: path } = environment;
  if (!verify && !plain && !path) return undefined;
  const isVerified = Boolean(verify);
  const folder = path || configFolder(environment);
  return (folder === undefined ? undefined : readTls(folder, { isVerified })) ?? { rejectUnauthorized: isVerified };
}

/** Undefined if there is none of the files. */
function readTls(folder: string, { isVerified }: { readonly isVerified: boolean }): DockerTls | undefined {
  const found: { ca?: string; cert?: string; key?: string } = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const file = join(folder, `${name}.pem`);
    if (existsSync(file)) found[name] = readFileSync(file, 'utf8');
  }
  return Object.keys(found).length === 0 ? undefined : { ...found, rejectUnauthorized: isVerified };
}

function configFolder({ DOCKER_CONFIG: config, HOME: home }: Environment): string | undefined {
  return config || (home ? join(home, '.docker') : undefined);
}

/** Undefined if it is not there, or is no object. */
function readJson(file: string) {
  try {
    return objectOf(JSON.parse(readFileSync(file, 'utf8')) as JsonValue);
  } catch {
    return undefined;
  }
}

const objectOf = (value: JsonValue | undefined) => (value !== undefined && isJsonObject(value) ? value : undefined);
