import { ProductError } from '../base/errors.ts';
import { checkPipelineRoot } from '../engine/pipeline-root.ts';
import { checkArguments } from '../ir/values.ts';
import type { RecurringRunRow, Trigger } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { parseCron } from './cron.ts';
import { defaultExperimentId, getExperiment } from './experiments.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkDescription, checkName } from './name-limits.ts';
import { resolveSource } from './pipeline-source.ts';
import { DEFAULT_SERVICE_ACCOUNT, type RunTemplate } from './runs.ts';

export interface NewRecurringRun extends RunTemplate {
  readonly isEnabled: boolean;
  readonly maxConcurrency: number;
  readonly noCatchup: boolean;
  readonly trigger: Trigger;
}

const MAX_CONCURRENCY = 10;

/** Throws INVALID_ARGUMENTS, NOT_FOUND, INVALID_PIPELINE, UNSUPPORTED: what its runs would fail with is told now. */
export async function createRecurringRun(app: App, request: NewRecurringRun): Promise<RecurringRunRow> {
  const { displayName, description = '', maxConcurrency, trigger, source } = request;
  checkName('RecurringRun.DisplayName', displayName);
  checkDescription(description);
  if (!(maxConcurrency >= 1 && maxConcurrency <= MAX_CONCURRENCY)) {
    const range = `at least 1 and at most ${MAX_CONCURRENCY}`;
    throw new ProductError(
      'INVALID_ARGUMENTS',
      `Max concurrency of a recurring run must be ${range}. Received ${maxConcurrency}`,
    );
  }
  checkTrigger(trigger);
  await checkPipelineRoot(app.artifacts, request.pipelineRoot ?? '');
  const { document, inlineSpecDigest, pipelineId } = await resolveSource(app, source);
  const parameters = request.parameters(document);
  const artifactNames = Object.keys(document.spec.root.inputDefinitions.artifacts);
  const problems = checkArguments(document.spec, parameters, { artifactNames });
  if (problems.length > 0)
    throw new ProductError('INVALID_ARGUMENTS', "the arguments do not fit the pipeline's inputs", { problems });
  const experimentId = request.experimentId || (await defaultExperimentId(app, request.namespace));
  const { namespace } = await getExperiment(app, experimentId);
  const nowMs = app.clock.now();
  const row: RecurringRunRow = {
    recurringRunId: app.ids.uuid(),
    namespace,
    experimentId,
    name: displayName,
    description,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    isEnabled: request.isEnabled,
    maxConcurrency,
    noCatchup: request.noCatchup,
    trigger,
    pipelineId,
    // Without a version, each tick takes the newest there is then.
    pipelineVersionId: source.kind === 'version' && source.pipelineVersionId !== '' ? source.pipelineVersionId : null,
    inlineSpecDigest,
    parameters,
    pipelineRoot: request.pipelineRoot ?? '',
    serviceAccount: request.serviceAccount || DEFAULT_SERVICE_ACCOUNT,
    pluginsInput: request.pluginsInput ?? {},
    runsStarted: 0,
    lastDueAtMs: 0,
    error: '',
  };
  await app.catalogue.insertRecurringRun(row);
  app.recurringChanged();
  return row;
}

function checkTrigger(trigger: Trigger): void {
  if (trigger.kind === 'once') return;
  if (trigger.kind === 'cron') parseCron(trigger.cron);
  else if (trigger.intervalSeconds < 1) {
    throw new ProductError('INVALID_ARGUMENTS', `the interval must be at least 1 second. Received ${trigger.intervalSeconds}`);
  }
  if (trigger.startMs !== 0 && trigger.endMs !== 0 && trigger.startMs > trigger.endMs) {
    throw new ProductError('INVALID_ARGUMENTS', 'the start time of the trigger is after its end time');
  }
}

/** Throws NOT_FOUND. */
export async function getRecurringRun({ catalogue }: App, recurringRunId: string): Promise<RecurringRunRow> {
  const row = await catalogue.getRecurringRun(recurringRunId);
  if (!row) throw new ProductError('NOT_FOUND', `Job ${recurringRunId} not found`);
  return row;
}

export function listRecurringRuns({ catalogue }: App, request: ListRequest): Promise<ListReply<RecurringRunRow>> {
  return listPage('recurring_runs', request, (query) => catalogue.listRecurringRuns(query));
}

/** Throws NOT_FOUND. */
export async function enableRecurringRun(app: App, recurringRunId: string, isEnabled: boolean): Promise<void> {
  const row = await getRecurringRun(app, recurringRunId);
  if (row.isEnabled !== isEnabled) {
    await app.catalogue.setRecurringRunEnabled(recurringRunId, { isEnabled, nowMs: app.clock.now() });
  }
  app.recurringChanged();
}

/** Its runs stay. Throws NOT_FOUND. */
export async function deleteRecurringRun(app: App, recurringRunId: string): Promise<void> {
  await getRecurringRun(app, recurringRunId);
  await app.catalogue.deleteRecurringRun(recurringRunId);
  app.recurringChanged();
}
