import type { Kysely } from 'kysely';

/** Whether a run still refers to a document is found along an index, so that documents can be let go of. */
export async function documentReferences({ schema }: Kysely<unknown>): Promise<void> {
  await schema.createIndex('runs_document').on('runs').columns(['document_digest']).execute();
  await schema.createIndex('run_details_inline_spec').on('run_details').columns(['inline_spec_digest']).execute();
}
