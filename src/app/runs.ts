import { ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { expandMacros } from '../ir/macros.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { isFinalRun } from '../model/states.ts';
import type { CataloguedRun, RunMetric } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { defaultExperimentId, getExperiment } from './experiments.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkDescription, checkName } from './name-limits.ts';
import { type PipelineSource, resolveSource } from './pipeline-source.ts';
import { removeRun } from './remove-run.ts';
import { reportedState } from './reported-state.ts';
import { priorityOf } from './run-priority.ts';

export interface NewRun {
  readonly displayName: string;
  readonly description?: string | undefined;
  /** Default: the default experiment of the namespace. */
  readonly experimentId?: string | undefined;
  readonly namespace?: string | undefined;
  readonly source: PipelineSource;
  /** The arguments, which may depend on what the pipeline declares. */
  readonly parameters: (document: PipelineDocument) => JsonObject;
  readonly pipelineRoot?: string | undefined;
  readonly serviceAccount?: string | undefined;
  readonly pluginsInput?: JsonObject | undefined;
  /** `false`: no step looks into the cache. */
  readonly useCache?: boolean;
  /** Larger ones go first while the machine is full. Default: what `pluginsInput` says (run-priority.ts), else 0. */
  readonly priority?: number;
  readonly clonedFromRunId?: string;
  /** For a run that a recurring run starts: the same tick always makes the same run. */
  readonly recurring?: {
    readonly recurringRunId: string;
    readonly runId: string;
    readonly dueAtMs: number;
    readonly index: number;
  };
}

/** What runs as whom by default; there is no such account here, but clients show it. */
export const DEFAULT_SERVICE_ACCOUNT = 'pipeline-runner';

/** Records and starts a run. Throws NOT_FOUND, INVALID_PIPELINE, INVALID_ARGUMENTS, UNSUPPORTED. */
export async function createRun(app: App, request: NewRun): Promise<CataloguedRun> {
  const { clock, ids, catalogue, engine } = app;
  const { displayName, description = '', recurring } = request;
  checkName('Run.DisplayName', displayName);
  checkDescription(description);
  const source = await resolveSource(app, request.source);
  const experimentId = request.experimentId || (await defaultExperimentId(app, request.namespace));
  const experiment = recurring ? await catalogue.getExperiment(experimentId) : await getExperiment(app, experimentId);
  const runId = recurring?.runId ?? ids.uuid();
  const priority = request.priority ?? priorityOf(request.pluginsInput);
  const parameters = request.parameters(source.document);
  const { document, ...origin } = source;
  await catalogue.prepareRun({
    runId,
    experimentId,
    description,
    ...origin,
    parameters,
    pipelineRoot: request.pipelineRoot ?? '',
    serviceAccount: request.serviceAccount || DEFAULT_SERVICE_ACCOUNT,
    recurringRunId: recurring?.recurringRunId ?? null,
    pluginsInput: request.pluginsInput ?? {},
    earlierStates: [],
    metrics: [],
  });
  const scheduled = recurring && { now: clock.now(), runId, scheduledAt: recurring.dueAtMs, index: recurring.index };
  const submitted = ids.with(runId, () =>
    engine.submit({
      document,
      displayName,
      ...(experiment?.namespace ? { namespace: experiment.namespace } : {}),
      arguments: scheduled ? expandMacros(parameters, scheduled) : parameters,
      ...(request.pipelineRoot ? { pipelineRoot: request.pipelineRoot } : {}),
      ...(recurring ? { scheduledAtMs: recurring.dueAtMs } : {}),
      settings: {
        ...(request.useCache === false ? { useCache: false } : {}),
        ...(priority === undefined ? {} : { priority }),
      },
      ...(request.clonedFromRunId === undefined ? {} : { clonedFromRunId: request.clonedFromRunId }),
    }),
  );
  await submitted;
  await catalogue.placeRun(runId);
  return await getRun(app, runId);
}

/** A new run as it was when it was recorded, whatever it has done since: what the answer to its creation tells. */
export function asCreated(created: CataloguedRun): CataloguedRun {
  const { startedAtMs: _started, endedAtMs: _ended, error: _error, ...run } = created.run;
  return { ...created, run: { ...run, state: 'PENDING' } };
}

/** Throws NOT_FOUND. */
export async function getRun({ catalogue }: App, runId: string): Promise<CataloguedRun> {
  const run = await catalogue.getCataloguedRun(runId);
  if (!run) throw new ProductError('NOT_FOUND', `Run ${runId} not found`);
  return run;
}

export function listRuns({ catalogue }: App, request: ListRequest): Promise<ListReply<CataloguedRun>> {
  return listPage('runs', request, (query) => catalogue.listCataloguedRuns(query));
}

export async function archiveRun(app: App, runId: string): Promise<void> {
  await getRun(app, runId);
  await app.catalogue.setRunStorage(runId, 'ARCHIVED');
}

/** Throws FAILED_PRECONDITION while the run's experiment is archived. */
export async function unarchiveRun(app: App, runId: string): Promise<void> {
  const { details } = await getRun(app, runId);
  const experiment = await app.catalogue.getExperiment(details.experimentId);
  if (experiment?.storageState === 'ARCHIVED') {
    const message = `Failed to unarchive run ${runId} as experiment ${details.experimentId} must be un-archived first`;
    throw new ProductError('FAILED_PRECONDITION', message);
  }
  await app.catalogue.setRunStorage(runId, 'AVAILABLE');
}

/** Ends a run early; nothing happens to one that has ended. Throws NOT_FOUND. */
export async function terminateRun(app: App, runId: string): Promise<void> {
  await getRun(app, runId);
  await app.engine.cancel(runId, 'terminated by a user');
  // Who asks for the run next is to see that it is being ended.
  await app.engine.settled();
}

/** Goes on with a run that ended without success. Throws NOT_FOUND, CONFLICT. */
export async function retryRun(app: App, runId: string, options: { readonly fromTask?: number } = {}): Promise<void> {
  const before = await getRun(app, runId);
  if (!isFinalRun(before.run.state)) {
    throw new ProductError('CONFLICT', `Cannot claim run ${runId} for a retry: it is not in a terminal state`);
  }
  const nowMs = app.clock.now();
  const { history } = reportedState(before, nowMs);
  await app.engine.resume(runId, options);
  const again = [
    { atMs: nowMs, state: 'PENDING' },
    { atMs: nowMs, state: 'RUNNING' },
  ] as const;
  await app.catalogue.updateRunDetails({ ...before.details, earlierStates: [...history, ...again] });
  await app.engine.settled();
}

export interface CloneChanges {
  readonly parameters: JsonObject;
  readonly displayName?: string | undefined;
  readonly experimentId?: string | undefined;
  readonly useCache: boolean;
}

/** Starts the pipeline of a run again with changed parameters. Throws NOT_FOUND, INVALID_ARGUMENTS. */
export async function cloneRun(app: App, runId: string, changes: CloneChanges): Promise<CataloguedRun> {
  const { run, details } = await getRun(app, runId);
  const { pipelineId, pipelineVersionId, inlineSpecDigest } = details;
  const version = pipelineVersionId === null ? undefined : await app.catalogue.getVersion(pipelineVersionId);
  const parameters = { ...details.parameters, ...changes.parameters };
  // Of a version that was deleted, and of a run that nobody prepared (`pipewright local`), only the engine knows the pipeline.
  const spec = version === undefined ? await app.documents.text(inlineSpecDigest ?? run.documentDigest) : undefined;
  return await createRun(app, {
    displayName: changes.displayName || `Clone of ${run.displayName}`.slice(0, 256),
    description: details.description,
    experimentId: changes.experimentId || details.experimentId,
    source:
      spec === undefined
        ? { kind: 'version', pipelineId: pipelineId ?? '', pipelineVersionId: pipelineVersionId ?? '' }
        : { kind: 'inline', spec },
    parameters: () => parameters,
    pipelineRoot: details.pipelineRoot,
    serviceAccount: details.serviceAccount,
    pluginsInput: details.pluginsInput,
    useCache: changes.useCache,
    clonedFromRunId: runId,
  });
}

/** A run that is on its way is ended first. With it go its logs, and the artifacts no other run has read or taken over. */
export async function deleteRun(app: App, runId: string): Promise<void> {
  const { run } = await getRun(app, runId);
  if (!isFinalRun(run.state)) {
    await app.engine.cancel(runId, 'the run is deleted');
    await app.engine.wait(runId);
    await app.engine.settled();
  }
  await removeRun({ ...app, settled: () => app.engine.settled() }, runId);
}

export type MetricReport = {
  readonly metric: RunMetric;
  readonly status: 'OK' | 'INVALID_ARGUMENT' | 'DUPLICATE_REPORTING';
  readonly message: string;
};

const METRIC_NAME = /^[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$/;
const MAX_NODE_ID = 128;

/** Adds numbers to a run; each is answered for itself. */
export async function reportMetrics(app: App, runId: string, metrics: readonly RunMetric[]): Promise<readonly MetricReport[]> {
  const { details } = await getRun(app, runId);
  const kept = [...details.metrics];
  const reports = metrics.map((metric): MetricReport => {
    if (!METRIC_NAME.test(metric.name))
      return { metric, status: 'INVALID_ARGUMENT', message: `the metric name must match ${METRIC_NAME.source}` };
    if (metric.nodeId === '' || metric.nodeId.length > MAX_NODE_ID) {
      return { metric, status: 'INVALID_ARGUMENT', message: `node_id must have 1 to ${MAX_NODE_ID} characters` };
    }
    if (kept.some(({ name, nodeId }) => name === metric.name && nodeId === metric.nodeId)) {
      return { metric, status: 'DUPLICATE_REPORTING', message: 'the metric has been reported already' };
    }
    kept.push(metric);
    return { metric, status: 'OK', message: '' };
  });
  await app.catalogue.updateRunDetails({ ...details, metrics: kept });
  return reports;
}
