import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { RegistryCredentials } from './registry-credentials.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks `docker-credential-NAME` (protocol: docker/docker-credential-helpers), where Docker Desktop and cloud vendors keep logins.
 * Undefined if it has nothing, or does not work: an image may be public.
 */
export function askCredentialHelper(name: string, registry: string, path: string): Promise<RegistryCredentials | undefined> {
  const program = path
    .split(delimiter)
    .map((folder) => join(folder, `docker-credential-${name}`))
    .find((file) => existsSync(file));
  if (program === undefined || !/^[\w-]+$/.test(name)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const child = execFile(program, ['get'], { timeout: TIMEOUT_MS }, (error, output) => {
      if (error) return resolve(undefined);
      try {
        const { Username, Secret } = JSON.parse(output) as { readonly Username: string; readonly Secret: string };
        // Their word for a token instead of a password.
        if (Username === '<token>') return resolve({ username: '', password: '', identityToken: Secret });
        resolve({ username: Username, password: Secret });
      } catch {
        resolve(undefined);
      }
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry);
  });
}
