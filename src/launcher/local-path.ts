import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { mappedPath } from '../ir/artifact-paths.ts';

/**
 * The path a step finds an artifact at (`{{$…artifacts['x'].path}}`): where the artifact store keeps it, else the path the
 * SDK's runtime computes from the URI itself (reference: kfp dsl/types/artifact_types.py): `s3://b/k` is `/s3/b/k`.
 */
export function stepPathOf(uri: string, artifacts: Pick<ArtifactStore, 'localPath'>): string {
  return artifacts.localPath(uri) ?? mappedPath(uri);
}
