import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';

/** Where a store looks, in the words of the Python SDK's ComponentStore. */
export interface SearchPlaces {
  /** Folders. */
  readonly localSearchPaths: readonly string[];
  /** Put in front of the name as they are, so they normally end in a slash. */
  readonly urlSearchPrefixes: readonly string[];
  /** URL with {name}, {digest} and {tag}. */
  readonly uriSearchTemplate?: string;
}

export interface Version {
  /** SHA-256 of the component, or its git blob digest. */
  readonly digest?: string;
  readonly tag?: string;
}

export type Location = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'url'; readonly url: string };

export const COMPONENT_FILE = 'component.yaml';

/** Throws a ProductError for a name, digest or tag that cannot be looked up. */
export function checkName(name: string, version: Version): void {
  if (name === '')
    throw new ProductError('INVALID_USAGE', 'the name of the component is missing', {
      hint: 'pass a name such as "bigquery/query"',
    });
  if (name.startsWith('/') || name.endsWith('/')) {
    throw new ProductError('INVALID_USAGE', `a component name does not start or end with a slash: "${name}"`, {
      hint: `use "${name.replace(/^\/+|\/+$/g, '')}"`,
    });
  }
  if (name.split('/').some((step) => step === '..' || step === '.')) {
    throw new ProductError('INVALID_USAGE', `a component name does not contain "." or ".." steps: "${name}"`, {
      hint: 'add the other folder to localSearchPaths',
    });
  }
  if (version.digest !== undefined && version.tag !== undefined) {
    throw new ProductError('INVALID_USAGE', 'a digest and a tag cannot be asked for together', {
      hint: 'the digest alone already names one version',
    });
  }
}

/** The path of a component below each place: `<name>/component.yaml`, or below `versions` for a digest or tag. */
export function pathSuffix(name: string, version: Version): string {
  if (version.digest !== undefined) return `${name}/versions/sha256/${version.digest.replace(/^sha256:/, '')}`;
  if (version.tag !== undefined) return `${name}/versions/tags/${version.tag}`;
  return `${name}/${COMPONENT_FILE}`;
}

/** All places in the order they are tried: folders, then the template, then the prefixes. */
export function locations(name: string, version: Version, places: SearchPlaces): readonly Location[] {
  const suffix = pathSuffix(name, version);
  const template = places.uriSearchTemplate;
  return [
    ...places.localSearchPaths.map((folder) => ({ kind: 'file' as const, path: join(folder, suffix) })),
    ...(template === undefined ? [] : templateUrls(template, name, version)).map((url) => ({ kind: 'url' as const, url })),
    ...places.urlSearchPrefixes.map((prefix) => ({ kind: 'url' as const, url: prefix + suffix })),
  ];
}

/**
 * The template with its variables filled in by RFC 6570, where `{name}` escapes the slashes of a name. Most hosts want them as
 * they are, so a name with slashes gives a second URL with the slashes left alone.
 */
function templateUrls(template: string, name: string, version: Version): readonly string[] {
  const expand = (keepSlashes: boolean) =>
    template.replace(/\{(\+?)(name|digest|tag)\}/g, (_, reserved: string, variable: 'name' | 'digest' | 'tag') => {
      const value = variable === 'name' ? name : (version[variable] ?? '');
      return reserved === '+' || keepSlashes ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
    });
  return [...new Set([expand(false), expand(true)])];
}

export function locationText(location: Location): string {
  return location.kind === 'file' ? location.path : location.url;
}
