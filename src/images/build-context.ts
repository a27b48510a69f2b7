import { existsSync, readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';
import { readIgnore } from './ignore-file.ts';

/** A context is sent and hashed as a whole. */
const MAX_ENTRIES = 50_000;

export const IGNORE_FILE = '.dockerignore';

/**
 * Files, symbolic links and folders of the folder an image is built from, in order: all but what its .dockerignore leaves out, and
 * its `.git`. Paths with slashes. `kept`: what the builder itself reads, whatever the ignore file says.
 */
export function contextEntries(folder: string, kept: readonly string[]): readonly string[] {
  const ignoreFile = join(folder, IGNORE_FILE);
  const isIgnored = readIgnore(existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : '');
  const always = new Set([...kept, IGNORE_FILE]);
  const entries: string[] = [];
  const walk = (below: string, { mayBeLocked }: { readonly mayBeLocked: boolean }) => {
    for (const entry of filesIn(join(folder, below), { mayBeLocked })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const isWanted = always.has(path) || !isIgnored(path);
      if (entry.isDirectory()) {
        if (path === '.git') continue;
        const at = entries.push(path) - 1;
        // A later line may take back what is in a folder that is left out, so every folder is looked into.
        walk(path, { mayBeLocked: !isWanted });
        if (!isWanted && entries.length === at + 1) entries.pop();
      } else if (isWanted && (entry.isFile() || entry.isSymbolicLink())) {
        entries.push(path);
        if (entries.length > MAX_ENTRIES)
          throw new ProductError('TOO_LARGE', `${folder} has more than ${MAX_ENTRIES} files`, {
            hint: 'leave data out with a .dockerignore',
          });
      }
    }
  };
  walk('', { mayBeLocked: false });
  return entries;
}

/** In the order of their names. A folder that may not be looked into is an error, unless it is not wanted anyway. */
function filesIn(folder: string, { mayBeLocked }: { readonly mayBeLocked: boolean }): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    if (mayBeLocked && (error as NodeJS.ErrnoException).code === 'EACCES') return [];
    throw error;
  }
}
