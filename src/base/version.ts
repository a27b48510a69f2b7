import { readFileSync } from 'node:fs';

/** The version of this package, from its package.json, which lies two folders up in a clone and in the published package alike. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
).version;
