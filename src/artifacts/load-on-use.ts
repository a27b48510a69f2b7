import type { ArtifactStore } from './artifact-store.ts';

export interface LoadedOnUse extends Pick<ArtifactStore, 'name' | 'handles'> {
  /** Called once, when the first artifact is asked for. */
  readonly load: () => Promise<ArtifactStore>;
}

/** A store without files on this machine whose code is loaded when it is first used: most platforms never have an artifact in it. */
export function loadOnUse({ name, handles, load }: LoadedOnUse): ArtifactStore {
  let loading: Promise<ArtifactStore> | undefined;
  const store = () => (loading ??= load());
  return {
    name,
    defaultPipelineRoot: '',
    handles,
    localPath: () => undefined,
    size: async (uri) => (await store()).size(uri),
    exists: async (uri) => (await store()).exists(uri),
    list: async (uri, limit) => (await (await store()).list?.(uri, limit)) ?? [],
    read: async (uri, range) => (await store()).read(uri, range),
    adopt: async (path, uri) => (await store()).adopt(path, uri),
    materialise: async (uri, path) => (await store()).materialise(uri, path),
    remove: async (uri) => (await store()).remove(uri),
  };
}
