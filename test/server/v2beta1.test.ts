// KFP's v2beta1 API over HTTP: what the reference says clients look for.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { after, before, test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { adderPipeline } from '../support/adder-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const V2 = '/apis/v2beta1';
let server: TestServer;
before(async () => {
  server = await testServer();
});
after(() => server[Symbol.asyncDispose]());

const get = (path: string) => server.call('GET', V2 + path);
const post = (path: string, body?: JsonObject) => server.call('POST', V2 + path, body);
const query = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters).toString()}`;
const list = (value: unknown): readonly JsonObject[] => (value ?? []) as readonly JsonObject[];
const filter = (...predicates: readonly JsonObject[]) => JSON.stringify({ predicates });

async function uploaded(name: string): Promise<string> {
  const { status, json } = await server.upload(`${V2}/pipelines/upload?name=${name}`, adderPipeline());
  assert.equal(status, 200, JSON.stringify(json));
  return json['pipeline_id'] as string;
}

test('Health is told without the usual omission of zero values.', async () => {
  const { multi_user, pipeline_store } = (await get('/healthz')).json;
  assert.deepEqual([multi_user, pipeline_store], [false, 'database']);
});

test('A list without rows is the empty message.', async () => {
  assert.deepEqual((await get('/recurringruns')).json, {});
  assert.deepEqual(
    (await get(`/pipelines${query({ filter: filter({ operation: 1, key: 'name', stringValue: 'absent' }) })}`)).json,
    {},
  );
});

test('There is a default experiment, without a run yet and without a namespace.', async () => {
  const [experiment] = list((await get('/experiments')).json['experiments']);
  assert.equal(experiment!['display_name'], 'Default');
  assert.equal(experiment!['last_run_created_at'], '1970-01-01T00:00:00Z');
  assert.equal('namespace' in experiment!, false);
  const { status } = await server.call('DELETE', `${V2}/experiments/${experiment!['experiment_id'] as string}`);
  assert.equal(status, 409);
});

for (const [form, content, fileName] of [
  ['YAML', () => adderPipeline(), 'p.yaml'],
  ['zip', () => zipSync({ 'pipeline.yaml': new TextEncoder().encode(adderPipeline()) }), 'p.zip'],
  ['gzip', () => new Uint8Array(gzipSync(tarOf('pipeline.yaml', adderPipeline()))), 'p.tar.gz'],
] as const) {
  test(`A pipeline is uploaded as ${form}, with a first version of its name.`, async () => {
    const { status, json } = await server.upload(`${V2}/pipelines/upload?name=as-${form}&description=d`, content(), fileName);
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json['display_name'], `as-${form}`);
    const versions = list((await get(`/pipelines/${json['pipeline_id'] as string}/versions`)).json['pipeline_versions']);
    assert.equal(versions.length, 1);
    assert.equal((versions[0]!['pipeline_spec'] as JsonObject)['schemaVersion'], '2.1.0');
  });
}

test('Names are unique, and the message says what to do.', async () => {
  await uploaded('taken');
  const again = await server.upload(`${V2}/pipelines/upload?name=taken`, adderPipeline());
  assert.equal(again.status, 409);
  assert.match(again.json['error_message'] as string, /already exist. Please specify a new name/);
  const first = await post('/experiments', { display_name: 'unique' });
  assert.equal(first.status, 200);
  assert.match((await post('/experiments', { display_name: 'unique' })).json['message'] as string, /Please specify a new name/);
});

test('A file that is no pipeline is refused with every problem.', async () => {
  const { status, json } = await server.upload(`${V2}/pipelines/upload?name=bad`, 'pipelineInfo: {name: x}\nroot: 3\n');
  assert.equal(status, 400);
  assert.match(json['error_message'] as string, /root/);
  const unknown = await server.upload(`${V2}/pipelines/upload?name=bad`, 'a: 1\n');
  assert.match(unknown.json['error_message'] as string, /unknown template format/);
});

test('A pipeline with versions is deleted only with cascade.', async () => {
  const id = await uploaded('to-delete');
  const refused = await server.call('DELETE', `${V2}/pipelines/${id}`);
  assert.equal(refused.status, 400);
  assert.match(refused.json['message'] as string, /Set cascade=true/);
  assert.deepEqual((await server.call('DELETE', `${V2}/pipelines/${id}?cascade=true`)).json, {});
  const gone = await get(`/pipelines/${id}`);
  assert.deepEqual([gone.status, gone.json['code']], [404, 5]);
});

test('Tags and names of a pipeline are changed, absent fields stay.', async () => {
  const id = await uploaded('tagged');
  const patched = await server.call('PATCH', `${V2}/pipelines/${id}`, { display_name: 'Tagged', tags: { team: 'vision' } });
  assert.deepEqual([patched.json['display_name'], patched.json['tags']], ['Tagged', { team: 'vision' }]);
  const found = await get(
    `/pipelines${query({ filter: filter({ operation: 'EQUALS', key: 'tags.team', string_value: 'vision' }) })}`,
  );
  assert.equal(found.json['total_size'], 1);
});

test('A run of a version ends; its details name a task for each step.', async () => {
  const pipeline_id = await uploaded('to-run');
  const created = await post('/runs', {
    display_name: 'r',
    pipeline_version_reference: { pipeline_id },
    runtime_config: { parameters: { x: 1 } },
  });
  assert.equal(created.status, 200, JSON.stringify(created.json));
  assert.equal(created.json['finished_at'], '1970-01-01T00:00:00Z');
  assert.ok((created.json['pipeline_version_reference'] as JsonObject)['pipeline_version_id']);
  const run = await server.ended(created.json['run_id'] as string);
  assert.equal(run['state'], 'SUCCEEDED');
  const details = list((run['run_details'] as JsonObject)['task_details']);
  assert.deepEqual(
    details.map((task) => task['display_name'] as string).toSorted((left, right) => (left < right ? -1 : 1)),
    ['adder', 'first', 'second'],
  );
  const history = list(run['state_history']).map(({ state }) => state);
  assert.deepEqual(history, ['PENDING', 'RUNNING', 'SUCCEEDED']);
});

test('An inline spec is kept as it came.', async () => {
  const spec = JSON.parse(adderPipeline()) as JsonObject;
  const { json } = await post('/runs', {
    display_name: 'inline',
    pipeline_spec: spec,
    runtime_config: { parameters: { x: 1, y: 5 } },
  });
  assert.deepEqual(json['pipeline_spec'], spec);
  assert.equal('pipeline_version_reference' in json, false);
});

for (const [what, parameters, text] of [
  ['is missing', {}, /parameter x is not optional, yet has neither default value nor user provided value/],
  ['has another type', { x: 'one' }, /input parameter x requires type/],
  ['is not declared', { x: 1, z: 1 }, /parameter\(s\) provided are not required by pipeline: z/],
] as const) {
  test(`A parameter that ${what} is refused with KFP's words.`, async () => {
    const spec = JSON.parse(adderPipeline()) as JsonObject;
    const { status, json } = await post('/runs', { display_name: 'r', pipeline_spec: spec, runtime_config: { parameters } });
    assert.equal(status, 400);
    assert.match(json['message'] as string, text);
  });
}

