/** Which artifact stores a platform has: folders of this machine always, object stores as configured, web servers for reading. */
import { join, resolve } from 'node:path';
import { routeArtifacts } from './artifacts/artifact-router.ts';
import type { ArtifactStore } from './artifacts/artifact-store.ts';
import { loadOnUse } from './artifacts/load-on-use.ts';
import { openLocalArtifactStore } from './artifacts/local/local-artifact-store.ts';
import { isLocalUri, localPathOf } from './artifacts/local/local-path.ts';
import { resolveObjectStores } from './artifacts/s3/resolve-endpoint.ts';
import { isUsableS3Uri, s3LocationOf } from './artifacts/s3/s3-location.ts';
import { openWebArtifactStore } from './artifacts/web/web-artifact-store.ts';
import type { Clock } from './base/clock.ts';
import { ProductError } from './base/errors.ts';
import { openSecretStore } from './executors/local-secrets.ts';

export interface ArtifactOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  /**
   * A folder, or `s3://bucket/prefix` with settings behind a `?` (resolve-endpoint.ts). Default: `defaultPipelineRoot` of the
   * ConfigMap kfp-launcher, else the folder `artifacts` of the data folder.
   */
  readonly artifacts?: string;
  /** Default: process.env. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Files that were downloaded from object stores lately may take this much of the disk. */
const CACHE_BYTES = 10 * 2 ** 30;

/** Throws INVALID_USAGE if the setting or the ConfigMap kfp-launcher is wrong. Nothing is asked of the object store yet. */
export async function openArtifacts(options: ArtifactOptions): Promise<ArtifactStore> {
  const { dataDir, clock, artifacts, environment = process.env } = options;
  const folder = artifacts === undefined ? join(dataDir, 'artifacts') : folderOf(artifacts);
  const local = openLocalArtifactStore({ root: folder ?? join(dataDir, 'artifacts') });
  const secrets = openSecretStore(dataDir);
  const launcherConfig = await secrets.read('configmap', 'kfp-launcher');
  const { defaultPipelineRoot, endpointOf } = resolveObjectStores({
    environment,
    readSecret: (name) => secrets.read('secret', name),
    ...(artifacts === undefined || folder !== undefined ? {} : { setting: artifacts }),
    ...(launcherConfig ? { launcherConfig } : {}),
  });
  const cache = { folder: join(dataDir, 'artifact-cache'), maxBytes: CACHE_BYTES };
  const objects = loadOnUse({
    name: 's3',
    handles: (uri) => isUsableS3Uri(uri) && endpointOf(s3LocationOf(uri)) !== undefined,
    async load() {
      const { openS3ArtifactStore } = await import('./artifacts/s3/s3-artifact-store.ts');
      return openS3ArtifactStore({ clock, endpointOf, cache });
    },
  });
  const root = (artifacts === undefined ? defaultPipelineRoot : (folder ?? defaultPipelineRoot)) ?? local.defaultPipelineRoot;
  const router = routeArtifacts([local, openWebArtifactStore(), objects], root);
  if (!router.handles(root)) throw unusableRoot(root);
  return router;
}

/** Undefined for a URI that is not of this machine. */
function folderOf(artifacts: string): string | undefined {
  if (isLocalUri(artifacts)) return localPathOf(artifacts);
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(artifacts) ? undefined : resolve(artifacts);
}

function unusableRoot(root: string): ProductError {
  return new ProductError(
    'INVALID_USAGE',
    `pipelines cannot write to ${root}: no endpoint or credentials are configured for it`,
    {
      hint: 'set AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or providers in the ConfigMap kfp-launcher',
    },
  );
}
