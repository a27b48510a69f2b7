import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runUpdates } from './run-updates.ts';
import { openSession } from './session.ts';

test('a run of another Kubeflow Pipelines, which has no events, is asked for until it is final', async () => {
  const states = ['RUNNING', 'SUCCEEDED'];
  const server = createServer((request, response) => {
    const isRun = request.url === '/apis/v2beta1/runs/r';
    const body = isRun ? { run_id: 'r', display_name: 'n', state: states.shift() } : { code: 5, message: 'Not Found' };
    response.writeHead(isRun ? 200 : 404, { connection: 'close' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const session = openSession({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const seen: unknown[] = [];
    for await (const { run } of runUpdates(session, 'r')) seen.push(run?.state);
    assert.deepEqual(seen, ['RUNNING', 'SUCCEEDED']);
  } finally {
    server.close();
  }
});
