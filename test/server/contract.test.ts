// What KFP's own API suites look at, found by running them: answers right after a creation, defaults, limits, page tokens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { adderPipeline } from '../support/adder-pipeline.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const V2 = '/apis/v2beta1';
const V1 = '/apis/v1beta1';
const SLOW = stepPipeline({ name: 'slow', steps: { wait: { sh: 'sleep 5' } } });
let server: TestServer;
before(async () => {
  server = await testServer({ executor: 'process' });
});
after(() => server[Symbol.asyncDispose]());

const post = (path: string, body: JsonObject) => server.call('POST', path, body);

test('A run is PENDING in the answer to its creation, and without details until the engine has got on.', async () => {
  const { json } = await post(`${V2}/runs`, { display_name: 'r', pipeline_spec: SLOW });
  assert.equal(json['state'], 'PENDING');
  assert.deepEqual(
    (json['state_history'] as readonly JsonObject[]).map(({ state }) => state),
    ['PENDING'],
  );
  assert.equal(json['finished_at'], '1970-01-01T00:00:00Z');
  assert.equal('run_details' in json, false);
  const path = `${V2}/runs/${json['run_id'] as string}`;
  assert.equal('run_details' in (await server.call('GET', path)).json, false);
  let run: JsonObject = {};
  while (!('run_details' in run)) run = (await server.call('GET', path)).json;
  assert.equal(run['state'], 'RUNNING');
  await post(`${path}:terminate`, {});
});

test('A run that has ended at once has its details at once.', async () => {
  const spec = stepPipeline({ name: 'quick', steps: { quick: { sh: 'true' } } });
  const { json } = await post(`${V2}/runs`, { display_name: 'r', pipeline_spec: spec });
  const { run_details } = await server.ended(json['run_id'] as string);
  assert.equal(((run_details as JsonObject)['task_details'] as readonly JsonObject[]).length, 2);
});

test('The older API says Pending, too.', async () => {
  const { json } = await post(`${V1}/runs`, { name: 'r', pipeline_spec: { pipeline_manifest: JSON.stringify(SLOW) } });
  const run = json['run'] as JsonObject;
  assert.equal(run['status'], 'Pending');
  await post(`${V1}/runs/${run['id'] as string}/terminate`, {});
});

test('A recurring run without a service account has the default one, as runs have.', async () => {
  const body = { display_name: 'rr', pipeline_spec: SLOW, max_concurrency: '1', trigger: {} };
  const { json } = await post(`${V2}/recurringruns`, body);
  assert.equal(json['service_account'], 'pipeline-runner');
});

for (const [name, isRight] of [
  ['a-1', true],
  ['0', true],
  ['a_1', false],
  ['A', false],
  ['-a', false],
  ['a.b', false],
  ['a'.repeat(129), false],
] as const) {
  test(`A pipeline whose spec calls it ${name.slice(0, 20)} is ${isRight ? 'taken' : 'refused'}.`, async () => {
    const upload = await server.upload(`${V2}/pipelines/upload?name=spec-${name.slice(0, 20)}`, adderPipeline(name));
    assert.equal(upload.status, isRight ? 200 : 400);
    if (!isRight) assert.match(upload.json['error_message'] as string, /must contain only lower case/);
    const run = { display_name: 'r', pipeline_spec: JSON.parse(adderPipeline(name)) as JsonObject };
    const { status } = await post(`${V2}/runs`, { ...run, runtime_config: { parameters: { x: 1 } } });
    assert.equal(status, isRight ? 200 : 400);
  });
}

test('The parameters of a run in the older API have a limit.', async () => {
  const parameters = [{ name: 'x', value: '1'.repeat(10_000) }];
  const { status, json } = await post(`${V1}/runs`, {
    name: 'r',
    pipeline_spec: { pipeline_manifest: adderPipeline(), parameters },
  });
  assert.equal(status, 400);
  assert.match(json['message'] as string, /exceed maximum size of 10000/);
});

test('A page token is of one list only.', async () => {
  for (const name of ['one', 'two']) await post(`${V2}/experiments`, { display_name: name });
  const { json } = await server.call('GET', `${V2}/experiments?page_size=1`);
  const token = encodeURIComponent(json['next_page_token'] as string);
  assert.equal((await server.call('GET', `${V1}/experiments?page_token=${token}`)).status, 200);
  const other = await server.call('GET', `${V2}/runs?page_token=${token}`);
  assert.equal(other.status, 400);
  assert.match(other.json['message'] as string, /Invalid page token/);
});

test('A message does not say the same thing twice.', async () => {
  const { status, json } = await server.upload(
    `${V2}/pipelines/upload?name=zip`,
    new TextEncoder().encode('PK\u0003\u0004'),
    'a.zip',
  );
  assert.equal(status, 400);
  const message = json['error_message'] as string;
  const problem = ((json['problems'] as readonly JsonObject[])[0]!['message'] ?? '') as string;
  assert.equal(message.split(problem).length, 2, message);
});

