/** All migrations, in order, apart from what they do: whether a database is up to date can be seen without loading any of them. */
export const MIGRATION_NAMES = [
  '0001-runs-and-artifacts',
  '0002-catalogue',
  '0003-access',
  '0004-leases',
  '0005-placement',
  '0007-list-indexes',
  '0008-document-references',
  '0009-runs-of-a-pipeline',
] as const;

export type MigrationName = (typeof MIGRATION_NAMES)[number];
