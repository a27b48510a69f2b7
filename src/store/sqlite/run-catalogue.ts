import type { SQLInputValue } from 'node:sqlite';
import { RUN_STATES } from '../../model/states.ts';
import type { CatalogueStore, Predicate } from '../catalogue-store.ts';
import { cataloguedRun, detailsRecord, type SqlRecord } from '../catalogue-records.ts';
import { inTransaction } from './commit.ts';
import { listWith } from './list-queries.ts';
import type { Session } from './session.ts';
import type { Answers } from './sqlite-catalogue.ts';

type Names =
  | 'prepareRun'
  | 'placeRun'
  | 'adoptRuns'
  | 'getCataloguedRun'
  | 'listCataloguedRuns'
  | 'updateRunDetails'
  | 'setRunStorage'
  | 'deleteRun'
  | 'countActiveRuns';

/** A run with what is known of it; columns that both tables have are the run's. */
const RUN_WITH_DETAILS = `runs.*, details.run_id as details_run_id, details.description, details.pipeline_id,
  details.pipeline_version_id, details.inline_spec_digest, details.parameters as details_parameters,
  details.pipeline_root as details_pipeline_root, details.service_account, details.plugins_input, details.earlier_states,
  details.metrics from runs left join run_details as details on details.run_id = runs.run_id`;

const RUN_COLUMNS = {
  run_id: 'runs.run_id',
  ended_at_ms: 'coalesce(ended_at_ms, 0)',
  experiment_id: 'runs.experiment_id',
  recurring_run_id: `runs.recurring_run_id`,
  description: `coalesce(details.description, '')`,
} as const;

const NOT_FINAL = Object.entries(RUN_STATES)
  .filter(([, { final }]) => !final)
  .map(([state]) => `'${state}'`)
  .join(', ');

export function runCatalogue(session: Session): Answers<Pick<CatalogueStore, Names>> {
  const { database } = session;
  const columns = ['run_id', 'experiment_id', 'description', 'pipeline_id', 'pipeline_version_id', 'inline_spec_digest'].concat([
    'parameters',
    'pipeline_root',
    'service_account',
    'recurring_run_id',
    'plugins_input',
    'earlier_states',
    'metrics',
  ]);
  const save = database.prepare(
    `insert or replace into run_details (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  );
  const saveDetails: CatalogueStoreAnswer<'prepareRun'> = (details) => {
    const record = detailsRecord(details);
    save.run(...columns.map((column) => record[column] as SQLInputValue));
  };
  const place = placeStatements(session);
  const adopt = database.prepare(`update runs set experiment_id = ? where experiment_id = ''`);
  const get = database.prepare(`select ${RUN_WITH_DETAILS} where runs.run_id = ?`);
  const setStorage = database.prepare('update runs set storage_state = ? where run_id = ?');
  const active = database.prepare(`select count(*) as n from runs where recurring_run_id = ? and state in (${NOT_FINAL})`);
  const tables = ['run_details', 'run_events', 'tasks', 'attempts', 'lineage', 'runs'];
  const deletions = tables.map((table) => database.prepare(`delete from ${table} where run_id = ?`));
  return {
    prepareRun: saveDetails,
    placeRun: (runId) => inTransaction(session, false, () => place(runId)),
    adoptRuns: (experimentId) =>
      inTransaction(session, false, () => {
        placeLeftOut(session, place);
        adopt.run(experimentId);
      }),
    getCataloguedRun: (runId) => {
      const record = get.get(runId);
      return record && cataloguedRun(record as SqlRecord);
    },
    listCataloguedRuns: listWith(session, {
      list: 'runs',
      selectFrom: RUN_WITH_DETAILS,
      columns: RUN_COLUMNS,
      toRow: cataloguedRun,
      count: countWith(session),
    }),
    updateRunDetails: (details) => inTransaction(session, true, () => saveDetails(details)),
    setRunStorage: (runId, state) => inTransaction(session, true, () => void setStorage.run(state, runId)),
    deleteRun: (runId) => inTransaction(session, true, () => deletions.forEach((statement) => statement.run(runId))),
    countActiveRuns: (recurringRunId) => (active.get(recurringRunId) as { readonly n: number }).n,
  };
}

type CatalogueStoreAnswer<Name extends keyof CatalogueStore> = Answers<Pick<CatalogueStore, Name>>[Name];

function placeStatements({ database }: Session): (runId: string) => void {
  const place = database.prepare(
    `update runs set experiment_id = details.experiment_id, recurring_run_id = details.recurring_run_id
     from run_details as details where runs.run_id = ? and details.run_id = runs.run_id`,
  );
  const touch = database.prepare(
    `update experiments set last_run_created_at_ms = max(last_run_created_at_ms, runs.created_at_ms)
     from runs where runs.run_id = ? and experiments.experiment_id = runs.experiment_id`,
  );
  return (runId) => {
    place.run(runId);
    touch.run(runId);
  };
}

/** Runs that were stored just before a crash, and had not been put in their place. */
function placeLeftOut({ database }: Session, place: (runId: string) => void): void {
  const left = database.prepare(
    `select runs.run_id from runs join run_details on run_details.run_id = runs.run_id where runs.experiment_id = ''`,
  );
  for (const record of left.all()) place(record['run_id'] as string);
}

const COUNTED: ReadonlySet<string> = new Set(['experiment_id', 'storage_state', 'state']);
const COUNTED_OPERATIONS: Readonly<Partial<Record<Predicate['operation'], string>>> = {
  eq: 'in',
  ne: 'not in',
  in: 'in',
  notIn: 'not in',
};

/** The kept counts answer what asks only for the columns they are kept by; there are a few rows for each experiment. */
function countWith({ database }: Session): (predicates: readonly Predicate[]) => number | undefined {
  return (predicates) => {
    if (!predicates.every(({ field, operation }) => COUNTED.has(field) && COUNTED_OPERATIONS[operation])) return undefined;
    const conditions = predicates.map(
      ({ field, operation, values }) => `${field} ${COUNTED_OPERATIONS[operation]!} (${values.map(() => '?').join(', ')})`,
    );
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    const statement = database.prepare(`select coalesce(sum(runs), 0) as total from run_counts${where}`);
    return (statement.get(...predicates.flatMap(({ values }) => values)) as { readonly total: number }).total;
  };
}
