import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';

/** A context is sent and hashed as a whole. */
const MAX_FILES = 50_000;

/** The files of a folder an image is built from, in order: all but what its .dockerignore leaves out. Paths with slashes. */
export function contextFiles(folder: string): readonly string[] {
  const ignoreFile = join(folder, '.dockerignore');
  const isIgnored = readIgnore(existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : '');
  const files: string[] = [];
  const walk = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true }).sort((left, right) =>
      left.name < right.name ? -1 : 1,
    )) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      // A later line may take back what is in a folder that is left out, so every folder is looked into; .git is never wanted.
      if (entry.isDirectory()) {
        if (path !== '.git') walk(path);
      } else if ((entry.isFile() || entry.isSymbolicLink()) && (path === 'Dockerfile' || !isIgnored(path))) {
        files.push(path);
        if (files.length > MAX_FILES)
          throw new ProductError('TOO_LARGE', `${folder} has more than ${MAX_FILES} files`, {
            hint: 'leave data out with a .dockerignore',
          });
      }
    }
  };
  walk('');
  return files;
}

/** `.dockerignore` (docs.docker.com, "build context"): the last line that matches a path, or a folder above it, decides. */
export function readIgnore(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const isException = line.startsWith('!');
      const pattern = line
        .slice(isException ? 1 : 0)
        .replace(/^\.?\/+/, '')
        .replace(/\/+$/, '');
      return { isException, pattern: new RegExp(`^${patternText(pattern)}(?:/|$)`) };
    });
  return (path) => rules.reduce((ignored, { isException, pattern }) => (pattern.test(path) ? !isException : ignored), false);
}

function patternText(pattern: string): string {
  return pattern
    .split(/(\*\*\/?|\*|\?|\[[^\]]*\])/)
    .map((part) => {
      if (part.startsWith('**')) return part === '**/' ? '(?:.*/)?' : '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (part.startsWith('[')) return part.replace(/^\[!/, '[^');
      return part.replaceAll(/[.+^${}()|\\]/g, '\\$&');
    })
    .join('');
}

/**
 * What identifies the content an image is built from: names, modes and bytes of its files, and `more` (what its base images are).
 * The image a component.yaml names does not count: it is what a build writes. Lower-case hex of SHA-256.
 */
export function contextDigest(folder: string, files: readonly string[], more: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of more) hash.update(`${text}\0`);
  for (const path of files) {
    const full = join(folder, path);
    const stats = lstatSync(full);
    hash.update(`${path}\0${stats.isSymbolicLink() ? 'link' : stats.mode & 0o111 ? 'program' : 'file'}\0`);
    const content = stats.isSymbolicLink() ? readlinkSync(full) : readFileSync(full);
    hash.update(path === 'component.yaml' ? withoutImage(String(content)) : content).update('\0');
  }
  return hash.digest('hex');
}

const IMAGE_LINE = /^(\s*(?:-\s+)?image:\s*)(?:"[^"]*"|'[^']*'|\S+)/gm;

const withoutImage = (text: string): string => text.replace(IMAGE_LINE, '$1');

/** The same component with another image; every other character stays. `from`: the image it names now. */
export function withImage(text: string, from: string, to: string): string {
  return text.replace(IMAGE_LINE, (whole, key: string) => {
    const value = whole.slice(key.length).replace(/^(['"])(.*)\1$/, '$2');
    return value === from ? key + to : whole;
  });
}

/** The images a Dockerfile begins its stages with, in order; what depends on arguments is left out. */
export function baseImages(dockerfile: string): readonly string[] {
  const stages = new Set(['scratch']);
  const images = new Set<string>();
  for (const [, image, stage] of dockerfile.matchAll(/^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim)) {
    if (!stages.has(image!.toLowerCase()) && !image!.includes('$')) images.add(image!);
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return [...images];
}
