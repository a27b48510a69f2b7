import type { ArtifactStore } from './artifact-store.ts';

/**
 * Several stores as one: each URI goes to the first that handles it. The last one is asked about URIs that none handles: it knows
 * why, and what to configure.
 */
export function routeArtifacts(stores: readonly ArtifactStore[], defaultPipelineRoot: string): ArtifactStore {
  const of = (uri: string): ArtifactStore => stores.find((store) => store.handles(uri)) ?? stores.at(-1)!;
  return {
    name: stores.map(({ name }) => name).join('+'),
    defaultPipelineRoot,
    handles: (uri) => stores.some((store) => store.handles(uri)),
    localPath: (uri) => of(uri).localPath(uri),
    size: async (uri) => of(uri).size(uri),
    exists: async (uri) => of(uri).exists(uri),
    list: async (uri, limit) => (await of(uri).list?.(uri, limit)) ?? [],
    read: async (uri, range) => of(uri).read(uri, range),
    adopt: async (path, uri) => of(uri).adopt(path, uri),
    materialise: async (uri, path) => of(uri).materialise(uri, path),
    remove: async (uri) => of(uri).remove(uri),
  };
}
