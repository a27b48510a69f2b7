/** Who we are for a registry, as `docker login` and Kubernetes keep it: documents with `auths` by registry. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../base/json.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** A token instead of a password (`identitytoken` of the document). */
  readonly identityToken?: string;
}

/** Docker's name for its own registry in these documents. */
const DOCKER_HUB = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'registry-1.docker.io'];

/**
 * The entry for a registry in the text of a `config.json`, a `.dockerconfigjson` or a `.dockercfg`; undefined if there is none or
 * the text is not such a document.
 */
export function findCredentials(text: string, registry: string): RegistryCredentials | undefined {
  const auths = authsOf(text);
  for (const [key, entry] of Object.entries(auths ?? {})) {
    if (!isJsonObject(entry) || !isSameRegistry(key, registry)) continue;
    const found = credentialsOf(entry);
    if (found) return found;
  }
  return undefined;
}

/** The helper program the document names for a registry (`docker-credential-NAME`); undefined if it names none. */
export function credentialHelper(text: string, registry: string): string | undefined {
  const document = parsed(text);
  const helpers = document?.['credHelpers'];
  const named = isJsonObject(helpers) ? helpers[registry] : undefined;
  const name = named ?? document?.['credsStore'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The user's own document, of `docker login`; "" if there is none. */
export async function readDockerConfig(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = environment['DOCKER_CONFIG'] || join(environment['HOME'] || '/', '.docker');
  return readFile(join(folder, 'config.json'), 'utf8').catch(() => '');
}

/** The value of the header X-Registry-Auth. */
export function registryAuth(credentials: RegistryCredentials | undefined, registry: string): string {
  const document = credentials && {
    username: credentials.username,
    password: credentials.password,
    ...(credentials.identityToken === undefined ? {} : { identitytoken: credentials.identityToken }),
    serveraddress: registry === 'docker.io' ? DOCKER_HUB[0] : registry,
  };
  // With its padding, which Node's base64url leaves out and daemons before 23 insist on.
  return Buffer.from(JSON.stringify(document ?? {}))
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

function parsed(text: string): JsonObject | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isJsonObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** A `.dockercfg` is the map itself. */
function authsOf(text: string): JsonObject | undefined {
  const document = parsed(text);
  const auths = document?.['auths'];
  return isJsonObject(auths) ? auths : document;
}

function isSameRegistry(key: string, registry: string): boolean {
  if (registry === 'docker.io' && DOCKER_HUB.includes(key)) return true;
  return key.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '') === registry;
}

function credentialsOf(entry: JsonObject): RegistryCredentials | undefined {
  const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : '');
  const decoded = Buffer.from(text('auth'), 'base64').toString();
  const colon = decoded.indexOf(':');
  const username = text('username') || (colon > 0 ? decoded.slice(0, colon) : '');
  const password = text('password') || (colon > 0 ? decoded.slice(colon + 1).replace(/\0+$/, '') : '');
  const identityToken = text('identitytoken');
  if (username === '' && identityToken === '') return undefined;
  return { username, password, ...(identityToken === '' ? {} : { identityToken }) };
}
