import type { CatalogueStore } from '../catalogue-store.ts';
import { artifactRow } from '../records.ts';
import type { ArtifactRecord } from '../schema.ts';
import { experimentCatalogue, recurringRunCatalogue } from './experiment-catalogue.ts';
import { listWith } from './list-queries.ts';
import { pipelineCatalogue } from './pipeline-catalogue.ts';
import { runCatalogue } from './run-catalogue.ts';
import type { Session } from './session.ts';
import { explainSqliteError } from './sqlite-errors.ts';

/** The contract's methods as SQLite answers them: at once. */
export type Answers<Contract> = {
  readonly [Name in keyof Contract]: Contract[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

/** The catalogue in the database of the store. Failures are explained with the file's name. */
export function sqliteCatalogue(session: Session): CatalogueStore {
  const answers: Answers<CatalogueStore> = {
    ...pipelineCatalogue(session),
    ...experimentCatalogue(session),
    ...runCatalogue(session),
    ...recurringRunCatalogue(session),
    listArtifacts: listWith(session, {
      list: 'artifacts',
      selectFrom: '* from artifacts',
      columns: { artifact_id: 'id', type: 'type_name' },
      toRow: (record) => artifactRow(record as unknown as ArtifactRecord),
    }),
  };
  const methods = Object.entries(answers).map(([name, answer]) => [
    name,
    async (...args: readonly unknown[]) => {
      try {
        return (answer as (...given: readonly unknown[]) => unknown)(...args);
      } catch (error) {
        throw explainSqliteError(error, session.file);
      }
    },
  ]);
  return Object.fromEntries(methods) as CatalogueStore;
}
