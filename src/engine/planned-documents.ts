/**
 * Pipeline documents with their plans.
 *
 * Owns: the plans that are kept in memory, by the digest of their document. Doesn't own: where documents are stored (store), how
 * one is planned (plan-pipeline.ts).
 */
import { createHash } from 'node:crypto';
import { ProductError } from '../base/errors.ts';
import { readPipelineDocument } from '../ir/read.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { writeDocument } from '../ir/write.ts';
import type { RunDefinition } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import type { Plan } from './plan.ts';
import { planPipeline } from './plan-pipeline.ts';

export interface PlannedDocument {
  readonly document: PipelineDocument;
  readonly plan: Plan;
}

export interface PreparedDocument extends PlannedDocument {
  /** What is stored, and its SHA-256. */
  readonly body: string;
  readonly digest: string;
}

/** A re-run or a resumed run needs no reading. */
const MAX_PLANS_KEPT = 64;

/** Who hands in the same document again (a server its version, a benchmark) does not pay for writing it again. */
const preparedDocuments = new WeakMap<PipelineDocument, PreparedDocument>();

export class PlannedDocuments {
  readonly #store: Store;
  readonly #kept = new Map<string, PlannedDocument>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Plans a document that was handed in. Throws INVALID_PIPELINE. */
  prepare(document: PipelineDocument): PreparedDocument {
    let prepared = preparedDocuments.get(document);
    if (!prepared) {
      const body = writeDocument(document);
      prepared = { document, plan: planPipeline(document), body, digest: createHash('sha256').update(body).digest('hex') };
      preparedDocuments.set(document, prepared);
    }
    this.#keep(prepared.digest, prepared);
    return prepared;
  }

  /** The document of a stored run. Throws NOT_FOUND if it is no longer stored, or cannot be read by this version. */
  async of(run: RunDefinition): Promise<PlannedDocument> {
    const kept = this.#kept.get(run.documentDigest);
    if (kept) return kept;
    const body = await this.#store.loadDocument(run.documentDigest);
    const { document } = body === undefined ? { document: undefined } : readPipelineDocument(body);
    if (!document) {
      const what = body === undefined ? 'is no longer stored' : 'cannot be read by this version';
      throw new ProductError('NOT_FOUND', `the pipeline of run ${run.runId} ${what}`, { hint: 'run the pipeline from its file' });
    }
    const planned = { document, plan: planPipeline(document) };
    this.#keep(run.documentDigest, planned);
    return planned;
  }

  #keep(digest: string, planned: PlannedDocument): void {
    this.#kept.delete(digest);
    this.#kept.set(digest, planned);
    if (this.#kept.size > MAX_PLANS_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
