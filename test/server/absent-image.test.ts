/** Runs whose image a daemon cannot get, through the whole server with the default executor: they end, and so does every wait for them. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeDocker } from '../support/fake-docker.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const RUNS = '/apis/v2beta1/runs';
/** A server's start is part of it, on a machine that does other things as well. */
const timeout = 60_000;

async function withDocker(onPull: (response: ServerResponse) => void) {
  const docker = await fakeDocker(onPull);
  process.env['DOCKER_HOST'] = docker.address;
  return docker;
}

/** Its id, once the daemon has been asked for the image. */
async function pullingRun({ call }: TestServer, { pulls }: { readonly pulls: readonly string[] }): Promise<string> {
  const before = pulls.length;
  const steps = { one: { sh: 'true', cached: false }, two: { sh: 'true', cached: false } };
  const created = await call('POST', RUNS, { display_name: 'pulls', pipeline_spec: stepPipeline({ steps }) });
  assert.equal(created.status, 200, JSON.stringify(created.json));
  while (pulls.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
  return created.json['run_id'] as string;
}

test('a run that waits for an image that never comes can be cancelled and deleted', { timeout }, async () => {
  await using docker = await withDocker(() => {});
  await using server = await testServer({ executor: 'auto' });
  const { dataDir } = server.server.platform;
  const cancelled = await pullingRun(server, docker);
  assert.equal((await server.call('GET', `${RUNS}/${cancelled}`)).json['state'], 'RUNNING');
  assert.equal((await server.call('POST', `${RUNS}/${cancelled}:terminate`)).status, 200);
  // In the words of the API it is FAILED: terminated by a user.
  assert.equal((await server.server.platform.engine.wait(cancelled)).state, 'CANCELED');

  const deleted = await pullingRun(server, docker);
  assert.equal((await server.call('DELETE', `${RUNS}/${deleted}`)).status, 200);
  assert.equal((await server.call('GET', `${RUNS}/${deleted}`)).status, 404);
  assert.equal(docker.pulls.length, 2, 'both steps of a run shared a pull');
  while (docker.aborted.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(readdirSync(join(dataDir, 'auto')), []);
});

test('a run whose registry cannot be found fails at once, and says so', { timeout }, async () => {
  const error = 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host';
  await using docker = await withDocker((response) => response.writeHead(500).end(JSON.stringify({ message: error })));
  await using server = await testServer({ executor: 'auto' });
  const run = await server.ended(await pullingRun(server, docker));
  assert.equal(run['state'], 'FAILED');
  const text = JSON.stringify(run);
  assert.match(text, /the image \\"busybox\\" could not be pulled: Get /);
  assert(docker.pulls.length <= 2, 'nothing is tried again');
});
