// Our own API over HTTP: tasks, logs, events, artifacts and what can be done with a run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { adderPipeline } from '../support/adder-pipeline.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const OWN = '/apis/pipewright/v1';
const V2 = '/apis/v2beta1';
let server: TestServer;
before(async () => {
  server = await testServer({ executor: 'process' });
});
after(() => server[Symbol.asyncDispose]());

const get = (path: string) => server.call('GET', path);
const list = (value: unknown): readonly JsonObject[] => (value ?? []) as readonly JsonObject[];
const object = (value: unknown): JsonObject => value as JsonObject;

async function started(spec: JsonObject, parameters: JsonObject = {}): Promise<string> {
  const body = { display_name: 'r', pipeline_spec: spec, runtime_config: { parameters } };
  const { status, json } = await server.call('POST', `${V2}/runs`, body);
  assert.equal(status, 200, JSON.stringify(json));
  return json['run_id'] as string;
}

async function ran(spec: JsonObject, parameters: JsonObject = {}): Promise<string> {
  const id = await started(spec, parameters);
  await server.ended(id);
  return id;
}

const adder = () => JSON.parse(adderPipeline()) as JsonObject;

const failing = stepPipeline({
  name: 'failing',
  parameters: { limit: { type: 'NUMBER_INTEGER', default: 0 } },
  steps: {
    good: { sh: 'echo fine' },
    bad: {
      sh: 'echo looking; echo "the limit is $0" >&2; test "$0" -gt 0',
      args: ["{{$.inputs.parameters['limit']}}"],
      inputs: { limit: 'root:limit' },
    },
  },
});

test('A run shows its parameters with defaults, its outputs and how many steps are in which state.', async () => {
  const id = await ran(adder(), { x: 1 });
  const { json } = await get(`${OWN}/runs/${id}`);
  assert.deepEqual([json['parameters'], json['given']], [{ x: 1, y: 2 }, ['x']]);
  assert.deepEqual(json['task_counts'], { SUCCEEDED: 2 });
});

test('A failed run says which step failed, why, and what it printed last.', async () => {
  const id = await ran(failing);
  const cause = object((await get(`${OWN}/runs/${id}`)).json['cause']);
  assert.equal(cause['path'], '/bad');
  assert.match(cause['log_tail'] as string, /looking\nthe limit is 0/);
  assert.equal(object(cause['error'])['code'], 1);
});

test('A clone with another argument takes what did not change from the cache.', async () => {
  const id = await ran(adder(), { x: 20, y: 30 });
  const { json } = await server.call('POST', `${OWN}/runs/${id}:clone`, { parameters: { y: 30 } });
  const again = json['run_id'] as string;
  await server.ended(again);
  const { json: view } = await get(`${OWN}/runs/${again}`);
  assert.deepEqual(view['task_counts'], { CACHED: 2 });
  assert.equal(object(view['run'])['cloned_from_run_id'], id);
  const tasks = list((await get(`${V2}/runs/${again}/tasks?view=BASIC`)).json['tasks']);
  const cached = tasks.find(({ name }) => name === 'first')!;
  const detail = (await get(`${OWN}/runs/${again}/tasks/${cached['task_id'] as string}`)).json;
  assert.equal(object(detail['cache'])['result'], 'HIT');
  assert.equal(object(detail['cache'])['from_run_id'], id);
});

test('A step that was not cached says what differs from its last execution.', async () => {
  await ran(adder(), { x: 7 });
  const id = await ran(adder(), { x: 8 });
  const detail = (await get(`${OWN}/runs/${id}/tasks/${encodeURIComponent('/first')}`)).json;
  assert.equal(object(detail['cache'])['result'], 'MISS');
  assert.deepEqual(object(detail['cache'])['differences'], [{ what: 'a', before: 7, now: 8 }]);
  assert.equal(object(detail['launch'])['image'], 'busybox');
  assert.equal(list(detail['attempts']).length, 1);
});

test('A run goes on from a task, and everything after it runs again.', async () => {
  const id = await ran(adder(), { x: 100 });
  assert.equal((await server.call('POST', `${OWN}/runs/${id}:resume`, {})).status, 409);
  const { status } = await server.call('POST', `${OWN}/runs/${id}:resume`, { from_task_id: '/second' });
  assert.equal(status, 200);
  await server.ended(id);
  const tasks = list((await get(`${V2}/runs/${id}/tasks`)).json['tasks']);
  assert.deepEqual(
    tasks.filter(({ kind }) => kind === 'container').map((task) => task['state']),
    ['SUCCEEDED', 'SUCCEEDED'],
  );
});

test('Tasks come in pages; the pages have no gaps.', async () => {
  const id = await ran(adder(), { x: 1 });
  const first = (await get(`${V2}/runs/${id}/tasks?page_size=2`)).json;
  const second = (await get(`${V2}/runs/${id}/tasks?page_size=2&page_token=${first['next_page_token'] as string}`)).json;
  assert.deepEqual(
    [...list(first['tasks']), ...list(second['tasks'])].map(({ name }) => name ?? ''),
    ['', 'first', 'second'],
  );
});

