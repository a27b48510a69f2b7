import { ProductError, type Problem } from '../base/errors.ts';
import { ComponentCache } from './component-cache.ts';
import { checkName, locations, locationText, type Location, type SearchPlaces, type Version } from './component-locations.ts';
import { ComponentLock } from './component-lock.ts';
import { SourceReader, type Mirror, type SourceOptions } from './component-sources.ts';
import { componentDigest, matchesDigest } from './digest.ts';
import { httpUrl, type Auth } from './fetch-component.ts';
import { knownComponents, type KnownComponent } from './known-names.ts';
import { loadComponentFromBytes, loadComponentFromFile } from './load-component.ts';
import type { LoadedComponent } from './loaded-component.ts';
import { otherSpellings, spellingKey } from './name-spellings.ts';
import { didYouMean } from './nearest-names.ts';
import { environmentMirrors } from './public-components.ts';

export interface ComponentStoreOptions {
  /** Folders. Default, also for null and an empty list: the current folder. */
  readonly localSearchPaths?: readonly string[] | null;
  /** Put in front of the name as they are. Default: none. */
  readonly urlSearchPrefixes?: readonly string[] | null;
  /** URL with {name}, {digest}, {tag}. Default: none. */
  readonly uriSearchTemplate?: string;
  readonly auth?: Auth;
  /** Places that answer for a URL prefix. Default: what COMPONENT_MIRROR says, see `environmentMirrors`. */
  readonly mirrors?: readonly Mirror[];
  /** Keeps what was read from URLs. Default: no cache. */
  readonly cacheFolder?: string;
  /** Pins the content of remote components. Default: no lock. */
  readonly lockFile?: string;
  /** Refuse remote components that are not in the lock yet. Default: false. */
  readonly frozen?: boolean;
  /** Read from folders, mirrors and the cache only. Default: false. */
  readonly offline?: boolean;
  /** For one URL. Default: 30 s. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Called for what a user should know although the component loads. Default: the warnings are in the component only. */
  readonly onWarning?: (warning: Problem) => void;
}

interface Found {
  readonly location: Location;
  readonly data: Uint8Array;
  readonly warnings: readonly Problem[];
}

/**
 * Loads components by name from folders and URLs, in the order of the Python SDK's ComponentStore. Beyond it: content is
 * checked against the digest that was asked for or locked, and a name that is not found leads to the one that was meant.
 */
export class ComponentStore {
  readonly #places: SearchPlaces;
  readonly #sources: SourceOptions;
  readonly #cache: ComponentCache | undefined;
  readonly #lock: ComponentLock | undefined;
  readonly #frozen: boolean;
  readonly #onWarning: (warning: Problem) => void;

  constructor(options: ComponentStoreOptions = {}) {
    const { localSearchPaths, uriSearchTemplate, auth, timeoutMs, maxBytes, signal } = options;
    this.#places = {
      localSearchPaths: localSearchPaths?.length ? localSearchPaths : ['.'],
      urlSearchPrefixes: options.urlSearchPrefixes ?? [],
      ...(uriSearchTemplate === undefined ? {} : { uriSearchTemplate }),
    };
    this.#cache = options.cacheFolder === undefined ? undefined : new ComponentCache(options.cacheFolder);
    this.#sources = {
      mirrors: options.mirrors ?? environmentMirrors(process.env),
      offline: options.offline ?? false,
      ...(this.#cache === undefined ? {} : { cache: this.#cache }),
      ...(auth === undefined ? {} : { auth }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(signal === undefined ? {} : { signal }),
    };
    this.#lock = options.lockFile === undefined ? undefined : new ComponentLock(options.lockFile);
    this.#frozen = options.frozen ?? false;
    this.#onWarning = options.onWarning ?? (() => undefined);
  }

