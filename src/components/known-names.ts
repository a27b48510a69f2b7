import { existsSync } from 'node:fs';
import { isJsonObject } from '../base/json.ts';
import { readCatalogue } from './catalogue.ts';
import { COMPONENT_FILE, type SearchPlaces } from './component-locations.ts';
import type { SourceReader } from './component-sources.ts';

/** A component a store could load. */
export interface KnownComponent {
  /** The name to load it by. */
  readonly name: string;
  /** The `name:` of its file. */
  readonly title: string;
  readonly description: string;
  /** Folder or URL prefix it is below. */
  readonly place: string;
}

/** How far up from a URL prefix a list is looked for. */
const MAX_INDEX_REQUESTS = 4;

export interface KnownComponents {
  readonly components: readonly KnownComponent[];
  /** False when a place has no list, so that it may have more. */
  readonly isComplete: boolean;
}

/**
 * What can be loaded from the places of a store, as far as they can be listed: folders are walked; URL prefixes have a list
 * when an `index.json` is at the prefix or above it, as a served catalogue has. A template has none.
 */
export async function knownComponents(places: SearchPlaces, reader: SourceReader): Promise<KnownComponents> {
  const components: KnownComponent[] = [];
  let isComplete = places.uriSearchTemplate === undefined;
  for (const folder of places.localSearchPaths) components.push(...componentsInFolder(folder, ''));
  for (const prefix of places.urlSearchPrefixes) {
    const listed = await componentsAtPrefix(prefix, reader);
    if (listed === undefined) isComplete = false;
    else components.push(...listed);
  }
  return { components, isComplete };
}

function componentsInFolder(folder: string, below: string): readonly KnownComponent[] {
  if (!existsSync(folder)) return [];
  return [...readCatalogue(folder).entries.values()]
    .filter((entry) => entry.path.endsWith(`/${COMPONENT_FILE}`) && entry.path.startsWith(below))
    .map(({ name, title, description }) => ({ name: name.slice(below.length), title, description, place: folder }));
}

/** Undefined when no list is found. */
async function componentsAtPrefix(prefix: string, reader: SourceReader): Promise<readonly KnownComponent[] | undefined> {
  const mirror = reader.mirrorFolder(prefix);
  if (mirror !== undefined) return componentsInFolder(mirror.folder, mirror.below);
  for (const base of prefixAndParents(prefix)) {
    const result = await reader.read({ kind: 'url', url: `${base}index.json` });
    const paths = result.kind === 'found' ? listedPaths(result.data) : undefined;
    if (paths === undefined) continue;
    return paths
      .map((entry) => ({ ...entry, url: base + entry.path }))
      .filter(({ url }) => url.startsWith(prefix) && url.endsWith(`/${COMPONENT_FILE}`))
      .map(({ url, title, description }) => ({
        name: url.slice(prefix.length, -COMPONENT_FILE.length - 1),
        title,
        description,
        place: prefix,
      }));
  }
  return undefined;
}

/** `http://host/a/b/` → itself, `http://host/a/`, `http://host/`. */
function prefixAndParents(prefix: string): readonly string[] {
  const bases = [prefix.slice(0, prefix.lastIndexOf('/') + 1)];
  while (bases.length < MAX_INDEX_REQUESTS) {
    const last = bases.at(-1)!;
    const parent = last.slice(0, last.lastIndexOf('/', last.length - 2) + 1);
    if (!URL.canParse(parent) || new URL(parent).href.length > parent.length) break;
    bases.push(parent);
  }
  return bases;
}

interface ListedPath {
  readonly path: string;
  readonly title: string;
  readonly description: string;
}

/** The `files` of an index; undefined when the document is something else. */
function listedPaths(data: Uint8Array): readonly ListedPath[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || !Array.isArray(value['files'])) return undefined;
  return value['files'].flatMap((file: unknown) => {
    if (!isJsonObject(file) || typeof file['path'] !== 'string') return [];
    const text = (key: string) => (typeof file[key] === 'string' ? file[key] : '');
    return [{ path: file['path'], title: text('name'), description: text('description') }];
  });
}
