import type { Kysely } from 'kysely';

/** How many iterations a loop has in the end, and where each attempt was placed. */
export async function placement({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('tasks').addColumn('iteration_count', 'integer').execute();
  await schema.alterTable('tasks').addColumn('placement', 'text').execute();
  await schema.alterTable('attempts').addColumn('placement', 'text').execute();
}
