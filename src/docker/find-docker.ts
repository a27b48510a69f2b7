import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the Docker daemon listens: DOCKER_HOST if it is set, else the first socket that is there, of Docker, rootless Docker,
 * Docker Desktop, Colima, Podman. The usual path if there is none, so that a message can name it.
 */
export function findDocker(environment: Readonly<Record<string, string | undefined>>, exists = existsSync): string {
  const { DOCKER_HOST: host, XDG_RUNTIME_DIR: runtime, HOME: home } = environment;
  if (host) return host;
  const candidates = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    ...(home ? [join(home, '.docker/run/docker.sock'), join(home, '.colima/default/docker.sock')] : []),
    ...(runtime ? [join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  return `unix://${candidates.find((path) => exists(path)) ?? candidates[0]}`;
}
