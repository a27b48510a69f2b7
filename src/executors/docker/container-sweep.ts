import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerApi } from '../../docker/docker-api.ts';
import type { ContainerRemoval } from './container-removal.ts';
import { attemptFolders } from './docker-attempt.ts';
import type { ModelImages } from './model-images.ts';
import { SANDBOX_SUFFIX } from './step-pod.ts';

interface ListedContainer {
  readonly Id: string;
  readonly Names?: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

/**
 * Removes containers of this data folder, and folders of attempts, that belong to no attempt (an engine was killed before it could),
 * and models that no step has read for long.
 */
export async function sweepContainers(options: {
  readonly api: DockerApi;
  readonly removal: ContainerRemoval;
  readonly models: ModelImages;
  readonly dataDir: string;
  /** `name=value` of our containers. */
  readonly label: string;
  readonly isNeeded: (attemptId: string) => boolean;
  /** Its end was observed: what is left of it waits for its removal. */
  readonly isFinished: (attemptId: string) => boolean;
}): Promise<void> {
  const { api, removal, isNeeded, isFinished } = options;
  const filters = JSON.stringify({ label: [options.label] });
  const listed = await api.call('GET', '/containers/json', { query: { all: true, filters } }).catch(() => undefined);
  if (!Array.isArray(listed)) return;
  const containers = listed as readonly ListedContainer[];
  const folders = attemptFolders(options.dataDir);
  const found = containers
    .map(({ Id, Names, Labels }) => ({ container: Names?.[0]?.slice(1) ?? Id, attemptId: Labels['pipewright.attempt'] ?? '' }))
    .filter(({ container, attemptId }) => !isNeeded(attemptId) && !removal.has(container));
  const ofAttempts = Map.groupBy(found, ({ attemptId }) => attemptId);
  await removal.remove(
    [...ofAttempts].map(([attemptId, group]) => ({
      containers: inOrder(group.map(({ container }) => container)),
      folder: join(folders, attemptId || '.none'),
    })),
  );
  const left = readdirSync(folders).filter((name) => !isNeeded(name) && !isFinished(name));
  await removal.remove(left.map((name) => ({ containers: [], folder: join(folders, name) })));
  await options.models.evict(containers.map(({ Labels }) => Labels));
}

/** The one that the others need goes last. */
function inOrder(names: readonly string[]): readonly string[] {
  const isSandbox = (name: string) => Number(name.endsWith(SANDBOX_SUFFIX));
  return names.toSorted((one, other) => isSandbox(one) - isSandbox(other));
}
