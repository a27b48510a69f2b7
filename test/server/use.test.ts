// Over HTTP and on the command line: what steps used in earlier runs, beside what they ask for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { cliWorld } from '../support/run-cli.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer } from '../support/test-server.ts';

const OWN = '/apis/pipewright/v1';
const V2 = '/apis/v2beta1';

const SPEC = stepPipeline({
  name: 'greedy',
  steps: {
    // tail has to keep all of a text without line ends.
    hold: {
      sh: 'head -c 60000000 /dev/zero | tail | wc -c',
      resources: { resourceCpuRequest: '2', resourceMemoryRequest: '1Gi' },
    },
    free: { sh: 'true' },
    bad: { sh: 'exit 1', after: ['free'] },
  },
});

test('what the steps of a run and of a pipeline version used is told, with what they should ask for', async () => {
  await using server = await testServer({ executor: 'process' });
  const created = await server.call('POST', `${V2}/runs`, { display_name: 'one', pipeline_spec: SPEC });
  const runId = created.json['run_id'] as string;
  await server.ended(runId);
  const { json } = await server.call('GET', `${OWN}/runs/${runId}/use`);
  assert.equal(json['pipeline_name'], 'greedy');
  const [free, hold, ...others] = json['steps'] as readonly JsonObject[];
  assert.deepEqual([free!['path'], hold!['path'], others], ['/free', '/hold', []]);
  assert(Number(hold!['peak_memory_bytes']) > 60e6, JSON.stringify(hold));
  assert.deepEqual(hold!['asked'], { cpu_millis: 2000, memory_bytes: String(2 ** 30) });
  assert.match(JSON.stringify(hold!['advice']), /asks 2 CPU, used at most .*asks 1 GiB, used at most/);
  const [cpu, memory] = [hold!['suggested_cpu'] as string, hold!['suggested_memory'] as string];
  assert.equal(hold!['python'], `.set_cpu_request('${cpu}').set_memory_request('${memory}')`);
  assert.deepEqual([free!['asked'], free!['advice'], free!['attempts']], [{}, undefined, 1]);

  const uploaded = await server.upload(`${V2}/pipelines/upload?name=greedy`, JSON.stringify(SPEC));
  const pipelineId = uploaded.json['pipeline_id'] as string;
  const { json: versions } = await server.call('GET', `${V2}/pipelines/${pipelineId}/versions`);
  const [version] = versions['pipeline_versions'] as readonly JsonObject[];
  const versionId = version!['pipeline_version_id'] as string;
  const ofVersion = await server.call('GET', `${OWN}/pipelines/${pipelineId}/versions/${versionId}/use`);
  assert.deepEqual(ofVersion.json, json);
  assert.equal((await server.call('GET', `${OWN}/runs/no-such-run/use`)).status, 404);

  await using world = await cliWorld();
  const shown = await world.run(['run', 'use', runId, '--endpoint', server.url]);
  assert.equal(shown.exitCode, 0, shown.stderr);
  assert.match(shown.stdout, /^STEP +ASKS +USED AT MOST +ATTEMPTS +SUGGESTED REQUEST$/m);
  assert.match(shown.stdout, /^\/hold +2 CPU, 1 GiB +[\d.]+ CPU, \d+ MiB +1 +cpu \d+m, memory \d+Mi$/m);
  const asJson = await world.run(['run', 'use', runId, '--endpoint', server.url, '--output', 'json']);
  assert.deepEqual(JSON.parse(asJson.stdout), json);
});
