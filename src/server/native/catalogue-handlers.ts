import { nextTimes } from '../../app/cron.ts';
import { pipelineGraph } from '../../app/pipeline-graph.ts';
import { pipelineInputs, recentArguments } from '../../app/pipeline-inputs.ts';
import { getVersion } from '../../app/pipeline-versions.ts';
import { getPipeline } from '../../app/pipelines.ts';
import { search } from '../../app/search.ts';
import { describeSystem } from '../../app/system.ts';
import { ProductError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import { graphMessage, inputsMessage } from './graph-messages.ts';
import { loadMessage } from './load-message.ts';
import type { NativeHandlers } from './run-handlers.ts';

const DEFAULT_HITS = 20;
const MAX_HITS = 50;
const DEFAULT_TIMES = 5;
const MAX_TIMES = 50;

export const catalogueHandlers: Pick<
  NativeHandlers,
  'System_Get' | 'Search_Find' | 'Cron_Preview' | 'Version_GetGraph' | 'Version_GetInputs'
> = {
  async System_Get(_call, { app }) {
    const system = await describeSystem(app);
    return {
      version: system.version,
      started_at: system.startedAtMs,
      executor: system.executor,
      store: system.store,
      artifact_store: system.artifactStore,
      capacity: system.capacity,
      load: loadMessage(system.load),
      run_counts: system.runCounts,
    };
  },
  async Search_Find({ query }, { app, namespaces }) {
    const hits = await search(app, {
      text: query.query ?? '',
      limit: Math.min(query.limit || DEFAULT_HITS, MAX_HITS),
      within: (list) =>
        list === 'runs' || list === 'artifacts' ? namespaces.withinRuns(query.namespace) : namespaces.within(query.namespace),
    });
    return {
      hits: hits.map((hit) => ({
        kind: hit.kind,
        id: hit.id,
        parent_id: hit.parentId ?? '',
        title: hit.title,
        subtitle: hit.subtitle,
        state: hit.state ?? '',
        created_at: hit.createdAtMs,
      })),
    };
  },
  async Cron_Preview({ query }, { app }) {
    const count = Math.min(query.count || DEFAULT_TIMES, MAX_TIMES);
    return {
      times: nextTimes(query.expression ?? '', { fromMs: app.clock.now(), count, timeZone: app.timeZone }),
      description: app.timeZone,
    };
  },
  async Version_GetGraph({ params }, context) {
    return graphMessage(pipelineGraph(await documentOf(context, params)));
  },
  async Version_GetInputs({ params }, context) {
    const document = await documentOf(context, params);
    const { namespace } = await getPipeline(context.app, params.pipeline_id);
    const recent = await recentArguments(context.app, [
      { field: 'pipeline_version_id', operation: 'eq', values: [params.pipeline_version_id] },
      // A version may be run in other namespaces too: what was given there is theirs.
      ...context.namespaces.withinRuns(namespace),
    ]);
    return inputsMessage(pipelineInputs(document, recent));
  },
};

/** Throws UNSUPPORTED for a kind of pipeline that is not read. */
export async function documentOf(
  { app }: Context,
  params: { readonly pipeline_id: string; readonly pipeline_version_id: string },
) {
  const version = await getVersion(app, params.pipeline_version_id, { pipelineId: params.pipeline_id });
  if (version.kind === 'argo') {
    throw new ProductError(
      'UNSUPPORTED',
      `pipeline version ${version.displayName} is an Argo Workflow, whose graph is not read yet`,
      {
        hint: 'look at its source',
      },
    );
  }
  return await app.documents.pipeline(version.specDigest);
}
