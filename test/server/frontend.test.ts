// The paths KFP's web frontend asks its own server for, and ML Metadata by gRPC-Web.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import type { JsonObject } from '../../src/base/json.ts';
import { intsOf, ProtoWriter, readProto, textOf, type ProtoField } from '../../src/server/frontend/protobuf.ts';
import { adderPipeline } from '../support/adder-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
let runId: string;
before(async () => {
  server = await testServer({ executor: 'process' });
  const body = {
    display_name: 'r',
    pipeline_spec: JSON.parse(adderPipeline()) as JsonObject,
    runtime_config: { parameters: { x: 1 } },
  };
  runId = (await server.call('POST', '/apis/v2beta1/runs', body)).json['run_id'] as string;
  await server.ended(runId);
});
after(() => server[Symbol.asyncDispose]());

type Fields = ReadonlyMap<number, readonly ProtoField[]>;

/** Calls a method as a browser does and takes the frames apart. */
async function call(method: string, request: ProtoWriter): Promise<{ readonly fields: Fields; readonly trailers: string }> {
  const message = request.finish();
  const body = new Uint8Array(5 + message.byteLength);
  new DataView(body.buffer).setUint32(1, message.byteLength);
  body.set(message, 5);
  const response = await fetch(`${server.url}/ml_metadata.MetadataStoreService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
    body,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  let fields: Fields = new Map();
  let trailers = '';
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, at).getUint32(1);
    const content = bytes.subarray(at + 5, at + 5 + length);
    if (bytes[at] === 0x80) trailers = new TextDecoder().decode(content);
    else fields = readProto(content);
    at += 5 + length;
  }
  return { fields, trailers };
}

const messages = (fields: Fields, field = 1): readonly Fields[] =>
  (fields.get(field) ?? []).map((bytes) => readProto(bytes as Uint8Array));

/** Custom properties of an execution or artifact as text or number. */
function properties(message: Fields): ReadonlyMap<string, string | number> {
  return new Map(
    messages(message, 5).map((entry) => {
      const value = messages(entry, 2)[0]!;
      return [textOf(entry, 1), value.has(3) ? textOf(value, 3) : (intsOf(value, 1)[0] ?? '')];
    }),
  );
}

async function contextId(): Promise<number> {
  const { fields, trailers } = await call(
    'GetContextByTypeAndName',
    new ProtoWriter().text(1, 'system.PipelineRun').text(2, runId),
  );
  assert.match(trailers, /grpc-status:0/);
  const [context] = messages(fields);
  assert.equal(textOf(context!, 3), runId);
  return intsOf(context!, 1)[0]!;
}

test('The executions of a run hang together by the ids of their groups and end complete.', async () => {
  const { fields } = await call('GetExecutionsByContext', new ProtoWriter().int(1, await contextId()));
  const executions = messages(fields);
  const byName = new Map(executions.map((message) => [properties(message).get('task_name'), message]));
  assert.deepEqual(
    [...byName.keys()].map(String).toSorted((left, right) => (left < right ? -1 : 1)),
    ['', 'first', 'second'],
  );
  const root = intsOf(byName.get('')!, 1)[0];
  assert.equal(properties(byName.get('first')!).get('parent_dag_id'), root);
  assert.equal(intsOf(byName.get('first')!, 3)[0], 3);
});

test('Events tie executions to artifacts, whose content the frontend can fetch by their URI.', async () => {
  const context = await contextId();
  const executions = messages((await call('GetExecutionsByContext', new ProtoWriter().int(1, context))).fields);
  const first = executions.find((message) => properties(message).get('task_name') === 'first')!;
  const request = new ProtoWriter().int(1, intsOf(first, 1)[0]!);
  const [event] = messages((await call('GetEventsByExecutionIDs', request)).fields);
  assert.equal(intsOf(event!, 4)[0], 4);
  const artifactId = intsOf(event!, 1)[0]!;
  const [artifact] = messages((await call('GetArtifactsByID', new ProtoWriter().int(1, artifactId))).fields);
  const uri = textOf(artifact!, 3);
  const [, bucket, key] = /^minio:\/\/([^/]+)\/(.+)$/.exec(uri)!;
  const query = new URLSearchParams({ source: 'minio', bucket: bucket!, key: key! });
  assert.equal(await (await fetch(`${server.url}/artifacts/get?${query.toString()}`)).text(), '{}\n');
  query.set('peek', '1');
  assert.equal(await (await fetch(`${server.url}/artifacts/get?${query.toString()}`)).text(), '{');
  assert.equal(await (await fetch(`${server.url}/artifacts/minio/${bucket!}/${key!}`)).text(), '{}\n');
});

test('Artifacts and executions are listed in pages.', async () => {
  const options = new ProtoWriter().int(1, 1);
  const first = await call('GetArtifacts', new ProtoWriter().message(1, options));
  assert.equal(messages(first.fields).length, 1);
  const next = new ProtoWriter().int(1, 1).text(3, textOf(first.fields, 2));
  const second = await call('GetArtifacts', new ProtoWriter().message(1, next));
  assert.equal(messages(second.fields).length, 1);
  assert.notDeepEqual(messages(first.fields)[0], messages(second.fields)[0]);
  const executions = await call('GetExecutions', new ProtoWriter());
  assert.equal(messages(executions.fields).length, 3);
});

test('An unknown run is an empty answer, an unknown method and a broken frame are errors.', async () => {
  const absent = await call('GetContextByTypeAndName', new ProtoWriter().text(1, 'system.PipelineRun').text(2, 'absent'));
  assert.equal(absent.fields.size, 0);
  assert.match((await call('PutArtifacts', new ProtoWriter())).trailers, /grpc-status:12/);
  const response = await fetch(`${server.url}/ml_metadata.MetadataStoreService/GetArtifactsByID`, { method: 'POST', body: 'x' });
  assert.match(await response.text(), /grpc-status:3/);
});

test('A task is a pod with logs and events.', async () => {
  const pod = `${runId}.1`;
  assert.match(await (await fetch(`${server.url}/k8s/pod/logs?podname=${pod}`)).text(), /^adding 1 and 2/);
  const { json } = await server.call('GET', `/k8s/pod?podname=${pod}`);
  assert.equal((json['status'] as JsonObject)['phase'], 'Succeeded');
  const events = (await server.call('GET', `/k8s/pod/events?podname=${pod}`)).json['items'] as readonly JsonObject[];
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ['launched', 'finished'],
  );
  assert.equal((await server.call('GET', '/k8s/pod?podname=absent')).status, 404);
});

for (const key of ['../pipewright.db', 'a/../../b', '/etc/passwd', 'a\\..\\b', '']) {
  test(`The storage key ${JSON.stringify(key)} leads nowhere.`, async () => {
    const query = new URLSearchParams({ source: 'minio', bucket: 'mlpipeline', key });
    assert.equal((await server.call('GET', `/artifacts/get?${query.toString()}`)).status, 400);
  });
}

test('Visualisations are not allowed, and there is no cluster to name.', async () => {
  assert.equal(await (await fetch(`${server.url}/visualizations/allowed`)).text(), 'false');
  assert.equal((await server.call('GET', '/system/cluster-name')).status, 404);
});

for (const [title, page, policy] of [
  [
    "KFP's web frontend may run the code in its start page.",
    '<script>window.KFP_FLAGS={};</script>',
    /script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'/,
  ],
  [
    'Any other dashboard may run no code in its pages.',
    '<script>window.FLAGS={};</script>',
    /script-src 'self'; style-src 'self'/,
  ],
] as const) {
  test(title, async () => {
    const webDir = await mkdtemp(join(tmpdir(), 'pipewright-web-'));
    await writeFile(join(webDir, 'index.html'), page);
    await using other = await testServer({ webDir });
    const { headers } = await other.call('GET', '/');
    assert.match(headers.get('content-security-policy')!, policy);
    // Only the page itself.
    assert.match(
      (await other.call('GET', '/apis/v2beta1/healthz')).headers.get('content-security-policy')!,
      /script-src 'self';/,
    );
    await rm(webDir, { recursive: true });
  });
}

test('Objects are unpacked, cut off or listed as the frontend asks for them, and downloaded as they are.', async () => {
  const root = server.server.platform.artifacts.defaultPipelineRoot;
  const folder = join(root, 'objects');
  await mkdir(join(folder, 'tree/sub'), { recursive: true });
  await writeFile(join(folder, 'tree/a.txt'), 'one');
  await writeFile(join(folder, 'tree/sub/b.txt'), 'second');
  await writeFile(join(folder, 'plain.txt'), 'hello world');
  await writeFile(join(folder, 'text.gz'), gzipSync('no tar'));
  await create({ cwd: join(folder, 'tree'), gzip: true, file: join(folder, 'archive.tgz') }, ['sub']);
  const ask = async (key: string, more = '') => {
    const path = `/artifacts/get?source=minio&bucket=mlpipeline&key=${encodeURIComponent(`objects/${key}`)}${more}`;
    const response = await fetch(server.url + path);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await ask('plain.txt'), [200, 'hello world']);
  assert.deepEqual(await ask('plain.txt', '&peek=5'), [200, 'hello']);
  assert.deepEqual(await ask('archive.tgz'), [200, 'second']);
  assert.deepEqual(await ask('archive.tgz', '&peek=3'), [200, 'sec']);
  assert.equal((await ask('text.gz', '&peek=2'))[0], 200);
  const [, listing] = await ask('tree', '&peek=256');
  assert.equal(listing, 'A folder with 2 files:\na.txt (3 bytes)\nsub/b.txt (6 bytes)');
  const download = await fetch(`${server.url}/artifacts/minio/mlpipeline/objects/archive.tgz`);
  assert.match(download.headers.get('content-disposition')!, /^attachment; filename="archive.tgz"/);
  assert.deepEqual([...new Uint8Array(await download.arrayBuffer()).subarray(0, 2)], [0x1f, 0x8b]);
  assert.equal((await ask('absent'))[0], 404);
  await rm(folder, { recursive: true });
});