test('A run without an input artifact, which this API cannot give, is created and fails where it is read.', async () => {
  const table = { table: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } } };
  const pipeline_spec = {
    pipelineInfo: { name: 'reads' },
    schemaVersion: '2.1.0',
    root: {
      inputDefinitions: { artifacts: table },
      dag: {
        tasks: {
          read: {
            componentRef: { name: 'comp-read' },
            taskInfo: { name: 'read' },
            inputs: { artifacts: { table: { componentInputArtifact: 'table' } } },
          },
        },
      },
    },
    components: { 'comp-read': { executorLabel: 'exec-read', inputDefinitions: { artifacts: table } } },
    deploymentSpec: { executors: { 'exec-read': { container: { image: 'busybox', command: ['true'] } } } },
  };
  const { status, json } = await post('/runs', { display_name: 'r', pipeline_spec });
  assert.equal(status, 200, JSON.stringify(json));
  const run = await server.ended(json['run_id'] as string);
  assert.equal(run['state'], 'FAILED');
  assert.match((run['error'] as JsonObject)['message'] as string, /input artifact table/);
});

test('An Argo Workflow is kept and listed; running it is refused with the reason.', async () => {
  const workflow =
    'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-}\nspec: {entrypoint: main, templates: [{name: main}]}\n';
  const { json } = await server.upload(`${V2}/pipelines/upload?name=argo`, workflow);
  const [version] = list((await get(`/pipelines/${json['pipeline_id'] as string}/versions`)).json['pipeline_versions']);
  assert.equal((version!['pipeline_spec'] as JsonObject)['kind'], 'Workflow');
  const refused = await post('/runs', { display_name: 'r', pipeline_version_reference: { pipeline_id: json['pipeline_id']! } });
  assert.equal(refused.status, 400);
  assert.match(refused.json['message'] as string, /Argo Workflow/);
});

