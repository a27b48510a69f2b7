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

/** Pipeline documents by their SHA-256, those used last in memory. */
export function documentCache(store: Store): DocumentCache {
  const documents = new Map<string, PipelineDocument>();
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
      const document = documents.get(digest) ?? readPipeline(await text(digest));
      documents.delete(digest);
      documents.set(digest, document);
      if (documents.size > MAX_DOCUMENTS) documents.delete(documents.keys().next().value!);
      return document;
    },
  };
}
