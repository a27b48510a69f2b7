import { ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { expandMacros } from '../ir/macros.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { RunSettings } from '../model/run.ts';
import { isFinalRun } from '../model/states.ts';
import type { CataloguedRun } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { defaultExperimentId, getExperiment } from './experiments.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkDescription, checkName } from './name-limits.ts';
import { type PipelineSource, resolveSource } from './pipeline-source.ts';
import { removeRun } from './remove-run.ts';
import { reportedState } from './reported-state.ts';
import { priorityOf } from './run-priority.ts';

/** What a run is asked for with, once or again and again. */
export interface RunTemplate {
  readonly displayName: string;
  readonly description?: string | undefined;
  /** Default: the default experiment of the namespace. */
  readonly experimentId?: string | undefined;
  /** Whose default experiment it is, when none is named. */
  readonly namespace?: string | undefined;
  readonly source: PipelineSource;
  /** The arguments, which may depend on what the pipeline declares. */
  readonly parameters: (document: PipelineDocument) => JsonObject;
  readonly pipelineRoot?: string | undefined;
  readonly serviceAccount?: string | undefined;
  readonly pluginsInput?: JsonObject | undefined;
}

export interface NewRun extends RunTemplate {
  /** `false`: no step looks into the cache. */
  readonly useCache?: boolean;
  /** Larger ones go first while the machine is full. Default: what `pluginsInput` says (run-priority.ts), else 0. */
  readonly priority?: number | undefined;
  /** Root artifact inputs. Default: none. */
  readonly inputArtifacts?: RunSettings['inputArtifacts'];
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
      mayLackArtifacts: true,
      ...(experiment?.namespace ? { namespace: experiment.namespace } : {}),
      arguments: scheduled ? expandMacros(parameters, scheduled) : parameters,
      ...(request.pipelineRoot ? { pipelineRoot: request.pipelineRoot } : {}),
      ...(recurring ? { scheduledAtMs: recurring.dueAtMs } : {}),
      settings: {
        ...(request.useCache === false ? { useCache: false } : {}),
        ...(priority === undefined ? {} : { priority }),
        ...(request.inputArtifacts === undefined ? {} : { inputArtifacts: request.inputArtifacts }),
      },
      ...(request.clonedFromRunId === undefined ? {} : { clonedFromRunId: request.clonedFromRunId }),
    }),
  );
  await submitted.catch(async (error: unknown) => {
    // What was prepared for a run that was refused would be left for ever.
    if (isRefusal(error)) await catalogue.deleteRun(runId);
    throw error;
  });
  await catalogue.placeRun(runId);
  return await getRun(app, runId);
}

/** Whether the engine has looked at the request and not recorded it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ProductError && (error.code === 'INVALID_ARGUMENTS' || error.code === 'INVALID_PIPELINE');

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
  await app.inTurn(runId, () => goOn(app, runId, options));
}

async function goOn(app: App, runId: string, options: { readonly fromTask?: number }): Promise<void> {
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

/** A run that is on its way is ended first. With it go its logs, and the artifacts no other run has read or taken over. */
export async function deleteRun(app: App, runId: string): Promise<void> {
  // Not while somebody goes on with it.
  await app.inTurn(runId, async () => {
    const { run } = await getRun(app, runId);
    if (!isFinalRun(run.state)) {
      await app.engine.cancel(runId, 'the run is deleted');
      await app.engine.wait(runId);
      await app.engine.settled();
    }
    await removeRun({ ...app, settled: () => app.engine.settled() }, runId);
  });
}
