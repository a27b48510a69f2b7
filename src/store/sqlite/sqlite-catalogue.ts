import type { CatalogueStore } from '../catalogue-store.ts';
import { experimentCatalogue, recurringRunCatalogue } from './experiment-catalogue.ts';
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
