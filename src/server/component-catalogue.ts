import { readFile } from 'node:fs/promises';
import type { Handler } from 'hono';
import { type Catalogue, catalogueAnswer, readCatalogue } from '../components/catalogue.ts';
import type { JsonObject } from '../base/json.ts';
import type { AuthEnv } from './auth/caller.ts';
import { jsonReply } from './dialect.ts';
import { isKnown } from './etag.ts';

/** Below this path the component files of the installation are, for any ComponentStore: `http://HOST/components/`. */
export const CATALOGUE_PATH = '/components/';
/** A folder is taken stock of again after this time: a component that was added is seen without a restart. */
const FRESH_MS = 5_000;

/** Answers for the files of a folder of components, and for `index.json` of each of its folders. */
export function componentCatalogue(folder: string, now: () => number): Handler<AuthEnv> {
  let catalogue: Catalogue | undefined;
  let readAtMs = 0;
  return async (context) => {
    if (!catalogue || now() - readAtMs > FRESH_MS) {
      catalogue = readCatalogue(folder);
      readAtMs = now();
    }
    const answer = catalogueAnswer(catalogue, new URL(context.req.url).pathname.slice(CATALOGUE_PATH.length));
    if (answer.kind === 'missing') return missing();
    if (answer.kind === 'json') return jsonReply(answer.body as JsonObject);
    const etag = `"${answer.digest}"`;
    if (isKnown(context.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers: { etag } });
    // It may have been taken away since stock was taken.
    const content = await readFile(answer.path).catch(() => undefined);
    if (!content) return missing();
    return new Response(content, { headers: { 'content-type': answer.contentType, etag } });
  };
}

const missing = (): Response => new Response('no such component\n', { status: 404, headers: { 'content-type': 'text/plain' } });
