// KFP's v1beta1 API over HTTP, as kfp 1.8 speaks it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { adderPipeline } from '../support/adder-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const V1 = '/apis/v1beta1';
let server: TestServer;
before(async () => {
  server = await testServer();
});
after(() => server[Symbol.asyncDispose]());

const get = (path: string) => server.call('GET', V1 + path);
const post = (path: string, body?: JsonObject) => server.call('POST', V1 + path, body);
const list = (value: unknown): readonly JsonObject[] => (value ?? []) as readonly JsonObject[];
const object = (value: unknown): JsonObject => value as JsonObject;

async function uploaded(name: string): Promise<JsonObject> {
  const { status, json } = await server.upload(`${V1}/pipelines/upload?name=${name}`, adderPipeline());
  assert.equal(status, 200, JSON.stringify(json));
  return json;
}

test('An empty namespace is an accepted owner of a list of experiments, an experiment is not.', async () => {
  const { json } = await get(
    '/experiments?resource_reference_key.type=NAMESPACE&resource_reference_key.id=&page_token=&page_size=10&sort_by=',
  );
  const [experiment] = list(json['experiments']);
  assert.deepEqual([experiment!['name'], experiment!['storage_state']], ['Default', 'STORAGESTATE_AVAILABLE']);
  assert.equal((await get('/experiments?resource_reference_key.type=EXPERIMENT&resource_reference_key.id=x')).status, 400);
});

test('A pipeline shows its default version and its parameters as texts.', async () => {
  const pipeline = await uploaded('shown');
  const version = object(pipeline['default_version']);
  assert.ok(version['id']);
  assert.deepEqual(version['parameters'], [{ name: 'x' }, { name: 'y', value: '2' }]);
  const template = await get(`/pipelines/${pipeline['id'] as string}/templates`);
  assert.equal(template.json['template'], adderPipeline());
});

test('Versions are listed for a pipeline, and one of them can be made the default.', async () => {
  const pipeline = await uploaded('versioned');
  const id = pipeline['id'] as string;
  const uploadedVersion = await server.upload(`${V1}/pipelines/upload_version?name=second&pipelineid=${id}`, adderPipeline());
  assert.equal(uploadedVersion.status, 200);
  assert.equal((await get('/pipeline_versions')).status, 400);
  const versions = list((await get(`/pipeline_versions?resource_key.type=PIPELINE&resource_key.id=${id}`)).json['versions']);
  assert.deepEqual(
    versions.map(({ name }) => name),
    ['versioned', 'second'],
  );
  const first = versions[0]!['id'] as string;
  assert.equal((await post(`/pipelines/${id}/default_version/${first}`)).status, 200);
  assert.equal(object((await get(`/pipelines/${id}`)).json['default_version'])['id'], first);
});

test('A pipeline is deleted with its versions.', async () => {
  const { id } = await uploaded('gone');
  assert.deepEqual((await server.call('DELETE', `${V1}/pipelines/${id as string}`)).json, {});
  assert.equal((await get(`/pipelines/${id as string}`)).status, 404);
});

test('A run takes its parameters as texts and shows a workflow with a node for each step.', async () => {
  const { default_version } = await uploaded('to-run');
  const experiment = list((await get('/experiments')).json['experiments'])[0]!;
  const created = await post('/runs', {
    name: 'r',
    pipeline_spec: { parameters: [{ name: 'x', value: '3' }] },
    resource_references: [
      { key: { type: 'EXPERIMENT', id: experiment['id']! }, relationship: 'OWNER' },
      { key: { type: 'PIPELINE_VERSION', id: object(default_version)['id']! }, relationship: 'CREATOR' },
    ],
  });
  assert.equal(created.status, 200, JSON.stringify(created.json));
  const id = object(created.json['run'])['id'] as string;
  await server.ended(id);
  const { json } = await get(`/runs/${id}`);
  const run = object(json['run']);
  assert.equal(run['status'], 'Succeeded');
  assert.deepEqual(object(run['pipeline_spec'])['parameters'], [{ name: 'x', value: '3' }]);
  const references = list(run['resource_references']).map((reference) => object(reference['key'])['type']);
  assert.deepEqual(references, ['EXPERIMENT', 'PIPELINE_VERSION']);
  const manifest = JSON.parse(object(json['pipeline_runtime'])['workflow_manifest'] as string) as JsonObject;
  const nodes = Object.values(object(object(manifest['status'])['nodes']));
  assert.deepEqual(
    nodes.map((node) => object(node)['displayName'] as string).toSorted((left, right) => (left < right ? -1 : 1)),
    ['adder', 'first', 'second'],
  );
});

