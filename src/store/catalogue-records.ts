/** The rows of the catalogue contract, and under which columns of which name their tables keep them. */
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
import { rowColumns, type SqlRecord } from './row-columns.ts';
import type { RunRecord } from './schema.ts';

export const EXPERIMENT = rowColumns<ExperimentRow>({
  experimentId: 'experiment_id',
  namespace: 'namespace',
  name: 'name',
  description: 'description',
  createdAtMs: 'created_at_ms',
  lastRunCreatedAtMs: 'last_run_created_at_ms',
  storageState: 'storage_state',
});

export const PIPELINE = rowColumns<PipelineRow>({
  pipelineId: 'pipeline_id',
  namespace: 'namespace',
  name: 'name',
  displayName: 'display_name',
  description: 'description',
  createdAtMs: 'created_at_ms',
  tags: { json: 'tags' },
  defaultVersionId: 'default_version_id',
});

export const PIPELINE_VERSION = rowColumns<PipelineVersionRow>({
  pipelineVersionId: 'pipeline_version_id',
  pipelineId: 'pipeline_id',
  name: 'name',
  displayName: 'display_name',
  description: 'description',
  createdAtMs: 'created_at_ms',
  codeSourceUrl: 'code_source_url',
  packageUrl: 'package_url',
  tags: { json: 'tags' },
  kind: 'kind',
  specDigest: 'spec_digest',
  templateDigest: 'template_digest',
});

export const RECURRING_RUN = rowColumns<RecurringRunRow>({
  recurringRunId: 'recurring_run_id',
  namespace: 'namespace',
  experimentId: 'experiment_id',
  name: 'name',
  description: 'description',
  createdAtMs: 'created_at_ms',
  updatedAtMs: 'updated_at_ms',
  isEnabled: { flag: 'is_enabled' },
  maxConcurrency: 'max_concurrency',
  noCatchup: { flag: 'no_catchup' },
  trigger: { json: 'trigger_spec' },
  pipelineId: 'pipeline_id',
  pipelineVersionId: 'pipeline_version_id',
  inlineSpecDigest: 'inline_spec_digest',
  parameters: { json: 'parameters' },
  pipelineRoot: 'pipeline_root',
  serviceAccount: 'service_account',
  pluginsInput: { json: 'plugins_input' },
  runsStarted: 'runs_started',
  lastDueAtMs: 'last_due_at_ms',
  error: 'error',
});

export const RUN_DETAILS = rowColumns<RunDetails>({
  runId: 'run_id',
  experimentId: 'experiment_id',
  description: 'description',
  pipelineId: 'pipeline_id',
  pipelineVersionId: 'pipeline_version_id',
  inlineSpecDigest: 'inline_spec_digest',
  parameters: { json: 'parameters' },
  pipelineRoot: 'pipeline_root',
  serviceAccount: 'service_account',
  recurringRunId: 'recurring_run_id',
  pluginsInput: { json: 'plugins_input' },
  earlierStates: { json: 'earlier_states' },
  metrics: { json: 'metrics' },
});

/** Of a run with its details; where both have a column of one name, that of the details is called `details_…`. */
export function cataloguedRun(record: SqlRecord): CataloguedRun {
  const run = runRow(record as unknown as RunRecord);
  const { details_parameters: parameters = null, details_pipeline_root: root = null } = record;
  const isPrepared = record['details_run_id'] !== null;
  const details = isPrepared ? RUN_DETAILS.toRow({ ...record, parameters, pipeline_root: root }) : unprepared(record, run);
  return { run, storageState: record['storage_state'] as StorageState, details };
}

/** A run of `pipewright local` has no details: it was asked for with what its row says. */
const unprepared = (record: SqlRecord, run: RunRow): RunDetails => ({
  runId: run.runId,
  experimentId: record['experiment_id'] as string,
  description: '',
  pipelineId: null,
  pipelineVersionId: null,
  inlineSpecDigest: run.documentDigest,
  parameters: run.arguments,
  pipelineRoot: '',
  serviceAccount: '',
  recurringRunId: record['recurring_run_id'] as string | null,
  pluginsInput: {},
  earlierStates: [],
  metrics: [],
});
