import { RUN_STATES } from '../../model/states.ts';
import type { CatalogueStore, Predicate, RunDetails } from '../catalogue-store.ts';
import { cataloguedRun, RUN_DETAILS } from '../catalogue-records.ts';
import type { SqlDialect } from './dialect.ts';
import { pagesOf } from './pages.ts';
import { upsert } from './row-table.ts';
import { runNames } from './run-names.ts';
import { durably, execute, first, marks, reading, type Script, type Scripted, type Statement, writing } from './script.ts';

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
const SELECT = `runs.*, details.run_id as details_run_id, details.description, details.pipeline_id,
  details.pipeline_version_id, details.inline_spec_digest, details.parameters as details_parameters,
  details.pipeline_root as details_pipeline_root, details.service_account, details.plugins_input, details.earlier_states,
  details.metrics`;
const JOINED = 'left join run_details as details on details.run_id = runs.run_id';

const COLUMNS = {
  run_id: 'runs.run_id',
  ended_at_ms: 'coalesce(ended_at_ms, 0)',
  experiment_id: 'runs.experiment_id',
  recurring_run_id: `runs.recurring_run_id`,
  pipeline_id: 'details.pipeline_id',
  metrics: 'details.metrics',
  description: `coalesce(details.description, '')`,
} as const;

const SORT_COLUMNS = {
  recurring_run_id: `coalesce(runs.recurring_run_id, '')`,
  pipeline_id: `coalesce(details.pipeline_id, '')`,
  pipeline_version_id: `coalesce(pipeline_version_id, '')`,
} as const;

const NOT_FINAL = Object.entries(RUN_STATES)
  .filter(([, { final }]) => !final)
  .map(([state]) => `'${state}'`)
  .join(', ');

const TABLES_OF_A_RUN = ['run_details', 'run_events', 'tasks', 'attempts', 'lineage', 'runs'];

export function runCatalogueScripts(dialect: SqlDialect): Scripted<Pick<CatalogueStore, Names>> {
  const list = pagesOf(dialect, {
    list: 'runs',
    select: SELECT,
    table: 'runs',
    joined: JOINED,
    columns: COLUMNS,
    sortColumns: SORT_COLUMNS,
    toRow: cataloguedRun,
    count: keptCount,
    names: runNames(dialect),
    broad: ['namespace', 'storage_state'],
  });
  const saveDetails = (details: RunDetails) => upsert('run_details', ['run_id'], RUN_DETAILS.toRecord(details));
  return {
    prepareRun: writing(saveDetails),
    placeRun: writing(place),
    adoptRuns: writing(function* adopt(experimentId) {
      yield* placeLeftOut();
      yield* execute(`update runs set experiment_id = ? where experiment_id = ''`, experimentId);
    }),
    getCataloguedRun: reading((runId) =>
      first(cataloguedRun, `select ${SELECT} from runs ${JOINED} where runs.run_id = ?`, runId),
    ),
    listCataloguedRuns: reading(list),
    updateRunDetails: durably(saveDetails),
    setRunStorage: durably((runId, state) => execute('update runs set storage_state = ? where run_id = ?', state, runId)),
    deleteRun: durably(function* deleteRun(runId) {
      for (const table of TABLES_OF_A_RUN) yield* execute(`delete from ${table} where run_id = ?`, runId);
    }),
    countActiveRuns: reading(function* countActive(recurringRunId) {
      const sql = `select count(*) as total from runs where recurring_run_id = ? and state in (${NOT_FINAL})`;
      const [record] = yield { sql, values: [recurringRunId] };
      return record!['total'] as number;
    }),
  };
}

function* place(runId: string): Script<void> {
  yield* execute(
    `update runs set experiment_id = details.experiment_id, recurring_run_id = details.recurring_run_id
     from run_details as details where runs.run_id = ? and details.run_id = runs.run_id`,
    runId,
  );
  yield* execute(
    `update experiments set last_run_created_at_ms = runs.created_at_ms from runs
     where runs.run_id = ? and experiments.experiment_id = runs.experiment_id
     and experiments.last_run_created_at_ms < runs.created_at_ms`,
    runId,
  );
}

/** Runs that were stored just before a crash, and had not been put in their place. */
function* placeLeftOut(): Script<void> {
  const sql = `select runs.run_id from runs join run_details on run_details.run_id = runs.run_id where runs.experiment_id = ''`;
  for (const record of yield { sql, values: [] }) yield* place(record['run_id'] as string);
}

const COUNTED: ReadonlySet<string> = new Set(['namespace', 'experiment_id', 'storage_state', 'state']);
const COUNTED_OPERATIONS: Readonly<Partial<Record<Predicate['operation'], string>>> = {
  eq: 'in',
  ne: 'not in',
  in: 'in',
  notIn: 'not in',
};

/** The kept counts answer what asks only for the columns they are kept by; there are a few rows for each experiment. */
function keptCount(predicates: readonly Predicate[]): Statement | undefined {
  if (!predicates.every(({ field, operation }) => COUNTED.has(field) && COUNTED_OPERATIONS[operation])) return undefined;
  const conditions = predicates.map(
    ({ field, operation, values }) => `${field} ${COUNTED_OPERATIONS[operation]!} (${marks(values) || 'null'})`,
  );
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return {
    sql: `select coalesce(sum(runs), 0) as total from run_counts${where}`,
    values: predicates.flatMap(({ values }) => values),
  };
}
