import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { madeImage } from '../../../test/support/made-image.ts';
import { systemClock, type Clock } from '../../base/clock.ts';
import { inspectImage } from '../../docker/images.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine']);
const NAME = `model.test/team/model-${process.pid}:v1`;
const PATH = `/oci/${NAME.replaceAll('/', '_')}/models`;

/** Two executors of one folder remove each other's containers with their first sweep, 10 s after their start. */
const WITHOUT_SWEEPS: Clock = {
  ...systemClock,
  at: (atMs, callback) => (atMs - systemClock.now() > 9000 ? () => {} : systemClock.at(atMs, callback)),
};

const openBench = (dataDir?: string, clock: Clock = systemClock) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock, killGraceMs: 300 }), dataDir === undefined ? {} : { dataDir });

/** A model's files, with what images have: files for one user only, links of every kind. */
function writeModel(folder: string): void {
  mkdirSync(join(folder, 'models/blobs'), { recursive: true });
  writeFileSync(join(folder, 'models/config.json'), '{"layers": 2}', { mode: 0o600 });
  writeFileSync(join(folder, 'models/blobs/weights'), 'w'.repeat(1000));
  symlinkSync('blobs/weights', join(folder, 'models/relative'));
  symlinkSync('/models/blobs/weights', join(folder, 'models/absolute'));
  symlinkSync('../../etc/shadow', join(folder, 'models/outside'));
}

function reading(bench: Bench, script: string, uri = `oci://${NAME}`): TaskLaunch {
  const model = { id: 'm', name: 'model', uri, type: { schemaTitle: 'system.Model' }, metadata: {} };
  const command = ['sh', '-c', script, "{{$.inputs.artifacts['model'].path}}", "{{$.inputs.artifacts['model'].uri}}"];
  return bench.step('', { command, inputs: { parameters: {}, artifacts: { model: [model] } } });
}

const logOf = (bench: Bench, { attemptId }: TaskLaunch): string => readFileSync(logFile(bench.dataDir, attemptId), 'utf8');
const modelsOf = ({ dataDir }: Bench): string[] => readdirSync(join(dataDir, 'models'));

async function errorOf(bench: Bench, step: TaskLaunch) {
  const { outcome } = await bench.run(step);
  assert(outcome.kind === 'failed', JSON.stringify(outcome));
  return outcome.error;
}

test('docker: the files of a model image are at KFP’s path, for any user, and cannot be changed.', { skip }, async () => {
  await using _image = await madeImage(api, NAME, writeModel);
  await using bench = await openBench();
  const script = 'echo "$0" "$1"; cd "$0"; cat config.json; echo; wc -c < relative; wc -c < absolute; ls; touch new';
  const step = reading(bench, script);
  const { outcome } = await bench.run({ ...step, platform: { ...step.platform, securityContext: { runAsUser: 1234 } } });
  const log = logOf(bench, step);
  assert.match(
    log,
    new RegExp(`^${PATH} oci://${NAME}\n\\{"layers": 2\\}\n1000\n1000\nabsolute\nblobs\nconfig.json\nrelative\ntouch`),
  );
  assert.match(log, /Read-only file system/);
  assert.equal(outcome.kind, 'failed');
});

test('docker: a model image is unpacked once for all steps and all executors of a data folder.', { skip }, async () => {
  await using _image = await madeImage(api, NAME, writeModel);
  const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-models-'));
  {
    await using one = await openBench(dataDir, WITHOUT_SWEEPS);
    await using other = await openBench(dataDir, WITHOUT_SWEEPS);
    const steps = [one, one, other, other].map((bench, index) => {
      const step = reading(bench, 'cat "$0/config.json"');
      return [bench, { ...step, attemptId: `run-${index}.0.0`, runId: `run-${index}` }] as const;
    });
    await Promise.all(steps.map(async ([bench, step]) => assert.equal((await bench.run(step)).outcome.kind, 'succeeded')));
    const { id } = (await inspectImage(api, NAME))!;
    assert.deepEqual(modelsOf(one), [id.replace('sha256:', '')]);
    const before = readdirSync(join(dataDir, 'models', modelsOf(one)[0]!, 'models'));
    // What is there is not unpacked again.
    rmSync(join(dataDir, 'models', modelsOf(one)[0]!, 'models/config.json'));
    assert.equal((await one.run(reading(one, 'test ! -e "$0/config.json"'))).outcome.kind, 'succeeded');
    assert.equal(before.length, 4);
  }
  rmSync(dataDir, { recursive: true });
});

test(
  'docker: what an engine was killed over is unpacked anew; what nothing has read for a week is removed.',
  { skip },
  async () => {
    await using _image = await madeImage(api, NAME, writeModel);
    const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-models-'));
    const aWeekAgo = Date.now() / 1000 - 8 * 24 * 3600;
    const key = (await inspectImage(api, NAME))!.id.replace('sha256:', '');
    const half = join(dataDir, 'models', `${key}.half-killed`);
    const old = join(dataDir, 'models', 'a'.repeat(64));
    for (const folder of [half, old]) {
      mkdirSync(folder, { recursive: true });
      utimesSync(folder, aWeekAgo, aWeekAgo);
    }
    const bench = await openBench(dataDir);
    assert.equal((await bench.run(reading(bench, 'cat "$0/config.json"'))).outcome.kind, 'succeeded');
    await bench.executor.stop();
    assert.deepEqual(modelsOf(bench), [key]);
    // While a container is shown it, it stays, however long the step has been running.
    const next = await openBench(dataDir);
    const running = { ...reading(next, 'echo begun; sleep 600'), attemptId: `run-${key.slice(0, 6)}.7.0` };
    next.executor.launch(running);
    await next.until(() => (existsSync(logFile(dataDir, running.attemptId)) ? true : undefined));
    utimesSync(join(dataDir, 'models', key), aWeekAgo, aWeekAgo);
    await next.executor.stop();
    assert.deepEqual(modelsOf(next), [key]);
    const last = await openBench(dataDir);
    last.executor.reattach(running);
    last.executor.cancel(running.attemptId);
    assert.deepEqual((await last.finished(running.attemptId)).outcome, { kind: 'canceled' });
    await last.executor.stop();
    rmSync(dataDir, { recursive: true });
  },
);

test('docker: a model image that cannot be used says why, and what to do.', { skip }, async () => {
  await using _file = await madeImage(api, NAME, (folder) => writeFileSync(join(folder, 'models'), ''));
  await using bench = await openBench();
  const rows: readonly (readonly [string, RegExp, RegExp])[] = [
    [`oci://${NAME}`, /^the model oci:\/\/model\.test\/\S+: the image "\S+" has a file at \/models, not a folder$/, /COPY/],
    ['oci://alpine', /^the model oci:\/\/alpine: the image "alpine" has no folder \/models$/, /COPY/],
    ['oci://localhost:1/none:v1', /^the model \S+: the image "localhost:1\/none:v1" could not be pulled: /, /./],
    ['oci://No Name', /^the model oci:\/\/No Name: "No Name" cannot be the name of an image$/, /NAME/],
  ];
  for (const [uri, message, hint] of rows) {
    const error = await errorOf(bench, reading(bench, 'true', uri));
    assert.match(error.message, message);
    assert.match(error.hint ?? '', hint);
    assert.equal(error.cause, 'input');
  }
  assert.deepEqual(modelsOf(bench), []);
});
