import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { V2_MESSAGES } from '../api/v2beta1/messages.ts';
import { V2_ROUTES } from '../api/v2beta1/routes.ts';
import { createClient } from './client.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server of the outside world: answers everything with the same, and keeps what it was sent. */
async function fakeServer(reply: { readonly status?: number; readonly body: string }) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('latin1')) body += chunk as string;
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    response.writeHead(reply.status ?? 200, { connection: 'close' }).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ endpoint, token: 'secret' }, { schemas: V2_MESSAGES, routes: V2_ROUTES });
  return { seen, client, endpoint, [Symbol.dispose]: () => server.close() };
}

test('a call fills path, query and body, and gives the message back', async () => {
  using server = await fakeServer({ body: '{"run_id":"r","created_at":"2026-01-02T03:04:05Z","unknown":1}' });
  const run = await server.client.call('RunService_CreateRun', {
    body: { display_name: 'n', runtime_config: { parameters: { a: null } } },
  });
  assert.deepEqual(run, { run_id: 'r', created_at: Date.UTC(2026, 0, 2, 3, 4, 5) });
  const [request] = server.seen;
  assert.deepEqual([request?.method, request?.url], ['POST', '/apis/v2beta1/runs']);
  assert.equal(request?.headers.authorization, 'Bearer secret');
  assert.deepEqual(JSON.parse(request?.body ?? ''), { display_name: 'n', runtime_config: { parameters: { a: null } } });
});

test('identifiers and query values are encoded as a whole; undefined ones are not sent', async () => {
  using server = await fakeServer({ body: '{}' });
  await server.client.call('RunService_ArchiveRun', { params: { run_id: 'a/b:c' } });
  await server.client.call('RunService_ListRuns', { query: { page_size: 3, filter: '{"a":"b c"}', page_token: undefined } });
  assert.deepEqual(
    server.seen.map(({ url }) => url),
    ['/apis/v2beta1/runs/a%2Fb%3Ac:archive', '/apis/v2beta1/runs?page_size=3&filter=%7B%22a%22%3A%22b+c%22%7D'],
  );
});

test('an upload is one file in a form', async () => {
  using server = await fakeServer({ body: '{"pipeline_id":"p"}' });
  const file = { name: 'a.yaml', bytes: Buffer.from('x: 1') };
  assert.deepEqual(await server.client.upload('UploadPipeline', { query: { name: 'n' }, file }), { pipeline_id: 'p' });
  assert.equal(server.seen[0]?.url, '/apis/v2beta1/pipelines/upload?name=n');
  assert.match(server.seen[0]?.body ?? '', /name="uploadfile"; filename="a\.yaml"[\s\S]*x: 1/);
});

test('an error of the server is thrown with its message', async () => {
  using server = await fakeServer({ status: 404, body: '{"code":5,"message":"Run r not found"}' });
  const call = server.client.call('RunService_GetRun', { params: { run_id: 'r' } });
  await assert.rejects(call, { code: 'NOT_FOUND', message: 'Run r not found' });
});

test('a server that is another one is told apart from an API', async () => {
  using server = await fakeServer({ body: '<html>' });
  await assert.rejects(server.client.call('RunService_ListRuns', {}), /did not answer in JSON/);
});

test('who finds no server is told how to start one', async () => {
  const server = await fakeServer({ body: '{}' });
  server[Symbol.dispose]();
  const call = server.client.call('RunService_ListRuns', {});
  await assert.rejects(call, {
    code: 'UNAVAILABLE',
    message: `${server.endpoint} does not answer: no server listens there`,
    hint: /pipewright up/,
  });
});
