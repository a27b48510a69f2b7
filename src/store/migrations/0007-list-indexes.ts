import type { Kysely } from 'kysely';

/** Lists of artifacts, and those of one pipeline whatever their type, are walked along an index too. */
export async function listIndexes({ schema }: Kysely<unknown>): Promise<void> {
  const artifacts = (name: string, columns: readonly string[]) =>
    schema
      .createIndex(name)
      .on('artifacts')
      .columns([...columns, 'created_at_ms', 'id'])
      .execute();
  await artifacts('artifacts_created', []);
  await artifacts('artifacts_pipeline', ['namespace', 'pipeline_name']);
  await artifacts('artifacts_run', ['run_id']);
  await artifacts('artifacts_any_type', ['type_name']);
}
