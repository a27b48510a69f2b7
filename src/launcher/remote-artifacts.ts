/**
 * Artifacts in object stores, as a step sees them: files below `/s3`, `/gcs` and `/minio`, where KFP's launcher puts them and its
 * SDK looks for them. Here these are in a private folder of the attempt, which the executor shows at those paths or names instead.
 */
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { ProductError } from '../base/errors.ts';
import type { TaskLaunch } from '../executors/executor.ts';
import { mappedPath } from '../ir/artifact-paths.ts';
import type { TaskError } from '../model/outcome.ts';

type Known = Pick<ArtifactStore, 'localPath' | 'handles'>;

/** `/s3` for `s3://bucket/key`; undefined for what is not kept in an object store of ours. */
export function mountPointOf(uri: string, artifacts: Known): string | undefined {
  if (artifacts.localPath(uri) !== undefined) return undefined;
  const [mountPoint] = /^\/(?:s3|gcs|minio)(?=\/)/.exec(mappedPath(uri)) ?? [];
  return mountPoint !== undefined && artifacts.handles(uri) ? mountPoint : undefined;
}

/** Where an artifact's file is on this machine. `remote`: the attempt's private folder. */
export function hostPathOf(uri: string, host: { readonly artifacts: Known; readonly remote: string }): string {
  const local = host.artifacts.localPath(uri);
  if (local !== undefined) return local;
  return mountPointOf(uri, host.artifacts) === undefined ? mappedPath(uri) : join(host.remote, mappedPath(uri));
}

const SCHEME_OF: Readonly<Record<string, string>> = { s3: 's3://', gcs: 'gs://', minio: 'minio://' };

/** The URI of a path in the attempt's folder; anything else comes back as it is. */
export function uriOfHostPath(path: string, remote: string): string {
  if (!path.startsWith(`${remote}/`)) return path;
  const [, mount = '', rest = ''] = /^\/(s3|gcs|minio)\/(.*)$/s.exec(path.slice(remote.length)) ?? [];
  return mount === '' ? path : SCHEME_OF[mount]! + rest;
}

/** The mount points a step needs; empty for one that has nothing to do with object stores. */
export function mountPointsOf({ taskRoot, inputs, outputs }: TaskLaunch, artifacts: Known): readonly string[] {
  const found = new Set<string>();
  const add = (uri: string) => {
    const mountPoint = mountPointOf(uri, artifacts);
    if (mountPoint !== undefined) found.add(mountPoint);
  };
  add(taskRoot);
  for (const name in outputs.artifacts) add(outputs.artifacts[name]!.uri);
  for (const name in inputs.artifacts) for (const { uri } of inputs.artifacts[name]!) add(uri);
  return [...found];
}

/** Inputs of object stores that nothing is configured for: the step will not find them. */
export function unreachableInputs({ inputs }: TaskLaunch, artifacts: Known): readonly string[] {
  const uris = Object.values(inputs.artifacts).flatMap((list) => list.map(({ uri }) => uri));
  return uris.filter((uri) => /^(s3|gs|minio):\/\//.test(uri) && !artifacts.handles(uri));
}

/**
 * Puts the input artifacts that are in object stores into the attempt's folder. One whose producer wrote nothing is not there, as
 * with a local root. The answer is what went wrong.
 */
export async function downloadInputs(
  launch: TaskLaunch,
  host: { readonly artifacts: ArtifactStore; readonly remote: string },
): Promise<TaskError | undefined> {
  const { artifacts } = host;
  const uris = new Set<string>();
  for (const list of Object.values(launch.inputs.artifacts)) {
    // What an importer has put into the workspace is read from there.
    for (const { uri, metadata } of list)
      if (metadata['_kfp_workspace'] !== true && mountPointOf(uri, artifacts) !== undefined) uris.add(uri);
  }
  // A folder brings what is in it.
  const outermost = [...uris].filter((uri) => ![...uris].some((other) => uri.startsWith(`${other}/`)));
  try {
    await Promise.all(outermost.map((uri) => artifacts.materialise(uri, hostPathOf(uri, host)).catch(ignoreMissing)));
    return undefined;
  } catch (error) {
    return storeError(error);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof ProductError && error.code === 'NOT_FOUND')) throw error;
}

/** A store that is away comes back: that is tried again. What is wrong with the request or the settings stays wrong. */
export function storeError(error: unknown): TaskError {
  const { message } = error as Error;
  if (!(error instanceof ProductError)) return { code: 1, cause: 'system', message };
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { code: 1, cause: error.code === 'UNAVAILABLE' ? 'system' : 'input', message, ...hint };
}
