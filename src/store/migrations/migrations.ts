import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { MigrationName } from './migration-names.ts';
import { runsAndArtifacts } from './0001-runs-and-artifacts.ts';
import { catalogue } from './0002-catalogue.ts';
import { access } from './0003-access.ts';
import { leases } from './0004-leases.ts';
import { placement } from './0005-placement.ts';
import { listIndexes } from './0007-list-indexes.ts';
import { documentReferences } from './0008-document-references.ts';
import { runsOfAPipeline } from './0009-runs-of-a-pipeline.ts';

/** What the migrations may use of the database they run on. */
export interface MigrationTarget {
  /** SQLite: keep a table inside the tree of its primary key, which halves what a write touches. */
  readonly withoutRowid: boolean;
  /** For what only raw SQL can say, such as triggers. */
  readonly dialect: 'sqlite' | 'postgres';
}

type Step = (db: Kysely<unknown>, target: MigrationTarget) => Promise<void>;

/** All migrations, in order. One that was released is never edited: a change is a new one at the end. */
const STEPS: Readonly<Record<MigrationName, Step>> = {
  '0001-runs-and-artifacts': runsAndArtifacts,
  '0002-catalogue': catalogue,
  '0003-access': access,
  '0004-leases': leases,
  '0005-placement': placement,
  '0007-list-indexes': listIndexes,
  '0008-document-references': documentReferences,
  '0009-runs-of-a-pipeline': runsOfAPipeline,
};

export function migrationsFor(target: MigrationTarget): Record<string, Migration> {
  return Object.fromEntries(Object.entries(STEPS).map(([name, step]) => [name, { up: (db) => step(db, target) }]));
}
