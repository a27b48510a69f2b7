import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { currentContext, environmentTls } from './docker-context.ts';
import type { DockerEndpoint } from './docker-endpoint.ts';

/**
 * Where the Docker daemon listens: DOCKER_HOST if it is set, else the context in use, else the first socket that we may use, of Docker,
 * rootless Docker, Docker Desktop, Colima, Podman. If we may use none, one that is there, or the usual path, so that a message can
 * name it. Throws UNAVAILABLE with the next step for a context that is not there.
 */
export function findDocker(environment: Readonly<Record<string, string | undefined>>, isAllowed = mayUse): DockerEndpoint {
  const { DOCKER_HOST: host, XDG_RUNTIME_DIR: runtime, HOME: home } = environment;
  if (host) {
    const tls = environmentTls(environment);
    return { address: host, ...(tls ? { tls } : {}) };
  }
  const context = currentContext(environment);
  if (context) return context;
  const candidates = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    ...(home ? [join(home, '.docker/run/docker.sock'), join(home, '.colima/default/docker.sock')] : []),
    ...(runtime ? [join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  const { R_OK, W_OK, F_OK } = constants;
  const path = candidates.find((each) => isAllowed(each, R_OK | W_OK)) ?? candidates.find((each) => isAllowed(each, F_OK));
  return { address: `unix://${path ?? candidates[0]}` };
}

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