  /** Throws a ProductError: NOT_FOUND with all places that were tried, CONFLICT when the content is not what was asked for. */
  async loadComponent(name: string, version: Version = {}): Promise<LoadedComponent> {
    checkName(name, version);
    const found = (await this.#pinned(name, version)) ?? (await this.#search(name, version));
    this.#verify(name, version, found);
    return this.#loaded(found);
  }

  async loadComponentFromUrl(url: string): Promise<LoadedComponent> {
    const location: Location = { kind: 'url', url: httpUrl(url) };
    const result = await new SourceReader(this.#sources).read(location);
    if (result.kind === 'missing') {
      throw new ProductError('NOT_FOUND', `no component at ${url}: ${result.reason}`, {
        hint: 'check the URL, and that this machine can reach it',
      });
    }
    const found = { location, data: result.data, warnings: staleWarning(location, result.stale) };
    this.#verify(url, {}, found);
    return this.#loaded(found);
  }

  loadComponentFromFile(path: string): LoadedComponent {
    return this.#report(loadComponentFromFile(path));
  }

  /** Components whose name, title or description contains the text, whatever its case; all for an empty text. */
  async search(text: string): Promise<readonly KnownComponent[]> {
    const wanted = text.toLowerCase();
    const { components } = await knownComponents(this.#places, new SourceReader(this.#sources));
    return components.filter(({ name, title, description }) =>
      [name, title, description].some((field) => field.toLowerCase().includes(wanted)),
    );
  }

  list(): Promise<readonly KnownComponent[]> {
    return this.search('');
  }

  /** Content that is named by a digest needs no place when the cache has it. */
  async #pinned(name: string, version: Version): Promise<Found | undefined> {
    const locked = this.#lock?.get(lockKey(name, version));
    const digest = version.digest?.replace(/^sha256:/, '').toLowerCase() ?? locked?.digest;
    const data = digest === undefined ? undefined : this.#cache?.byDigest(digest);
    if (data === undefined) return undefined;
    return { location: { kind: 'url', url: locked?.url ?? `sha256:${digest}` }, data, warnings: [] };
  }

  async #search(name: string, version: Version): Promise<Found> {
    const reader = new SourceReader(this.#sources);
    const tried: string[] = [];
    const found = await this.#tryName(name, version, reader, tried);
    if (found !== undefined) return found;
    const { components, isComplete } = await knownComponents(this.#places, reader);
    const names = [...new Set(components.map((component) => component.name))];
    const sameSpelling = names.filter((other) => spellingKey(other) === spellingKey(name));
    const guesses = sameSpelling.length > 0 || isComplete ? sameSpelling : otherSpellings(name);
    for (const other of guesses) {
      const meant = await this.#tryName(other, version, reader, []);
      if (meant !== undefined) return { ...meant, warnings: [...meant.warnings, spellingWarning(name, other)] };
    }
    throw notFound(name, tried, names);
  }

  /**
   * Each place in turn; what was tried is added to `tried`. Most hosts keep no `versions` folders, so for a digest the current
   * file serves when it is the one that was asked for.
   */
  async #tryName(name: string, version: Version, reader: SourceReader, tried: string[]): Promise<Found | undefined> {
    for (const location of locations(name, version, this.#places)) {
      const result = await reader.read(location);
      if (result.kind === 'found') return { location, data: result.data, warnings: staleWarning(location, result.stale) };
      tried.push(`${locationText(location)} (${result.reason})`);
    }
    for (const location of version.digest === undefined ? [] : locations(name, {}, this.#places)) {
      const result = await reader.read(location);
      const matches = result.kind === 'found' && matchesDigest(result.data, version.digest!) === true;
      if (matches) return { location, data: result.data, warnings: staleWarning(location, result.stale) };
      tried.push(`${locationText(location)} (${result.kind === 'missing' ? result.reason : 'another digest'})`);
    }
    return undefined;
  }

  /** The digest that was asked for, then the lock; a component that is new to the lock is added. */
  #verify(name: string, version: Version, { location, data }: Found): void {
    const actual = componentDigest(data);
    if (version.digest !== undefined && matchesDigest(data, version.digest) !== true) {
      throw new ProductError('CONFLICT', `${locationText(location)} has the digest ${actual}, not ${version.digest}`, {
        hint: 'the content changed, or the digest is of another component: check which one you trust',
      });
    }
    if (this.#lock === undefined || location.kind === 'file' || version.digest !== undefined) return;
    const key = lockKey(name, version);
    const locked = this.#lock.get(key);
    if (locked !== undefined && locked.digest !== actual) {
      throw new ProductError(
        'CONFLICT',
        `${locationText(location)} is not what the lock file has for "${key}": ${actual} instead of ${locked.digest}`,
        {
          hint: 'remove the entry from the lock file to accept the new content',
        },
      );
    }
    if (locked === undefined && this.#frozen) {
      throw new ProductError('CONFLICT', `"${key}" is not in the lock file, and the store is frozen`, {
        hint: 'load it once without frozen, and keep the lock file',
      });
    }
    this.#lock.set(key, { url: locationText(location), digest: actual });
  }

  #loaded({ location, data, warnings }: Found): LoadedComponent {
    return this.#report(loadComponentFromBytes(data, { source: locationText(location), warnings }));
  }

  #report(component: LoadedComponent): LoadedComponent {
    component.warnings.forEach(this.#onWarning);
    return component;
  }
}

function lockKey(name: string, version: Version): string {
  return version.tag === undefined ? name : `${name}@${version.tag}`;
}

function spellingWarning(asked: string, found: string): Problem {
  return {
    path: asked,
    message: `there is no component "${asked}"; "${found}" was loaded`,
    hint: `write "${found}"`,
    severity: 'warning',
  };
}

function staleWarning(location: Location, reason: string | undefined): readonly Problem[] {
  if (reason === undefined) return [];
  return [{ path: locationText(location), message: `the cached copy is used: ${reason}`, severity: 'warning' }];
}

function notFound(name: string, tried: readonly string[], known: readonly string[]): ProductError {
  const hint = didYouMean(name, known) ?? 'check the name, or add a search path or URL prefix';
  return new ProductError('NOT_FOUND', `Component ${name} was not found. Tried the following locations:\n${tried.join('\n')}`, {
    hint,
  });
}