test('An Argo manifest is refused as a run, with the reason.', async () => {
  const manifest = JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: { templates: [] } });
  const { status, json } = await post('/runs', { name: 'r', pipeline_spec: { workflow_manifest: manifest } });
  assert.equal(status, 400);
  assert.match(json['error'] as string, /Argo Workflow/);
});

test('A parameter the pipeline does not have is named.', async () => {
  const { id } = await uploaded('strict');
  const { status, json } = await post('/runs', {
    name: 'r',
    pipeline_spec: { pipeline_id: id!, parameters: [{ name: 'z', value: '1' }] },
  });
  assert.equal(status, 400);
  assert.match(json['error'] as string, /Unrecognized input parameter: z/);
});

test('Metrics are reported one by one and shown with the run.', async () => {
  const { id } = await uploaded('measured');
  const created = await post('/runs', {
    name: 'r',
    pipeline_spec: { pipeline_id: id!, parameters: [{ name: 'x', value: '1' }] },
  });
  const runId = object(created.json['run'])['id'] as string;
  const metric = { name: 'accuracy', node_id: 'n1', number_value: 0.5, format: 'PERCENTAGE' };
  const { json } = await post(`/runs/${runId}:reportMetrics`, { metrics: [metric, metric, { ...metric, name: '1bad' }] });
  assert.deepEqual(
    list(json['results']).map(({ status }) => status),
    ['OK', 'DUPLICATE_REPORTING', 'INVALID_ARGUMENT'],
  );
  assert.deepEqual(object((await get(`/runs/${runId}`)).json['run'])['metrics'], [metric]);
});

test('A job is enabled by its flag, by slashes rather than colons.', async () => {
  const { id } = await uploaded('job');
  const { json } = await post('/jobs', {
    name: 'j',
    enabled: true,
    max_concurrency: '2',
    pipeline_spec: { pipeline_id: id!, parameters: [{ name: 'x', value: '1' }] },
    trigger: { periodic_schedule: { interval_second: '3600' } },
  });
  // The mode is not answered, as in the reference server: `enabled` says it.
  assert.deepEqual([json['enabled'], json['mode'], json['max_concurrency']], [true, undefined, '2']);
  assert.equal((await post(`/jobs/${json['id'] as string}/disable`)).status, 200);
  assert.equal('enabled' in (await get(`/jobs/${json['id'] as string}`)).json, false);
  assert.equal(list((await get('/jobs')).json['jobs']).length, 1);
});

test('A filter is written with `op`, a state in its older words.', async () => {
  const text = JSON.stringify({ predicates: [{ op: 'EQUALS', key: 'status', stringValue: 'Succeeded' }] });
  const { status, json } = await get(`/runs?filter=${encodeURIComponent(text)}`);
  assert.equal(status, 200);
  assert.ok(list(json['runs']).every((run) => run['status'] === 'Succeeded'));
});

test('Visualisations are refused with what to do instead.', async () => {
  const { status, json } = await post('/visualizations/', { type: 'CUSTOM' });
  assert.equal(status, 400);
  assert.match(json['hint'] as string, /HTML or Markdown artifact/);
});
