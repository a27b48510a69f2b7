import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ProductError } from '../base/errors.ts';
import { openDockerApi } from '../docker/docker-api.ts';
import { dockerAvailability } from '../docker/docker-info.ts';
import { findDocker } from '../docker/find-docker.ts';
import { buildahBackend } from './buildah-backend.ts';
import { dockerBackend } from './docker-backend.ts';
import type { ImageBackend } from './image-backend.ts';

export type Builder = ImageBackend['name'];

/** Docker where a daemon answers, else buildah where it is installed. Throws UNAVAILABLE with what to do if there is neither. */
export async function chooseBackend(
  environment: Readonly<Record<string, string | undefined>>,
  wanted?: Builder,
): Promise<ImageBackend> {
  const hasBuildah = (environment['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'buildah')));
  if (wanted === 'buildah') {
    if (hasBuildah) return buildahBackend(environment);
    throw new ProductError('UNAVAILABLE', 'buildah is not installed', { hint: 'apt-get install buildah, or build with Docker' });
  }
  const api = openDockerApi(findDocker(environment));
  const docker = await dockerAvailability(api);
  if (docker.kind === 'available') return dockerBackend(api, environment);
  if (wanted === undefined && hasBuildah) return buildahBackend(environment);
  throw new ProductError('UNAVAILABLE', `nothing can build images here: ${docker.reason}`, {
    hint: 'start Docker, or install buildah; --no-build-image writes the files only',
  });
}
