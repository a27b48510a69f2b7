import type { CatalogueStore, ExperimentRow, RecurringRunRow } from '../catalogue-store.ts';
import { experimentRecord, experimentRow, recurringRunRecord, recurringRunRow, type SqlRecord } from '../catalogue-records.ts';
import { inTransaction } from './commit.ts';
import { listWith } from './list-queries.ts';
import { rowTable } from './row-table.ts';
import type { Session } from './session.ts';
import type { Answers } from './sqlite-catalogue.ts';

type Names =
  | 'getSetting'
  | 'saveSetting'
  | 'insertExperiment'
  | 'getExperiment'
  | 'findExperiment'
  | 'listExperiments'
  | 'setExperimentStorage'
  | 'deleteExperiment';

export function experimentCatalogue(session: Session): Answers<Pick<CatalogueStore, Names>> {
  const { database } = session;
  const experiments = experimentTable(session);
  const getSetting = database.prepare('select value from settings where name = ?');
  const saveSetting = database.prepare(
    'insert into settings values (?, ?) on conflict (name) do update set value = excluded.value',
  );
  const find = database.prepare('select * from experiments where namespace = ? and name = ?');
  const setStorage = database.prepare('update experiments set storage_state = ? where experiment_id = ?');
  const archiveRuns = database.prepare(
    `update runs set storage_state = 'ARCHIVED' where experiment_id = ? and storage_state <> 'ARCHIVED'`,
  );
  const disable = database.prepare(
    'update recurring_runs set is_enabled = 0, updated_at_ms = ? where experiment_id = ? and is_enabled = 1',
  );
  return {
    getSetting: (name) => (getSetting.get(name) as { readonly value: string } | undefined)?.value,
    saveSetting: (name, value) => void saveSetting.run(name, value),
    insertExperiment: (row) => inTransaction(session, true, () => experiments.insert(row)),
    getExperiment: experiments.get,
    findExperiment: ({ namespace, name }) => {
      const record = find.get(namespace, name);
      return record && experimentRow(record as SqlRecord);
    },
    listExperiments: listWith(session, { list: 'experiments', selectFrom: '* from experiments', toRow: experimentRow }),
    setExperimentStorage: (experimentId, { storageState, nowMs }) =>
      inTransaction(session, true, () => {
        setStorage.run(storageState, experimentId);
        if (storageState === 'AVAILABLE') return;
        archiveRuns.run(experimentId);
        disable.run(nowMs, experimentId);
      }),
    deleteExperiment: (experimentId, nowMs) =>
      inTransaction(session, true, () => {
        disable.run(nowMs, experimentId);
        experiments.delete(experimentId);
      }),
  };
}

function experimentTable(session: Session) {
  return rowTable<ExperimentRow>(session, {
    table: 'experiments',
    id: 'experiment_id',
    toRecord: experimentRecord,
    toRow: experimentRow,
    taken: ({ name }) => `The experiment ${name} already exists. Please specify a new name`,
    example: {
      experimentId: '',
      namespace: '',
      name: '',
      description: '',
      createdAtMs: 0,
      lastRunCreatedAtMs: 0,
      storageState: 'AVAILABLE',
    },
  });
}

type RecurringNames =
  | 'insertRecurringRun'
  | 'getRecurringRun'
  | 'listRecurringRuns'
  | 'enabledRecurringRuns'
  | 'setRecurringRunEnabled'
  | 'recordTick'
  | 'deleteRecurringRun';

export function recurringRunCatalogue(session: Session): Answers<Pick<CatalogueStore, RecurringNames>> {
  const recurringRuns = rowTable<RecurringRunRow>(session, {
    table: 'recurring_runs',
    id: 'recurring_run_id',
    toRecord: recurringRunRecord,
    toRow: recurringRunRow,
    example: NO_RECURRING_RUN,
  });
  const setEnabled = session.database.prepare(
    'update recurring_runs set is_enabled = ?, updated_at_ms = ? where recurring_run_id = ?',
  );
  const recordTick = session.database.prepare(
    'update recurring_runs set runs_started = ?, last_due_at_ms = ?, error = ? where recurring_run_id = ?',
  );
  const enabled = session.database.prepare('select * from recurring_runs where is_enabled = 1 order by created_at_ms');
  return {
    insertRecurringRun: (row) => inTransaction(session, true, () => recurringRuns.insert(row)),
    getRecurringRun: recurringRuns.get,
    listRecurringRuns: listWith(session, { list: 'recurring_runs', selectFrom: '* from recurring_runs', toRow: recurringRunRow }),
    enabledRecurringRuns: () => (enabled.all() as SqlRecord[]).map(recurringRunRow),
    setRecurringRunEnabled: (id, { isEnabled, nowMs }) =>
      inTransaction(session, true, () => void setEnabled.run(isEnabled ? 1 : 0, nowMs, id)),
    recordTick: (id, { runsStarted, lastDueAtMs, error }) =>
      inTransaction(session, true, () => void recordTick.run(runsStarted, lastDueAtMs, error, id)),
    deleteRecurringRun: (id) => inTransaction(session, true, () => recurringRuns.delete(id)),
  };
}

const NO_RECURRING_RUN: RecurringRunRow = {
  recurringRunId: '',
  namespace: '',
  experimentId: '',
  name: '',
  description: '',
  createdAtMs: 0,
  updatedAtMs: 0,
  isEnabled: false,
  maxConcurrency: 1,
  noCatchup: false,
  trigger: { kind: 'once' },
  pipelineId: null,
  pipelineVersionId: null,
  inlineSpecDigest: null,
  parameters: {},
  pipelineRoot: '',
  serviceAccount: '',
  pluginsInput: {},
  runsStarted: 0,
  lastDueAtMs: 0,
  error: '',
};
