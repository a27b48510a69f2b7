import type { App } from '../app/app.ts';
import { DEFAULT_NAMESPACE } from '../app/app.ts';
import { ENGINE_DEFAULT } from './context.ts';
import type { RawCall } from './dialect.ts';

/**
 * The namespace of the thing a call is about: that of the resource in its path or query, else the one it names. Undefined when only
 * its body can say it. What was read of all namespaces at once takes a role in all of them: `*`.
 */
export async function resourceNamespace(app: App, { id, params: given, search, route }: RawCall): Promise<string | undefined> {
  if (EVERYWHERE.has(id)) return '*';
  const params = given['id'] === undefined ? given : { [nounOf(route.path)]: given['id'] };
  const known =
    (await namespaceOf(app, { ...idsOfQuery(search), ...params })) ?? search.get('namespace') ?? namedNamespace(search);
  return known ?? params['namespace'] ?? (route.body === undefined ? DEFAULT_NAMESPACE : undefined);
}

/** ML Metadata knows no namespaces. */
const EVERYWHERE: ReadonlySet<string> = new Set(['Metadata_Call']);

const namedNamespace = (search: URLSearchParams): string | undefined =>
  search.get('resource_reference_key.type') === 'NAMESPACE' ? (search.get('resource_reference_key.id') ?? undefined) : undefined;

/** Resources that a query names, under the names paths have for them. */
function idsOfQuery(search: URLSearchParams): Readonly<Record<string, string>> {
  const podName = search.get('podname');
  const ids = {
    run_id: podName?.slice(0, podName.lastIndexOf('.')),
    experiment_id: search.get('resource_reference_key.type') === 'EXPERIMENT' ? search.get('resource_reference_key.id') : null,
    pipeline_id: search.get('pipelineid') ?? search.get('resource_key.id'),
  };
  return Object.fromEntries(Object.entries(ids).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** The namespace of the first resource that ids name; undefined if there is none or it is not there. */
export async function namespaceOf(
  { catalogue, store }: App,
  ids: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const id = (...names: readonly string[]) => names.map((name) => ids[name]).find(Boolean);
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
