import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { JsonValue } from '../base/json.ts';
import { COMPONENT_FILE } from './component-locations.ts';
import { componentDigest } from './digest.ts';

/**
 * A folder of component files, served at plain URLs so that any ComponentStore, the Python one included, finds them: the
 * files at their own paths, and for each component its `versions/sha256/<digest>` and `versions/tags/<tag>`. Every folder
 * also answers `index.json`, the list that our store takes its suggestions from.
 */
export interface Catalogue {
  readonly folder: string;
  /** By path with forward slashes, relative to the folder. */
  readonly entries: ReadonlyMap<string, CatalogueEntry>;
}

export interface CatalogueEntry {
  readonly path: string;
  /** What a store prefix plus a name leads to: the folder of a `component.yaml`, or the path of another file. */
  readonly name: string;
  /** The `name:` of the file. */
  readonly title: string;
  readonly description: string;
  readonly digest: string;
}

export type CatalogueAnswer =
  | { readonly kind: 'file'; readonly path: string; readonly contentType: 'application/yaml'; readonly digest: string }
  | { readonly kind: 'json'; readonly body: JsonValue }
  | { readonly kind: 'missing' };

/** Bounds of a walk through a folder. */
const MAX_FILES = 20_000;
const MAX_FOLDERS = 20_000;
const MAX_DEPTH = 12;
const IGNORED = ['node_modules', '__pycache__'];

/** Takes stock of a folder once; an entry for each YAML file. Files that cannot be read are left out. */
export function readCatalogue(folder: string): Catalogue {
  const entries = new Map<string, CatalogueEntry>();
  for (const file of yamlFiles(folder)) {
    const path = relative(folder, file).split(sep).join(posix.sep);
    const data = readFileSync(file);
    const name = posix.basename(path) === COMPONENT_FILE ? posix.dirname(path) : path;
    entries.set(path, { path, name, ...headOf(data.toString('utf8')), digest: componentDigest(data) });
  }
  return { folder, entries };
}

function* yamlFiles(folder: string): Generator<string> {
  const waiting = [{ path: folder, depth: 0 }];
  let files = 0;
  for (let folders = 0; folders < MAX_FOLDERS; folders += 1) {
    const next = waiting.pop();
    if (next === undefined) return;
    for (const entry of entriesOf(next.path)) {
      const path = join(next.path, entry.name);
      const isOpen = next.depth < MAX_DEPTH && !entry.name.startsWith('.') && !IGNORED.includes(entry.name);
      if (entry.isDirectory() && isOpen) waiting.push({ path, depth: next.depth + 1 });
      if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue;
      files += 1;
      if (files > MAX_FILES) return;
      if (statSync(path).size <= MAX_INDEXED_BYTES) yield path;
    }
  }
}

/** In order of name; nothing for a folder that may not be read. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Larger files are no components written by hand; they are served, but not listed. */
const MAX_INDEXED_BYTES = 4 * 1024 * 1024;

/** Name and first line of the description, without parsing the whole file. */
function headOf(text: string): { readonly title: string; readonly description: string } {
  const field = (name: string) => {
    const match = new RegExp(`^${name}:[ \\t]*(?:[|>][-+0-9]*[ \\t]*\\n[ \\t]*)?(.*)$`, 'm').exec(text);
    return (match?.[1] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2');
  };
  return { title: field('name'), description: field('description') };
}

/**
 * What a GET of a path below the catalogue is answered with. Pure: the catalogue is a snapshot, and only paths in it are ever
 * answered, so no request reaches outside the folder.
 */
export function catalogueAnswer(catalogue: Catalogue, requestPath: string): CatalogueAnswer {
  const path = decodedPath(requestPath);
  if (path === undefined) return { kind: 'missing' };
  const direct = catalogue.entries.get(path) ?? versioned(catalogue, path);
  if (direct !== undefined)
    return { kind: 'file', path: join(catalogue.folder, direct.path), contentType: 'application/yaml', digest: direct.digest };
  const folder = path === 'index.json' ? '' : path.endsWith('/index.json') ? path.slice(0, -'index.json'.length) : undefined;
  return folder === undefined ? { kind: 'missing' } : indexOf(catalogue, folder);
}

function decodedPath(requestPath: string): string | undefined {
  try {
    return decodeURIComponent(requestPath.replace(/[?#].*$/s, '')).replace(/^\/+/, '');
  } catch {
    return undefined;
  }
}

/** `<name>/versions/sha256/<digest>`, and `<name>/versions/tags/<tag>` where the top folder of the catalogue is named after a tag. */
function versioned(catalogue: Catalogue, path: string): CatalogueEntry | undefined {
  const match = /^(.*)\/versions\/(sha256|tags)\/([^/]+)$/.exec(path);
  if (match === null) return undefined;
  const [, name = '', by, version = ''] = match;
  const [top = '', ...rest] = name.split('/');
  if (by === 'tags') return catalogue.entries.get([version, ...rest, COMPONENT_FILE].join('/'));
  const below = rest.join('/');
  const tags = [top, ...new Set([...catalogue.entries.keys()].map((key) => key.split('/')[0]!))];
  return tags
    .map((tag) => catalogue.entries.get(`${tag}/${below}/${COMPONENT_FILE}`))
    .find((entry) => entry?.digest === version.toLowerCase());
}

/** The components below a folder, with names relative to it; missing when there are none. */
function indexOf(catalogue: Catalogue, folder: string): CatalogueAnswer {
  const files = [...catalogue.entries.values()].filter((entry) => entry.path.startsWith(folder));
  if (files.length === 0) return { kind: 'missing' };
  const body = files.map(({ path, title, description, digest }) => ({
    path: path.slice(folder.length),
    name: title,
    description,
    digest,
  }));
  return { kind: 'json', body: { count: files.length, files: body } };
}

/** Components whose title, path or description contains a text, whatever its case; every one for an empty text. */
export function searchCatalogue(catalogue: Catalogue, text: string): readonly CatalogueEntry[] {
  const wanted = text.toLowerCase();
  return [...catalogue.entries.values()].filter((entry) =>
    [entry.title, entry.path, entry.description].some((field) => field.toLowerCase().includes(wanted)),
  );
}