test('A configuration that says nothing is left out, in both APIs.', async () => {
  const { json } = await post(`${V2}/runs`, { display_name: 'r', pipeline_spec: SLOW });
  assert.equal('runtime_config' in json, false);
  const older = (await server.call('GET', `${V1}/runs/${json['run_id'] as string}`)).json['run'] as JsonObject;
  assert.equal('runtime_config' in (older['pipeline_spec'] as JsonObject), false);
  await post(`${V2}/runs/${json['run_id'] as string}:terminate`, {});
});

test('Runs of a recurring run are called as its Kubernetes object would be, with index and hash.', async () => {
  const spec = stepPipeline({ name: 'quick', steps: { quick: { sh: 'true' } } });
  const body = { display_name: 'Hello world!', pipeline_spec: spec, max_concurrency: '1', mode: 'ENABLE', trigger: {} };
  const { json } = await post(`${V2}/recurringruns`, body);
  const filter = { operation: 'EQUALS', key: 'recurring_run_id', string_value: json['recurring_run_id']! };
  const query = encodeURIComponent(JSON.stringify({ predicates: [filter] }));
  let runs: readonly JsonObject[] = [];
  while (runs.length === 0) {
    const page = (await server.call('GET', `${V2}/runs?filter=${query}`)).json;
    runs = (page['runs'] ?? []) as readonly JsonObject[];
  }
  assert.match(runs[0]!['display_name'] as string, /^helloworld-1-[0-9a-f]{8}$/);
  const older = (await server.call('GET', `${V1}/runs/${runs[0]!['run_id'] as string}`)).json['run'] as JsonObject;
  const references = older['resource_references'] as readonly JsonObject[];
  assert.equal(references.find(({ key }) => (key as JsonObject)['type'] === 'JOB')!['name'], 'Hello world!');
});

test('A job of the older API without a schedule or version says what it is of, and versions are listed by the pipeline alone.', async () => {
  const upload = await server.upload(`${V1}/pipelines/upload?name=of-job`, adderPipeline());
  const pipelineId = upload.json['id'] as string;
  const pipeline_spec = { pipeline_id: pipelineId, parameters: [{ name: 'x', value: '1' }] };
  const { json } = await post(`${V2}/recurringruns`, {
    display_name: 'newest',
    pipeline_version_reference: { pipeline_id: pipelineId },
    runtime_config: { parameters: { x: 1 } },
    max_concurrency: '1',
  });
  const older = (await server.call('GET', `${V1}/jobs/${json['recurring_run_id'] as string}`)).json;
  assert.equal('trigger' in older, false);
  const references = older['resource_references'] as readonly JsonObject[];
  assert.deepEqual(references.at(-1), { key: { type: 'PIPELINE', id: pipelineId }, relationship: 'CREATOR' });
  const job = await post(`${V1}/jobs`, { name: 'j', max_concurrency: '1', pipeline_spec });
  const [, version] = job.json['resource_references'] as readonly JsonObject[];
  assert.equal(version!['name'], 'of-job');
  const list = await server.call('GET', `${V1}/pipeline_versions?resource_key.id=${pipelineId}`);
  assert.equal(list.json['total_size'], 1);
  assert.equal((await server.call('GET', `${V1}/pipeline_versions?resource_key.type=PIPELINE`)).status, 400);
});

test('A run that is not due at a time keeps what only recurring runs expand.', async () => {
  const texts = ['[[ScheduledTime]]', '[[Index]]', "{{$.scheduledTime.strftime('%Y')}}", "{{$.currentTime.strftime('%Y')}}"];
  const names = texts.map((_, index) => `t${index}`);
  const spec = stepPipeline({
    parameters: Object.fromEntries(names.map((name) => [name, { type: 'STRING' }])),
    steps: {
      tell: {
        sh: 'for text; do echo "$text"; done',
        args: ['-', ...names.map((name) => `{{$.inputs.parameters['${name}']}}`)],
        inputs: Object.fromEntries(names.map((name) => [name, `root:${name}`])),
        cached: false,
      },
    },
  });
  const parameters = Object.fromEntries(names.map((name, index) => [name, texts[index]!]));
  const { json } = await post(`${V2}/runs`, { display_name: 'r', pipeline_spec: spec, runtime_config: { parameters } });
  const runId = json['run_id'] as string;
  await server.ended(runId);
  const log = await server.call('GET', `${V2}/runs/${runId}/nodes/${runId}.1/log`);
  const lines = (log.json['text'] as string).trim().split('\n');
  assert.deepEqual(lines, [...texts.slice(0, 3), String(new Date().getUTCFullYear())]);
});
