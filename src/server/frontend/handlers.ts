import { requireAuthorized } from '../../app/access-principal.ts';
import type { App } from '../../app/app.ts';
import { getRun } from '../../app/runs.ts';
import { getTask, taskEvents, taskId, taskLaunch, taskLog } from '../../app/tasks.ts';
import { ProductError } from '../../base/errors.ts';
import type { TaskRow } from '../../model/run.ts';
import type { TaskState } from '../../model/states.ts';
import { contentReply } from '../artifact-content.ts';
import type { Query, RawHandler } from '../dialect.ts';
import { jsonReply } from '../dialect.ts';
import type { Context } from '../context.ts';
import { guardNamed } from '../guard-named.ts';
import { logReply } from '../log-stream.ts';
import { grpcWebReply } from './grpc-web.ts';
import { type MetadataMethod, metadataService } from './metadata-service.ts';
import { objectUri } from './object-path.ts';
import { objectReply } from './object-reply.ts';

const text = (query: Query, name: string): string => (query[name] as string | undefined) ?? '';

const services = new WeakMap<App, Readonly<Record<string, MetadataMethod>>>();

function serviceOf(app: App): Readonly<Record<string, MetadataMethod>> {
  let service = services.get(app);
  if (!service) services.set(app, (service = metadataService(app)));
  return service;
}

/** What the server in front of KFP's API answers itself. */
export const frontendRaw: Readonly<Record<string, RawHandler>> = {
  async Frontend_GetArtifact({ query, request }, context) {
    const { app } = context;
    const uri = objectUri(text(query, 'source'), text(query, 'bucket'), text(query, 'key'), app.artifacts.defaultPipelineRoot);
    if (!app.artifacts.handles(uri)) throw new ProductError('NOT_FOUND', `${uri} is not in a store of this server`);
    await guardObject(context, uri);
    const peek = query['peek'] as number | undefined;
    const artifact = { id: uri, name: uri.split('/').at(-1) ?? uri, uri, type: {}, metadata: {} };
    // The older spelling, with everything in the path, is the one for downloads: the object as it is.
    const isDownload = new URL(request.url).pathname !== '/artifacts/get';
    if (isDownload) return await contentReply(app, artifact, { path: '', range: request.headers.get('range'), isDownload });
    return await objectReply(app, artifact, { peekBytes: peek === undefined || peek <= 0 ? undefined : peek });
  },
  async Frontend_GetPodLogs({ query, request }, { app }) {
    const task = await taskOfPod(app, text(query, 'podname'));
    return await logReply(await taskLog(app, task), { range: request.headers.get('range') });
  },
  async Frontend_GetPod({ query }, { app }) {
    const task = await taskOfPod(app, text(query, 'podname'));
    const launch = await taskLaunch(app, task);
    return jsonReply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: taskId(task), annotations: { 'pipelines.kubeflow.org/task_name': task.key } },
      spec: {
        containers: launch ? [{ name: 'main', image: launch.image, command: [...launch.command], args: [...launch.args] }] : [],
      },
      status: { phase: POD_PHASES[task.state], ...(task.error ? { message: task.error.message } : {}) },
    });
  },
  async Frontend_ListPodEvents({ query }, { app }) {
    const task = await taskOfPod(app, text(query, 'podname'));
    const events = await taskEvents(app, task);
    return jsonReply({
      items: events.map(({ atMs, kind, message }) => ({
        reason: kind,
        message,
        lastTimestamp: new Date(atMs).toISOString(),
        type: 'Normal',
      })),
    });
  },
  Frontend_AreVisualizationsAllowed: async () => plainText('false'),
  Frontend_GetTensorboard: async () => jsonReply({ proxyPath: '', tfVersion: '', image: '' }),
  async Frontend_CreateTensorboard() {
    throw new ProductError('UNSUPPORTED', 'this server starts no TensorBoard', {
      hint: 'download the log folder and run `tensorboard --logdir FOLDER`',
    });
  },
  async Frontend_GetSystemFact() {
    throw new ProductError('NOT_FOUND', 'this server does not run in a cluster');
  },
  Metadata_Call: async ({ params, request }, { app }) => await grpcWebReply(serviceOf(app), params['method']!, request),
};

/** An object belongs to the namespace of the artifact it is; one that is no artifact, to those who may see everything. */
async function guardObject(context: Context, uri: string): Promise<void> {
  const { principal } = context.caller;
  if (principal.kind === 'anonymous') return;
  const { rows } = await context.app.catalogue.listArtifacts({
    predicates: [{ field: 'uri', operation: 'eq', values: [uri] }],
    sort: { field: 'created_at_ms', descending: true },
    limit: 1,
  });
  const [artifact] = rows;
  if (artifact) await guardNamed(context, 'runs:readArtifact', [{ artifact_id: artifact.id }]);
  else requireAuthorized(principal, 'runs:readArtifact', '*');
}

const POD_PHASES: Readonly<Record<TaskState, string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  CACHED: 'Succeeded',
  SKIPPED: 'Succeeded',
  FAILED: 'Failed',
  CANCELED: 'Failed',
};

/** Pods are called as our tasks are. */
async function taskOfPod(app: App, podName: string): Promise<TaskRow> {
  const dot = podName.lastIndexOf('.');
  const { run } = await getRun(app, dot < 0 ? podName : podName.slice(0, dot));
  return await getTask(app, run.runId, podName);
}

const plainText = (body: string): Response => new Response(body, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
