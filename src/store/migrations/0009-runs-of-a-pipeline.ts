import type { Kysely } from 'kysely';

/** The runs of one pipeline are found without looking at all others. */
export async function runsOfAPipeline({ schema }: Kysely<unknown>): Promise<void> {
  await schema.createIndex('run_details_pipeline').on('run_details').columns(['pipeline_id', 'run_id']).execute();
}
