import type { CatalogueStore, ExperimentRow, RecurringRunRow } from '../catalogue-store.ts';
import { EXPERIMENT, RECURRING_RUN } from '../catalogue-records.ts';
import type { SqlDialect } from './dialect.ts';
import { pagesOf } from './pages.ts';
import { rowTable, upsert } from './row-table.ts';
import { all, durably, execute, first, reading, type Scripted, writing } from './script.ts';

type Names =
  | 'getSetting'
  | 'saveSetting'
  | 'insertExperiment'
  | 'getExperiment'
  | 'findExperiment'
  | 'listExperiments'
  | 'setExperimentStorage'
  | 'deleteExperiment';

const EXPERIMENTS = rowTable<ExperimentRow>({
  table: 'experiments',
  id: 'experiment_id',
  ...EXPERIMENT,
  taken: ({ name }) => `The experiment ${name} already exists. Please specify a new name`,
});

export function experimentScripts(dialect: SqlDialect): Scripted<Pick<CatalogueStore, Names>> {
  const disable = (experimentId: string, nowMs: number) =>
    execute(
      'update recurring_runs set is_enabled = 0, updated_at_ms = ? where experiment_id = ? and is_enabled = 1',
      nowMs,
      experimentId,
    );
  return {
    getSetting: reading((name) =>
      first((record) => record['value'] as string, 'select value from settings where name = ?', name),
    ),
    saveSetting: writing((name, value) => upsert('settings', ['name'], { name, value })),
    insertExperiment: durably(EXPERIMENTS.insert),
    getExperiment: reading(EXPERIMENTS.get),
    findExperiment: reading(({ namespace, name }) =>
      first(EXPERIMENT.toRow, 'select * from experiments where namespace = ? and name = ?', namespace, name),
    ),
    listExperiments: reading(
      pagesOf(dialect, { list: 'experiments', select: '*', table: 'experiments', toRow: EXPERIMENT.toRow }),
    ),
    setExperimentStorage: durably(function* setStorage(experimentId, { storageState, nowMs }) {
      yield* execute('update experiments set storage_state = ? where experiment_id = ?', storageState, experimentId);
      if (storageState === 'AVAILABLE') return;
      const archive = `update runs set storage_state = 'ARCHIVED' where experiment_id = ? and storage_state = 'AVAILABLE'`;
      yield* execute(archive, experimentId);
      yield* disable(experimentId, nowMs);
    }),
    deleteExperiment: durably(function* deleteExperiment(experimentId, nowMs) {
      yield* disable(experimentId, nowMs);
      yield* EXPERIMENTS.delete(experimentId);
    }),
  };
}

type RecurringNames =
  | 'insertRecurringRun'
  | 'getRecurringRun'
  | 'listRecurringRuns'
  | 'enabledRecurringRuns'
  | 'setRecurringRunEnabled'
  | 'recordTick'
  | 'deleteRecurringRun';

const RECURRING_RUNS = rowTable<RecurringRunRow>({
  table: 'recurring_runs',
  id: 'recurring_run_id',
  ...RECURRING_RUN,
});

export function recurringRunScripts(dialect: SqlDialect): Scripted<Pick<CatalogueStore, RecurringNames>> {
  return {
    insertRecurringRun: durably(RECURRING_RUNS.insert),
    getRecurringRun: reading(RECURRING_RUNS.get),
    listRecurringRuns: reading(
      pagesOf(dialect, { list: 'recurring_runs', select: '*', table: 'recurring_runs', toRow: RECURRING_RUN.toRow }),
    ),
    enabledRecurringRuns: reading(() =>
      all(RECURRING_RUN.toRow, 'select * from recurring_runs where is_enabled = 1 order by created_at_ms'),
    ),
    setRecurringRunEnabled: durably((id, { isEnabled, nowMs }) =>
      execute(
        'update recurring_runs set is_enabled = ?, updated_at_ms = ? where recurring_run_id = ?',
        isEnabled ? 1 : 0,
        nowMs,
        id,
      ),
    ),
    // Of two servers that recorded the same tick, the later one must not put back what the other has done since.
    recordTick: durably((id, { runsStarted, lastDueAtMs, error }) =>
      execute(
        'update recurring_runs set runs_started = ?, last_due_at_ms = ?, error = ? where recurring_run_id = ? and runs_started < ?',
        runsStarted,
        lastDueAtMs,
        error,
        id,
        runsStarted,
      ),
    ),
    deleteRecurringRun: durably(RECURRING_RUNS.delete),
  };
}
