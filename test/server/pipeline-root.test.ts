// A pipeline root there is no store for is refused by whatever starts a run, and nothing is left of the request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer } from '../support/test-server.ts';

const spec: JsonObject = stepPipeline({ steps: { only: { sh: 'true' } } });
const root = { pipeline_root: 'hdfs://cluster/runs' };
const cron = { cron_schedule: { cron: '0 0 2 * * ?' } };
const v1 = { name: 'n', pipeline_spec: { workflow_manifest: JSON.stringify(spec), runtime_config: root } };
const v2 = { display_name: 'n', pipeline_spec: spec, runtime_config: root };

const REQUESTS: readonly (readonly [path: string, body: JsonObject])[] = [
  ['/apis/v2beta1/runs', v2],
  ['/apis/v2beta1/recurringruns', { ...v2, mode: 'ENABLE', max_concurrency: '1', trigger: cron }],
  ['/apis/v1beta1/runs', v1],
  ['/apis/v1beta1/jobs', { ...v1, enabled: true, max_concurrency: '1', trigger: cron }],
];
for (const [path, body] of REQUESTS) {
  test(`POST ${path} names the scheme and the next step`, async () => {
    await using server = await testServer();
    const { status, json } = await server.call('POST', path, body);
    assert.equal(status, 400);
    assert.match(JSON.stringify(json), /pipeline root .*hdfs:\/\/.*no store for hdfs:\/\/.*leave the pipeline root out/);
    const { json: list } = await server.call('GET', path);
    assert.equal(list['total_size'] ?? 0, 0);
  });
}
