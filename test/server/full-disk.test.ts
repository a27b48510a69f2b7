/** The disk of the data folder runs full while steps run, and is emptied again: the server answers all the while and loses nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { dockerForTests } from '../support/docker-for-tests.ts';
import { noSmallDisk, SmallDisk } from '../support/small-disk.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const RUNS = '/apis/v2beta1/runs';
const noDisk = noSmallDisk();
const docker = await dockerForTests(['busybox']);

async function start(server: TestServer, name: string, spec: JsonObject): Promise<string> {
  const { status, json } = await server.call('POST', RUNS, { display_name: name, pipeline_spec: spec });
  assert.equal(status, 200, JSON.stringify(json));
  return json['run_id'] as string;
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Two steps, the first of which tries until there is space for what it gives the second. */
const patient = stepPipeline({
  name: 'patient',
  steps: {
    first: {
      sh: 'sleep 1; until printf kept > "$0"; do sleep 0.2; done',
      args: ["{{$.outputs.parameters['word'].output_file}}"],
      outputs: ['word'],
      cached: false,
    },
    second: { sh: 'test "$0" = kept', args: ["{{$.inputs.parameters['word']}}"], inputs: { word: 'first.word' }, cached: false },
  },
});

/** Writes its output over and over until there is no more space. */
const greedy = stepPipeline({
  name: 'greedy',
  steps: {
    fill: {
      sh: 'while :; do echo "$0$0$0$0" || exit 1; done > "$1"',
      args: ['x'.repeat(2000), "{{$.outputs.parameters['o'].output_file}}"],
      outputs: ['o'],
      cached: false,
    },
  },
});

const EXECUTORS = [
  ['process', noDisk],
  ['docker', noDisk || docker.skip],
] as const;

for (const [executor, skip] of EXECUTORS) {
  test(
    `${executor}: while the disk is full the server answers and waits; when there is space again, all runs go on`,
    { skip },
    async () => {
      using disk = new SmallDisk(24);
      const told: (Error | undefined)[] = [];
      const dataDir = join(disk.folder, 'data');
      await using server = await testServer({ dataDir, executor, onStoreFull: (error) => told.push(error), onError: () => {} });
      const runs = await Promise.all([0, 1, 2].map((number) => start(server, `patient ${number}`, patient)));
      const full = await start(server, 'greedy', greedy);
      // What the greedy step does not get is taken away as well, so that its end cannot be recorded.
      await until(() => (disk.fill(), told.length > 0));
      assert.match(told[0]!.message, /the disk is full/);
      const refused = await server.call('POST', RUNS, { display_name: 'late', pipeline_spec: patient });
      assert.equal(refused.status, 503, JSON.stringify(refused.json));
      assert.match(JSON.stringify(refused.json), /the disk is full/);
      for (const runId of runs) assert.equal((await server.call('GET', `${RUNS}/${runId}`)).json['state'], 'RUNNING');
      disk.empty();
      const failed = await server.ended(full);
      assert.equal(failed['state'], 'FAILED');
      for (const runId of runs) assert.equal((await server.ended(runId))['state'], 'SUCCEEDED', runId);
      assert.equal((await server.ended(await start(server, 'late', patient)))['state'], 'SUCCEEDED');
      assert.equal(told.at(-1), undefined);
    },
  );
}
