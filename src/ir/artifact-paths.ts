/** Paths the SDK's runtime computes from URIs (kfp dsl/types/artifact_types.py). */

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
