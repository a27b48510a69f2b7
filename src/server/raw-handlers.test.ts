import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adderPipeline } from '../../test/support/adder-pipeline.ts';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { testServer, type TestServer } from '../../test/support/test-server.ts';
import type { JsonObject } from '../base/json.ts';

async function started(server: TestServer, spec: JsonObject, parameters: JsonObject = {}): Promise<string> {
  const body = { display_name: 'r', pipeline_spec: spec, runtime_config: { parameters } };
  const { status, json } = await server.call('POST', '/apis/v2beta1/runs', body);
  assert.equal(status, 200, JSON.stringify(json));
  return json['run_id'] as string;
}

test('Whoever follows a log is let go when the server stops, at once.', async () => {
  await using server = await testServer({ executor: 'process' });
  const runId = await started(server, stepPipeline({ steps: { talk: { sh: 'echo one; sleep 5' } } }));
  const paths = [
    `/apis/v2beta1/runs/${runId}/nodes/${runId}.1/log?follow=true`,
    `/apis/v1alpha1/runs/${runId}/nodes/${runId}.1/log?follow=true`,
    `/apis/pipewright/v1/runs/${runId}/tasks/1/log?follow=true`,
  ];
  const logs = await Promise.all(
    paths.map(async (path) => {
      for (;;) {
        const reply = await fetch(server.url + path);
        if (reply.status !== 404) return reply;
        // The task is there a moment after its run.
        await reply.text();
      }
    }),
  );
  const readers = logs.map(({ body }) => body!.pipeThrough(new TextDecoderStream()).getReader());
  for (const reader of readers) assert.equal((await reader.read()).value, 'one\n');
  const beganMs = performance.now();
  const ends = Promise.all(readers.map(async (reader) => (await reader.read()).done));
  await server.server.close();
  assert.deepEqual(await ends, [true, true, true]);
  assert.ok(performance.now() - beganMs < 2_500);
});

test('An output artifact is read in base64; one that is not there is told by its name.', async () => {
  await using server = await testServer({ executor: 'process' });
  const runId = await started(server, JSON.parse(adderPipeline()) as JsonObject, { x: 1 });
  await server.ended(runId);
  const read = (name: string) => server.call('GET', `/apis/v2beta1/runs/${runId}/nodes/${runId}.1/artifacts/${name}:read`);
  assert.deepEqual((await read('report')).json, { data: Buffer.from('{}\n').toString('base64') });
  const gone = await read('gone');
  assert.equal(gone.status, 404);
  assert.match(gone.json['error_message'] as string, /artifact gone of .*\.1 not found/);
});