test('A log is read by offset, by its end, by a range, and followed while it grows.', async () => {
  const spec = stepPipeline({ name: 'talking', steps: { talk: { sh: 'echo one; sleep 0.3; echo two' } } });
  const id = await started(spec);
  const followed = await fetch(`${server.url}${OWN}/runs/${id}/tasks/1/log?follow=true`);
  assert.equal(await followed.text(), 'one\ntwo\n');
  await server.ended(id);
  const log = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${OWN}/runs/${id}/tasks/1/log${query}`, { headers });
  assert.equal(await (await log('?offset=4')).text(), 'two\n');
  const tail = await log('?tail=4');
  assert.deepEqual([await tail.text(), tail.headers.get('x-log-offset'), tail.headers.get('x-log-size')], ['two\n', '4', '8']);
  const range = await log('', { range: 'bytes=0-2' });
  assert.deepEqual([range.status, await range.text(), range.headers.get('content-range')], [206, 'one', 'bytes 0-2/8']);
  assert.equal((await log('', { range: 'bytes=99-' })).status, 416);
  assert.equal((await log('?attempt=3')).status, 404);
  const kfp = await fetch(`${server.url}/apis/v1alpha1/runs/${id}/nodes/${id}.1/log`);
  assert.equal(await kfp.text(), 'one\ntwo\n');
});

test('Events tell tasks and the run as they change, from the state they are in.', async () => {
  const id = await started(adder(), { x: 55 });
  const leave = new AbortController();
  const response = await fetch(`${server.url}${OWN}/runs/${id}/events`, { signal: leave.signal });
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/event: run\ndata: [^\n]*"SUCCEEDED"/.test(text)) break;
  }
  leave.abort();
  assert.match(text, /event: tasks\ndata: [^\n]*"second"/);
});

test('The graph has a scope for each DAG, without iterations.', async () => {
  const id = await ran(adder(), { x: 1 });
  const { json } = await get(`${OWN}/runs/${id}/graph`);
  const [root] = list(json['scopes']);
  assert.equal(root!['path'], '/');
  assert.deepEqual(
    list(root!['tasks']).map(({ key, depends_on }) => [key, depends_on ?? []]),
    [
      ['first', []],
      ['second', ['first']],
    ],
  );
});

test('An artifact is listed, read whole and in part, and traced to what made it.', async () => {
  const id = await ran(adder(), { x: 3 });
  const filter = JSON.stringify({ predicates: [{ operation: 'EQUALS', key: 'run_id', string_value: id }] });
  const artifacts = list((await get(`${V2}/artifacts?filter=${encodeURIComponent(filter)}`)).json['artifacts']);
  assert.equal(artifacts.length, 2);
  const artifact = artifacts[0]!;
  const artifactId = artifact['artifact_id'] as string;
  assert.deepEqual([artifact['type'], artifact['type_name'], artifact['size_bytes']], ['Metric', 'system.Metrics', '3']);
  const content = await fetch(`${server.url}${OWN}/artifacts/${artifactId}/content`);
  assert.equal(await content.text(), '{}\n');
  assert.match(content.headers.get('content-security-policy')!, /^sandbox/);
  assert.deepEqual((await get(`${OWN}/artifacts/${artifactId}/files`)).json['files'], [{ size_bytes: '3' }]);
  for (const path of ['../secret', '/etc/passwd', 'a/../../b']) {
    const refused = await get(`${OWN}/artifacts/${artifactId}/content?path=${encodeURIComponent(path)}`);
    assert.ok([400, 404].includes(refused.status), path);
  }
  const lineage = (await get(`${OWN}/artifacts/${artifactId}/lineage`)).json;
  assert.equal(list(lineage['executions']).length, 1);
  assert.equal(list(lineage['edges'])[0]!['direction'], 'output');
});

test('Runs are compared with what differs first; one run is not enough.', async () => {
  const ids = [await ran(adder(), { x: 1 }), await ran(adder(), { x: 2 })];
  const { json } = await get(`${OWN}/comparisons?run_ids=${ids.join(',')}`);
  assert.deepEqual(list(json['parameters']), [
    { name: 'x', values: [1, 2], is_different: true },
    { name: 'y', values: [2, 2] },
  ]);
  assert.equal((await get(`${OWN}/comparisons?run_ids=${ids[0]!}`)).status, 400);
});

test('A file is inspected without being kept.', async () => {
  const { json } = await server.upload(`${OWN}/inspections`, adderPipeline());
  assert.equal(json['kind'], 'pipeline');
  assert.deepEqual(
    list(object(json['inputs'])['parameters']).map(({ name }) => name),
    ['x', 'y'],
  );
  const bad = await server.upload(`${OWN}/inspections`, 'root: 3');
  assert.equal(bad.status, 200);
  assert.ok(list(bad.json['problems']).length > 0);
});

test('The next times of a cron expression are shown; one that is wrong is refused.', async () => {
  const { json } = await get(`${OWN}/cron?expression=${encodeURIComponent('0 0 3 * * *')}&count=2`);
  const [first, second] = json['times'] as readonly string[];
  assert.equal(Date.parse(second!) - Date.parse(first!), 86_400_000);
  assert.equal((await get(`${OWN}/cron?expression=often`)).status, 400);
});

test('Every dialect has its OpenAPI document.', async () => {
  for (const dialect of ['v2beta1', 'v1beta1', 'v1']) {
    const { status, json } = await get(`${OWN}/openapi/${dialect}`);
    assert.deepEqual([status, json['openapi']], [200, '3.1.0']);
  }
  assert.equal((await get(`${OWN}/openapi/v9`)).status, 404);
});

test('A search finds runs by name and by id.', async () => {
  const id = await ran(stepPipeline({ name: 'findable', steps: { only: { sh: 'true' } } }));
  const { json } = await get(`${OWN}/search?query=${id}`);
  assert.equal(list(json['hits'])[0]!['id'], id);
});
