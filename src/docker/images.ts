/** What can be done with images in the daemon's store. Throws DockerError. */
import type { Readable } from 'node:stream';
import type { DockerApi } from './docker-api.ts';
import { buildKitTrace } from './buildkit-trace.ts';
import { ifFound } from './docker-api.ts';
import { parseImageReference, repositoryOf } from './image-reference.ts';
import { readProgress, type ProgressLine } from './progress.ts';

export interface ImageFacts {
  /** `sha256:…` of its configuration. */
  readonly id: string;
  readonly user: string;
  readonly workingDir: string;
  /** The program and its arguments a container runs when it is told nothing else. */
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** `name@sha256:…` for every registry it was pulled from or pushed to. */
  readonly repoDigests: readonly string[];
}

/** Undefined if the image is not there. */
export async function inspectImage(
  api: DockerApi,
  image: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ImageFacts | undefined> {
  const answer = (await ifFound(api.call('GET', `/images/${encodeImage(image)}/json`, options))) as InspectedImage | undefined;
  if (!answer) return undefined;
  const { User = '', WorkingDir = '', Entrypoint, Cmd } = answer.Config ?? {};
  return {
    id: answer.Id,
    user: User,
    workingDir: WorkingDir,
    entrypoint: Entrypoint ?? [],
    cmd: Cmd ?? [],
    repoDigests: answer.RepoDigests ?? [],
  };
}

interface InspectedImage {
  readonly Id: string;
  readonly RepoDigests?: readonly string[] | null;
  readonly Config?: {
    readonly User?: string;
    readonly WorkingDir?: string;
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
  } | null;
}

/** Whether there is a file at the path. Throws DockerError. */
export async function imageHas(
  api: DockerApi,
  imageId: string,
  { path, labels }: { readonly path: string; readonly labels: Readonly<Record<string, string>> },
): Promise<boolean> {
  return lookInto(api, imageId, labels, async (containerId) => {
    const found = api.call('HEAD', `/containers/${containerId}/archive`, { query: { path } }).then(() => true);
    return (await ifFound(found)) ?? false;
  });
}

/** Has a container of an image, for as long as the work takes; it is never started. Throws DockerError, or what the work throws. */
export async function lookInto<T>(
  api: DockerApi,
  imageId: string,
  labels: Readonly<Record<string, string>>,
  work: (containerId: string) => Promise<T>,
): Promise<T> {
  // A command has to be given for an image that has none; it is not run.
  const body = { Image: imageId, Entrypoint: ['/'], Labels: labels };
  const { Id } = (await api.call('POST', '/containers/create', { body })) as { readonly Id: string };
  try {
    return await work(Id);
  } finally {
    // What is left is found by its labels.
    await api.call('DELETE', `/containers/${Id}`, { query: { force: true, v: true } }).catch(() => {});
  }
}

/** `auth`: see registryAuth. Aborting the signal ends the pull, with a throw. */
export async function pullImage(
  api: DockerApi,
  image: string,
  options: { readonly auth: string; readonly onProgress?: (line: ProgressLine) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const { tag, digest } = parseImageReference(image) ?? {};
  // Without a tag the daemon would pull every tag there is.
  const name = tag === 'latest' && !image.endsWith(':latest') ? `${image}:latest` : image;
  const response = await api.open('POST', '/images/create', {
    query: { fromImage: name, ...(digest === undefined ? {} : { tag: digest }) },
    headers: { 'x-registry-auth': options.auth },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  await readProgress(response, options.onProgress ?? (() => {}));
}

export interface BuildOptions {
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The stage to end with. Default: the last. */
  readonly target?: string;
  /** With the daemon's BuildKit instead of its classic builder. */
  readonly isForBuildKit: boolean;
  readonly onOutput: (text: string) => void;
}

/** Builds from a tar archive. */
export async function buildImage(api: DockerApi, context: Readable, options: BuildOptions): Promise<void> {
  const { dockerfile, tag, buildArgs, target, isForBuildKit, onOutput } = options;
  const response = await api.open('POST', '/build', {
    query: {
      dockerfile,
      t: tag,
      rm: true,
      forcerm: true,
      buildargs: JSON.stringify(buildArgs),
      target,
      version: isForBuildKit ? 2 : undefined,
    },
    body: context,
    headers: { 'content-type': 'application/x-tar' },
  });
  const trace = buildKitTrace();
  await readProgress(response, ({ stream, aux }) => {
    if (stream !== undefined) onOutput(stream);
    if (typeof aux === 'string') onOutput(trace.add(aux));
  });
}

/** Returns the digest the registry knows it by. */
export async function pushImage(api: DockerApi, image: string, { auth }: { readonly auth: string }): Promise<string> {
  const { tag = 'latest' } = parseImageReference(image) ?? {};
  const name = repositoryOf(image);
  const response = await api.open('POST', `/images/${encodeImage(name)}/push`, {
    query: { tag },
    headers: { 'x-registry-auth': auth },
  });
  let digest: string | undefined;
  await readProgress(response, ({ aux }) => {
    if (typeof aux !== 'string') digest = aux?.Digest ?? digest;
  });
  if (digest !== undefined) return digest;
  const known = (await inspectImage(api, image))?.repoDigests.find((entry) => entry.startsWith(`${name}@`));
  return known?.slice(name.length + 1) ?? '';
}

export async function tagImage(api: DockerApi, image: string, target: string): Promise<void> {
  const { tag = 'latest' } = parseImageReference(target) ?? {};
  await api.call('POST', `/images/${encodeImage(image)}/tag`, { query: { repo: repositoryOf(target), tag } });
}

/** Slashes stay: the daemon's routes take the name as the rest of the path. */
function encodeImage(image: string): string {
  return encodeURIComponent(image).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@');
}
