import type { JsonObject } from '../base/json.ts';
import type { CataloguedRun } from '../store/catalogue-store.ts';
import { canonicalNamespace } from './access-principal.ts';
import type { App } from './app.ts';
import { createRun, getRun } from './runs.ts';

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
  const experiment = await app.catalogue.getExperiment(details.experimentId);
  // Of a version that was deleted, and of a run that nobody prepared (`pipewright local`), only the engine knows the pipeline.
  const spec = version === undefined ? await app.documents.text(inlineSpecDigest ?? run.documentDigest) : undefined;
  return await createRun(app, {
    displayName: changes.displayName || `Clone of ${run.displayName}`.slice(0, 256),
    description: details.description,
    // Of an experiment that was deleted, the runs are still there.
    experimentId: changes.experimentId || experiment?.experimentId,
    namespace: canonicalNamespace(run.namespace),
    source:
      spec === undefined
        ? { kind: 'version', pipelineId: pipelineId ?? '', pipelineVersionId: pipelineVersionId ?? '' }
        : { kind: 'inline', spec },
    parameters: () => parameters,
    pipelineRoot: details.pipelineRoot,
    serviceAccount: details.serviceAccount,
    pluginsInput: details.pluginsInput,
    useCache: changes.useCache,
    priority: run.settings.priority,
    inputArtifacts: run.settings.inputArtifacts,
    clonedFromRunId: runId,
  });
}
