/** The SDK's CreatePVC and DeletePVC tasks: container tasks with a stand-in image that the executor carries out itself. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { derivedUuid } from '../base/ids.ts';
import type { JsonValue } from '../base/json.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { TaskLaunch } from './executor.ts';

const VOLUME_IMAGE = /^(?:.*\/)?argostub\/(createpvc|deletepvc)(?::.*)?$/;

export function isVolumeOperation({ image }: Pick<TaskLaunch, 'image'>): boolean {
  return image.startsWith('argostub/') || VOLUME_IMAGE.test(image);
}

/** The folder that stands for a persistent volume claim. */
export function volumeFolder(dataDir: string, name: string): string {
  return join(dataDir, 'volumes', name);
}

/** Claims' names are DNS subdomains in Kubernetes; that they are also keeps them from leaving the volumes' folder. */
export const isVolumeName = (name: string): boolean => name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);

/** `again`: the operation may have been carried out before a restart, so that a volume that is gone already is no error. */
export async function runVolumeOperation(
  launch: TaskLaunch,
  options: { readonly dataDir: string; readonly again: boolean },
): Promise<AttemptOutcome> {
  const { parameters } = launch.inputs;
  if (VOLUME_IMAGE.exec(launch.image)?.[1] === 'createpvc') return createVolume(launch, options.dataDir);
  const name = parameters['pvc_name'];
  if (typeof name !== 'string' || !isVolumeName(name)) return failed(`pvc_name must be the name of a volume, not ${shown(name)}`);
  const folder = volumeFolder(options.dataDir, name);
  if (!existsSync(folder) && !options.again) {
    return failed(`failed to delete pvc "${name}": persistentvolumeclaims "${name}" not found`);
  }
  await rm(folder, { recursive: true, force: true });
  return { kind: 'succeeded', outputs: { parameters: {}, artifacts: {} } };
}

async function createVolume({ inputs: { parameters }, outputs, taskUuid }: TaskLaunch, dataDir: string): Promise<AttemptOutcome> {
  const { pvc_name: fixed, pvc_name_suffix: suffix, access_modes: modes, size } = parameters;
  if (isGiven(fixed) && isGiven(suffix)) return failed('at most one of pvc_name and pvc_name_suffix can be given');
  if (!Array.isArray(modes) || modes.length === 0)
    return failed('parameter access_modes is required: a list such as ["ReadWriteOnce"]');
  if (!isGiven(size)) return failed('parameter size is required: a quantity such as "5Gi"');
  const unique = derivedUuid('pvc', taskUuid);
  const name = isGiven(fixed) ? text(fixed) : unique + text(suffix);
  if (!isVolumeName(name)) return failed(`${shown(name)} cannot be the name of a volume`);
  await mkdir(volumeFolder(dataDir, name), { recursive: true, mode: 0o777 });
  const declared = Object.hasOwn(outputs.parameters, 'name') ? { name } : {};
  return { kind: 'succeeded', outputs: { parameters: declared, artifacts: {} } };
}

const isGiven = (value: JsonValue | undefined): boolean => value !== undefined && value !== null && value !== '';

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

const shown = (value: JsonValue | undefined): string => JSON.stringify(value ?? null);

function failed(message: string): AttemptOutcome {
  return { kind: 'failed', error: { code: 1, cause: 'input', message } };
}
