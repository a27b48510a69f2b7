import type { DockerInfo } from '../../docker/docker-info.ts';
import { hasNoSpace } from '../full-disk.ts';

/** What is to be said of the log of a container that has ended while the daemon's disk is full: Docker then drops output silently. */
export async function lostOutput({ dataRoot }: Pick<DockerInfo, 'dataRoot'>): Promise<string | undefined> {
  if (dataRoot === '' || !(await hasNoSpace(dataRoot))) return undefined;
  return `the log may be incomplete: the disk of the Docker daemon (${dataRoot}) is full, and it drops output it cannot keep; free some space (docker system prune)`;
}