test('Pages continue by their token, which has to fit what is asked for.', async () => {
  for (const name of ['page-a', 'page-b', 'page-c']) await post('/experiments', { display_name: name });
  const wanted = {
    filter: filter({ operation: 'IS_SUBSTRING', key: 'name', string_value: 'PAGE-' }),
    sort_by: 'name desc',
    page_size: '2',
  };
  const first = await get(`/experiments${query(wanted)}`);
  assert.deepEqual(
    list(first.json['experiments']).map((row) => row['display_name']),
    ['page-c', 'page-b'],
  );
  assert.equal(first.json['total_size'], 3);
  const page_token = first.json['next_page_token'] as string;
  const rest = await get(`/experiments${query({ page_token })}`);
  assert.deepEqual(
    list(rest.json['experiments']).map((row) => row['display_name']),
    ['page-a'],
  );
  assert.equal('next_page_token' in rest.json, false);
  const other = await get(`/experiments${query({ page_token, sort_by: 'name asc' })}`);
  assert.match(other.json['message'] as string, /page token does not match/);
});

for (const [what, parameters, text] of [
  ['a bad token', { page_token: 'x' }, /Invalid page token/],
  ['an unknown sort field', { sort_by: 'colour' }, /Invalid sorting field/],
  ['a bad sort form', { sort_by: 'name up' }, /Received invalid sort by format/],
  [
    'an unknown filter key',
    { filter: filter({ operation: 'EQUALS', key: 'colour', string_value: 'x' }) },
    /no support for filtering on unrecognized field/,
  ],
  ['a negative page size', { page_size: '-1' }, /The page size should be greater than 0/],
  ['a page size that is no number', { page_size: 'abc' }, /page_size/],
] as const) {
  test(`A list with ${what} is refused.`, async () => {
    const { status, json } = await get(`/runs${query(parameters)}`);
    assert.deepEqual([status, json['code']], [400, 3]);
    assert.match(json['message'] as string, text);
  });
}

test('A filter that was percent-encoded once more, as the web frontend sends it, is understood.', async () => {
  const text = encodeURIComponent(filter({ operation: 'NOT_EQUALS', key: 'storage_state', string_value: 'ARCHIVED' }));
  const { status } = await get(`/runs${query({ filter: text })}`);
  assert.equal(status, 200);
});

