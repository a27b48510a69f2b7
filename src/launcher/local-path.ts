import type { ArtifactStore } from '../artifacts/artifact-store.ts';

/**
 * The path a step finds an artifact at (`{{$…artifacts['x'].path}}`): where the artifact store keeps it, else the path the
 * SDK's runtime computes from the URI itself (reference: kfp dsl/types/artifact_types.py): `s3://b/k` is `/s3/b/k`.
 */
export function stepPathOf(uri: string, artifacts: Pick<ArtifactStore, 'localPath'>): string {
  return artifacts.localPath(uri) ?? mappedPath(uri);
}

/** Where the SDK's runtime looks for an artifact that an importer has put into the run's workspace. */
export function workspacePathOf(uri: string, workspacePath = '/kfp-workspace'): string {
  return `${workspacePath}/.artifacts/${mappedPath(uri).replace(/^\/+/, '')}`;
}

const MOUNT_OF_SCHEME: Readonly<Record<string, string>> = { gs: '/gcs/', minio: '/minio/', s3: '/s3/' };

/** `oci://reg/model:tag` is `/oci/reg_model:tag/models`; a URI of an unknown scheme is its own path. */
export function mappedPath(uri: string): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/s.exec(uri) ?? [];
  if (scheme === undefined || rest === undefined) return uri;
  if (scheme === 'oci') return `/oci/${rest.replaceAll('/', '_')}/models`;
  const mount = MOUNT_OF_SCHEME[scheme];
  return mount === undefined ? uri : mount + rest;
}
