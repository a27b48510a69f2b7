import { createHash } from 'node:crypto';
import { ProductError } from '../base/errors.ts';
import { readPipeline } from '../ir/read.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { Store } from '../store/store.ts';

export interface DocumentCache {
  /** Keeps a text and says under which digest. */
  save(text: string): Promise<string>;
  text(digest: string): Promise<string>;
  /** The pipeline of a kept text; the same object for the same text, which spares the engine to write it again. */
  pipeline(digest: string): Promise<PipelineDocument>;
}

const MAX_DOCUMENTS = 64;
/** Of the texts of documents in memory; what is read of them takes a few times as much. */
const MAX_CHARACTERS = 64 * 2 ** 20;

/** Pipeline documents by their SHA-256, those used last in memory. */
export function documentCache(store: Pick<Store, 'loadDocument' | 'saveDocument'>): DocumentCache {
  const documents = new Map<string, { readonly document: PipelineDocument; readonly characters: number }>();
  let characters = 0;
  const read = async (digest: string) => {
    const body = await text(digest);
    return { document: readPipeline(body), characters: body.length };
  };
  const forget = (digest: string) => {
    characters -= documents.get(digest)?.characters ?? 0;
    documents.delete(digest);
  };
  const text = async (digest: string) => {
    const body = await store.loadDocument(digest);
    if (body === undefined) throw new ProductError('NOT_FOUND', `the document ${digest} is no longer stored`);
    return body;
  };
  return {
    async save(body) {
      const digest = createHash('sha256').update(body).digest('hex');
      await store.saveDocument(digest, body);
      return digest;
    },
    text,
    async pipeline(digest) {
      const kept = documents.get(digest) ?? (await read(digest));
      // What is used goes to the end; what was used longest ago is at the beginning.
      forget(digest);
      documents.set(digest, kept);
      characters += kept.characters;
      while (documents.size > MAX_DOCUMENTS || (characters > MAX_CHARACTERS && documents.size > 1))
        forget(documents.keys().next().value!);
      return kept.document;
    },
  };
}