test('An archived experiment takes its runs along; a run comes back only after it.', async () => {
  const experiment = (await post('/experiments', { display_name: 'to-archive' })).json['experiment_id'] as string;
  const spec = JSON.parse(adderPipeline()) as JsonObject;
  const { json } = await post('/runs', {
    display_name: 'r',
    experiment_id: experiment,
    pipeline_spec: spec,
    runtime_config: { parameters: { x: 1 } },
  });
  const run = json['run_id'] as string;
  await server.ended(run);
  assert.deepEqual((await post(`/experiments/${experiment}:archive`)).json, {});
  assert.equal((await get(`/runs/${run}`)).json['storage_state'], 'ARCHIVED');
  assert.match((await post(`/runs/${run}:unarchive`)).json['message'] as string, /must be un-archived first/);
  await post(`/experiments/${experiment}:unarchive`);
  assert.equal((await post(`/runs/${run}:unarchive`)).status, 200);
  assert.equal((await post(`/runs/${run}:terminate`)).status, 200);
  assert.equal((await post(`/runs/${run}:retry`)).status, 409);
});

test('A recurring run is told by mode and status; its schedule is checked.', async () => {
  const pipeline_id = await uploaded('nightly');
  const request = {
    display_name: 'nightly',
    mode: 'ENABLE',
    max_concurrency: '1',
    pipeline_version_reference: { pipeline_id },
    runtime_config: { parameters: { x: 1 } },
    trigger: { cron_schedule: { cron: '0 0 3 * * *' } },
  };
  const { json } = await post('/recurringruns', request);
  assert.deepEqual([json['mode'], json['status'], json['max_concurrency']], ['ENABLE', 'ENABLED', '1']);
  const id = json['recurring_run_id'] as string;
  await post(`/recurringruns/${id}:disable`);
  assert.equal((await get(`/recurringruns/${id}`)).json['status'], 'DISABLED');
  assert.equal(list((await get('/recurringruns')).json['recurringRuns']).length, 1);
  for (const [change, text] of [
    [{ trigger: { cron_schedule: { cron: 'often' } } }, /not a supported format/],
    [{ max_concurrency: 11 }, /at least 1 and at most 10. Received 11/],
    [{ trigger: { periodic_schedule: { interval_second: '0' } } }, /at least 1/],
  ] as const) {
    const refused = await post('/recurringruns', { ...request, ...change });
    assert.equal(refused.status, 400);
    assert.match(refused.json['message'] as string, text);
  }
});

test('A recurring run without a trigger runs once, at once.', async () => {
  const spec = JSON.parse(adderPipeline()) as JsonObject;
  const { json } = await post('/recurringruns', {
    display_name: 'once',
    mode: 'ENABLE',
    max_concurrency: 1,
    pipeline_spec: spec,
    runtime_config: { parameters: { x: 4 } },
    trigger: {},
  });
  const byRecurring = query({
    filter: filter({ operation: 'EQUALS', key: 'recurring_run_id', string_value: json['recurring_run_id']! }),
  });
  let runs: readonly JsonObject[] = [];
  for (let tries = 0; tries < 100 && runs.length === 0; tries += 1) {
    runs = list((await get(`/runs${byRecurring}`)).json['runs']);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(runs.length, 1);
  assert.match(runs[0]!['display_name'] as string, /^once-1-/);
});

test('Bodies are read as protojson reads them.', async () => {
  const camel = await post('/experiments', { displayName: 'camel', unknown_field: 1 });
  assert.match(camel.json['message'] as string, /proto: \(line 1:\d+\): unknown field "unknown_field"/);
  assert.equal((await post('/experiments', { displayName: 'camel' })).json['display_name'], 'camel');
  assert.equal((await server.call('POST', `${V2}/experiments`, '{')).status, 400);
});

for (const [method, path, status] of [
  ['GET', '/apis/v2beta1/unknown', 404],
  ['PUT', '/apis/v2beta1/runs', 501],
  ['GET', '/apis/v2beta1/runs/', 404],
  ['GET', '/apis/v2beta1/runs/%E0%A4%A', 400],
  ['GET', '/apis/v2beta1/runs/a%2Fb%3Ac', 404],
] as const) {
  test(`${method} ${path} is answered with ${status}.`, async () => {
    assert.equal((await server.call(method, path)).status, status);
  });
}

/** A tar archive with one file. */
function tarOf(name: string, text: string): Uint8Array {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512), Buffer.alloc(1024)]);
}
