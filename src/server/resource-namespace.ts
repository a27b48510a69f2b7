import type { App } from '../app/app.ts';
import { DEFAULT_NAMESPACE } from '../app/app.ts';
import { ENGINE_DEFAULT } from './context.ts';
import type { RawCall } from './dialect.ts';

/**
 * The namespace of the thing a call is about: that of the resource in its path, else the one it names. Undefined when only its body
 * can say it.
 */
export async function resourceNamespace(app: App, { params: given, search, route }: RawCall): Promise<string | undefined> {
  const params = given['id'] === undefined ? given : { [nounOf(route.path)]: given['id'] };
  const named = search.get('namespace') ?? search.get('resource_reference_key.id') ?? params['namespace'];
  const known = (await ofResource(app, params)) ?? named;
  return known ?? (route.body === undefined ? DEFAULT_NAMESPACE : undefined);
}

async function ofResource({ catalogue, store }: App, params: Readonly<Record<string, string>>): Promise<string | undefined> {
  const id = (...names: readonly string[]) => names.map((name) => params[name]).find((value) => value !== undefined);
  const runId = id('run_id', 'run.id');
  if (runId !== undefined) return engineNamespace((await store.getRun(runId))?.namespace);
  const artifactId = id('artifact_id');
  if (artifactId !== undefined) return engineNamespace((await store.getArtifact(artifactId))?.namespace);
  const experimentId = id('experiment_id');
  if (experimentId !== undefined) return (await catalogue.getExperiment(experimentId))?.namespace;
  const versionId = id('version_id', 'pipeline_version_id', 'pipeline_version.pipeline_version_id');
  const version = versionId === undefined ? undefined : await catalogue.getVersion(versionId);
  const pipelineId = version?.pipelineId ?? id('pipeline_id', 'pipeline.pipeline_id', 'pipeline_version.pipeline_id');
  if (pipelineId !== undefined) return (await catalogue.getPipeline(pipelineId))?.namespace;
  const recurringRunId = id('recurring_run_id', 'job_id');
  if (recurringRunId !== undefined) return (await catalogue.getRecurringRun(recurringRunId))?.namespace;
  return undefined;
}

/** v1beta1 calls every id `id`; the path says of what. */
function nounOf(path: string): string {
  if (path.includes('/experiments/')) return 'experiment_id';
  if (path.includes('/runs/')) return 'run_id';
  return path.includes('/jobs/') ? 'job_id' : 'pipeline_id';
}

const engineNamespace = (namespace: string | undefined): string | undefined =>
  namespace === ENGINE_DEFAULT ? DEFAULT_NAMESPACE : namespace;
