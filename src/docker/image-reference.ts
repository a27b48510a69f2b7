/** The name of an image, taken apart as Docker does (distribution reference grammar). */
export interface ImageReference {
  /** `docker.io` where the name has none. */
  readonly registry: string;
  /** Within the registry: `library/python`. */
  readonly repository: string;
  /** `latest` where neither a tag nor a digest is given. */
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Undefined for what cannot be the name of an image. */
export function parseImageReference(name: string): ImageReference | undefined {
  const [, path, tag, digest] = /^([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@([a-z0-9+._-]+:[0-9a-fA-F]{32,}))?$/.exec(name) ?? [];
  if (path === undefined) return undefined;
  const parts = path.split('/');
  const first = parts[0]!;
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : 'docker.io';
  const rest = hasRegistry ? parts.slice(1) : parts;
  if (rest.some((part) => !PART.test(part))) return undefined;
  const isOfficial = ['docker.io', 'index.docker.io'].includes(registry) && rest.length === 1;
  return {
    registry: registry === 'index.docker.io' ? 'docker.io' : registry,
    repository: (isOfficial ? ['library', ...rest] : rest).join('/'),
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  };
}

/** The name without tag and digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}
