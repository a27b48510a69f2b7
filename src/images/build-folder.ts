/** From a folder to an image that is named after its content. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ProductError } from '../base/errors.ts';
import { contextEntries } from './build-context.ts';
import { contextDigest } from './context-digest.ts';
import { baseImages } from './dockerfile.ts';
import type { ImageBackend } from './image-backend.ts';

export interface BuiltFolder {
  /** `repository:sha-<12 digits>` */
  readonly image: string;
  /** It was there already: nothing has changed since it was built. */
  readonly isUnchanged: boolean;
}

export interface BuildFolderOptions {
  /** The image's name without tag and digest. */
  readonly repository: string;
  readonly backend: ImageBackend;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of the Dockerfile. Default: the one in the folder. */
  readonly dockerfile?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage to end with. Default: the last. */
  readonly target?: string;
  /** Its registry may have it from another machine: fetched then instead of built again. Default: false. */
  readonly mayBeInRegistry?: boolean;
  readonly onOutput: (text: string) => void;
}

/** Digits of the digest in a tag; the rest would only make it longer. */
const TAG_DIGITS = 12;
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** Throws ProductError. */
export async function buildFolder(folder: string, options: BuildFolderOptions): Promise<BuiltFolder> {
  const { backend, repository, environment, onOutput, buildArgs = {}, target } = options;
  const dockerfile = dockerfilePath(folder, options.dockerfile);
  const text = readFileSync(resolve(folder, dockerfile), 'utf8');
  const entries = contextEntries(folder, [dockerfile]);
  const more = Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`);
  if (dockerfile !== 'Dockerfile') more.push(isAbsolute(dockerfile) ? text : dockerfile);
  if (target !== undefined) more.push(`target ${target}`);
  for (const base of baseImages(text, buildArgs)) more.push(`${base} ${await idOf(base, backend)}`);
  const image = `${repository}:sha-${(await contextDigest(folder, entries, more)).slice(0, TAG_DIGITS)}`;
  if ((await backend.idOf(image)) !== undefined) return { image, isUnchanged: true };
  if (options.mayBeInRegistry && (await canPull(image, backend))) return { image, isUnchanged: true };
  const proxies = PROXIES.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  await backend.build({
    folder,
    entries,
    dockerfile,
    tag: image,
    buildArgs: { ...Object.fromEntries(proxies), ...buildArgs },
    onOutput,
    ...(target === undefined ? {} : { target }),
  });
  return { image, isUnchanged: false };
}

/** Relative to the folder with slashes, where it is in it; else absolute. */
function dockerfilePath(folder: string, given: string | undefined): string {
  const path = given === undefined ? resolve(folder, 'Dockerfile') : resolve(given);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new ProductError(
      'NOT_FOUND',
      given === undefined ? `there is no Dockerfile in ${folder}` : `there is no file ${given}`,
    );
  }
  const inFolder = relative(folder, path);
  return inFolder.startsWith('..') || isAbsolute(inFolder) ? path : inFolder.split(sep).join('/');
}

/** Whatever keeps it from being fetched, the image can be built; what is wrong with the registry is told by the push. */
async function canPull(image: string, backend: ImageBackend): Promise<boolean> {
  return backend.pull(image).then(
    () => true,
    () => false,
  );
}

/** What an image is built on is part of what it is; it is fetched first, so that the answer is the same the next time. */
async function idOf(base: string, backend: ImageBackend): Promise<string> {
  const id = await backend.idOf(base);
  if (id !== undefined) return id;
  await backend.pull(base);
  return (await backend.idOf(base)) ?? '';
}
