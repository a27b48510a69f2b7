import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ProductError } from '../base/errors.ts';
import { isJsonObject } from '../base/json.ts';

/** Usual name of a lock file. */
export const LOCK_FILE = 'components.lock.json';

export interface LockedComponent {
  readonly url: string;
  /** SHA-256 of the component. */
  readonly digest: string;
}

const LOCK_VERSION = 1;

/**
 * Remembers which content each remote component had, so that a pipeline compiles to the same today and next year. Keys are
 * what was asked for: a name, `name@tag`, or a URL.
 */
export class ComponentLock {
  readonly #path: string;
  readonly #components: Map<string, LockedComponent>;

  /** Reads the file; a missing one is an empty lock. */
  constructor(path: string) {
    this.#path = path;
    this.#components = existsSync(path) ? parseLock(readFileSync(path, 'utf8'), path) : new Map();
  }

  get(key: string): LockedComponent | undefined {
    return this.#components.get(key);
  }

  /** Writes the file again, keys in order, when something changed. */
  set(key: string, component: LockedComponent): void {
    const before = this.#components.get(key);
    if (before?.digest === component.digest && before.url === component.url) return;
    this.#components.set(key, component);
    const sorted = Object.fromEntries([...this.#components].sort(([left], [right]) => (left < right ? -1 : 1)));
    const text = `${JSON.stringify({ lockVersion: LOCK_VERSION, components: sorted }, null, 2)}\n`;
    // A reader never sees half a file.
    writeFileSync(`${this.#path}.new`, text);
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function parseLock(text: string, path: string): Map<string, LockedComponent> {
  const broken = (message: string, cause?: unknown) =>
    new ProductError('INVALID_USAGE', `${path} ${message}`, {
      hint: 'restore the file, or delete it to lock the components anew',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken('is not JSON', cause);
  }
  if (!isJsonObject(value) || value['lockVersion'] !== LOCK_VERSION || !isJsonObject(value['components'])) {
    throw broken(`is no lock file of version ${LOCK_VERSION}`);
  }
  return new Map(
    Object.entries(value['components']).map(([key, entry]) => {
      if (isJsonObject(entry) && typeof entry['url'] === 'string' && typeof entry['digest'] === 'string') {
        return [key, { url: entry['url'], digest: entry['digest'] }];
      }
      throw broken(`has a broken entry for "${key}"`);
    }),
  );
}
