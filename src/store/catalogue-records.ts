import type { RunRow } from '../model/run.ts';
import type {
  CataloguedRun,
  ExperimentRow,
  PipelineRow,
  PipelineVersionRow,
  RecurringRunRow,
  RunDetails,
  StorageState,
} from './catalogue-store.ts';
import { runRow } from './records.ts';
import type { RunRecord } from './schema.ts';

/** Between the rows of the catalogue contract and the columns of its tables. */
export type SqlRecord = Readonly<Record<string, string | number | null>>;

const json = (value: unknown): string => JSON.stringify(value);
const parsed = <T>(value: unknown): T => JSON.parse(value as string) as T;

export const experimentRecord = (row: ExperimentRow): SqlRecord => ({
  experiment_id: row.experimentId,
  namespace: row.namespace,
  name: row.name,
  description: row.description,
  created_at_ms: row.createdAtMs,
  last_run_created_at_ms: row.lastRunCreatedAtMs,
  storage_state: row.storageState,
});

export const experimentRow = (record: SqlRecord): ExperimentRow => ({
  experimentId: record['experiment_id'] as string,
  namespace: record['namespace'] as string,
  name: record['name'] as string,
  description: record['description'] as string,
  createdAtMs: record['created_at_ms'] as number,
  lastRunCreatedAtMs: record['last_run_created_at_ms'] as number,
  storageState: record['storage_state'] as StorageState,
});

export const pipelineRecord = (row: PipelineRow): SqlRecord => ({
  pipeline_id: row.pipelineId,
  namespace: row.namespace,
  name: row.name,
  display_name: row.displayName,
  description: row.description,
  created_at_ms: row.createdAtMs,
  tags: json(row.tags),
  default_version_id: row.defaultVersionId,
});

export const pipelineRow = (record: SqlRecord): PipelineRow => ({
  pipelineId: record['pipeline_id'] as string,
  namespace: record['namespace'] as string,
  name: record['name'] as string,
  displayName: record['display_name'] as string,
  description: record['description'] as string,
  createdAtMs: record['created_at_ms'] as number,
  tags: parsed(record['tags']),
  defaultVersionId: record['default_version_id'] as string | null,
});

export const versionRecord = (row: PipelineVersionRow): SqlRecord => ({
  pipeline_version_id: row.pipelineVersionId,
  pipeline_id: row.pipelineId,
  name: row.name,
  display_name: row.displayName,
  description: row.description,
  created_at_ms: row.createdAtMs,
  code_source_url: row.codeSourceUrl,
  package_url: row.packageUrl,
  tags: json(row.tags),
  kind: row.kind,
  spec_digest: row.specDigest,
  template_digest: row.templateDigest,
});

export const versionRow = (record: SqlRecord): PipelineVersionRow => ({
  pipelineVersionId: record['pipeline_version_id'] as string,
  pipelineId: record['pipeline_id'] as string,
  name: record['name'] as string,
  displayName: record['display_name'] as string,
  description: record['description'] as string,
  createdAtMs: record['created_at_ms'] as number,
  codeSourceUrl: record['code_source_url'] as string,
  packageUrl: record['package_url'] as string,
  tags: parsed(record['tags']),
  kind: record['kind'] as PipelineVersionRow['kind'],
  specDigest: record['spec_digest'] as string,
  templateDigest: record['template_digest'] as string,
});

export const detailsRecord = (row: RunDetails): SqlRecord => ({
  run_id: row.runId,
  experiment_id: row.experimentId,
  description: row.description,
  pipeline_id: row.pipelineId,
  pipeline_version_id: row.pipelineVersionId,
  inline_spec_digest: row.inlineSpecDigest,
  parameters: json(row.parameters),
  pipeline_root: row.pipelineRoot,
  service_account: row.serviceAccount,
  recurring_run_id: row.recurringRunId,
  plugins_input: json(row.pluginsInput),
  earlier_states: json(row.earlierStates),
  metrics: json(row.metrics),
});

/** A run of `pipewright local` has no details: it was asked for with what its row says. */
function runDetails(record: SqlRecord, run: RunRow): RunDetails {
  const isPrepared = record['details_run_id'] !== null;
  return {
    runId: run.runId,
    experimentId: record['experiment_id'] as string,
    description: isPrepared ? (record['description'] as string) : '',
    pipelineId: record['pipeline_id'] as string | null,
    pipelineVersionId: record['pipeline_version_id'] as string | null,
    inlineSpecDigest: isPrepared ? (record['inline_spec_digest'] as string | null) : run.documentDigest,
    parameters: isPrepared ? parsed(record['details_parameters']) : run.arguments,
    pipelineRoot: isPrepared ? (record['details_pipeline_root'] as string) : '',
    serviceAccount: isPrepared ? (record['service_account'] as string) : '',
    recurringRunId: record['recurring_run_id'] as string | null,
    pluginsInput: isPrepared ? parsed(record['plugins_input']) : {},
    earlierStates: isPrepared ? parsed(record['earlier_states']) : [],
    metrics: isPrepared ? parsed(record['metrics']) : [],
  };
}

export function cataloguedRun(record: SqlRecord): CataloguedRun {
  const run = runRow(record as unknown as RunRecord);
  return { run, storageState: record['storage_state'] as StorageState, details: runDetails(record, run) };
}

export const recurringRunRecord = (row: RecurringRunRow): SqlRecord => ({
  recurring_run_id: row.recurringRunId,
  namespace: row.namespace,
  experiment_id: row.experimentId,
  name: row.name,
  description: row.description,
  created_at_ms: row.createdAtMs,
  updated_at_ms: row.updatedAtMs,
  is_enabled: row.isEnabled ? 1 : 0,
  max_concurrency: row.maxConcurrency,
  no_catchup: row.noCatchup ? 1 : 0,
  trigger_spec: json(row.trigger),
  pipeline_id: row.pipelineId,
  pipeline_version_id: row.pipelineVersionId,
  inline_spec_digest: row.inlineSpecDigest,
  parameters: json(row.parameters),
  pipeline_root: row.pipelineRoot,
  service_account: row.serviceAccount,
  plugins_input: json(row.pluginsInput),
  runs_started: row.runsStarted,
  last_due_at_ms: row.lastDueAtMs,
  error: row.error,
});

export const recurringRunRow = (record: SqlRecord): RecurringRunRow => ({
  recurringRunId: record['recurring_run_id'] as string,
  namespace: record['namespace'] as string,
  experimentId: record['experiment_id'] as string,
  name: record['name'] as string,
  description: record['description'] as string,
  createdAtMs: record['created_at_ms'] as number,
  updatedAtMs: record['updated_at_ms'] as number,
  isEnabled: record['is_enabled'] === 1,
  maxConcurrency: record['max_concurrency'] as number,
  noCatchup: record['no_catchup'] === 1,
  trigger: parsed(record['trigger_spec']),
  pipelineId: record['pipeline_id'] as string | null,
  pipelineVersionId: record['pipeline_version_id'] as string | null,
  inlineSpecDigest: record['inline_spec_digest'] as string | null,
  parameters: parsed(record['parameters']),
  pipelineRoot: record['pipeline_root'] as string,
  serviceAccount: record['service_account'] as string,
  pluginsInput: parsed(record['plugins_input']),
  runsStarted: record['runs_started'] as number,
  lastDueAtMs: record['last_due_at_ms'] as number,
  error: record['error'] as string,
});
