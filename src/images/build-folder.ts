/** From a folder to an image that is named after its content. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';
import { baseImages, contextDigest, contextFiles } from './build-context.ts';
import type { ImageBackend } from './image-backend.ts';

export interface BuiltFolder {
  /** `repository:sha-<12 digits>` */
  readonly image: string;
  /** It was there already: nothing has changed since it was built. */
  readonly isUnchanged: boolean;
}

/** Digits of the digest in a tag; the rest would only make it longer. */
const TAG_DIGITS = 12;
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** `repository`: the image's name without tag and digest. Throws ProductError. */
export async function buildFolder(
  folder: string,
  options: {
    readonly repository: string;
    readonly backend: ImageBackend;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly onOutput: (text: string) => void;
  },
): Promise<BuiltFolder> {
  const { backend, repository, environment, onOutput } = options;
  const files = contextFiles(folder);
  if (!files.includes('Dockerfile')) throw new ProductError('NOT_FOUND', `there is no Dockerfile in ${folder}`);
  const bases: string[] = [];
  for (const base of baseImages(readFileSync(join(folder, 'Dockerfile'), 'utf8')))
    bases.push(`${base} ${await idOf(base, backend)}`);
  const image = `${repository}:sha-${contextDigest(folder, files, bases).slice(0, TAG_DIGITS)}`;
  if ((await backend.idOf(image)) !== undefined) return { image, isUnchanged: true };
  const proxies = PROXIES.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  await backend.build({ folder, files, tag: image, buildArgs: Object.fromEntries(proxies), onOutput });
  return { image, isUnchanged: false };
}

/** What an image is built on is part of what it is; it is fetched first, so that the answer is the same the next time. */
async function idOf(base: string, backend: ImageBackend): Promise<string> {
  const id = await backend.idOf(base);
  if (id !== undefined) return id;
  await backend.pull(base);
  return (await backend.idOf(base)) ?? '';
}

/** The name without tag and digest: what content tags are added to. */
export function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}
