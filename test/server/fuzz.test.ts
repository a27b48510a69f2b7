// A short run of what `npm run fuzz` does at length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzServer } from '../support/fuzz-server.ts';
import { testServer } from '../support/test-server.ts';

const REQUESTS = 4_000;

test('No request that a client would never send surprises the server.', async () => {
  await using server = await testServer();
  const report = await fuzzServer({ url: server.url, seed: 1, count: REQUESTS });
  assert.equal(report.sent, REQUESTS);
  assert.deepEqual(report.failures.slice(0, 5), []);
  assert.ok((report.answers.get('2xx') ?? 0) > REQUESTS / 20, 'some requests are good ones');
  assert.equal((await server.call('GET', '/apis/v2beta1/healthz')).status, 200);
});
