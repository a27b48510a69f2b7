import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, PLAIN } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { noPrivateDockerd, PrivateDockerd } from '../../../test/support/private-dockerd.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { LaunchInitContainer, TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const shared = await dockerForTests(['alpine']);
const skip = shared.skip || noPrivateDockerd();

const container = (name: string, script: string, restartPolicy = ''): LaunchInitContainer => ({
  name,
  image: 'alpine',
  command: ['sh', '-c', script],
  args: [],
  env: [],
  volumeMounts: [],
  restartPolicy,
  resources: {},
});

/** A daemon of its own, a bench on it and a step with these containers, of which one says that it has begun. */
async function begin(
  dockerd: PrivateDockerd,
  script: string,
  initContainers: readonly LaunchInitContainer[],
  keepsContainers: boolean,
) {
  await dockerd.start({ keepsContainers });
  await dockerd.load(shared.api, 'alpine');
  const { address } = dockerd;
  const bench = await Bench.open((host) =>
    openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, address, outageMs: 60_000 }),
  );
  const step: TaskLaunch = { ...bench.step(script), platform: { ...PLAIN, initContainers } };
  bench.executor.launch(step);
  const log = () => {
    const file = logFile(bench.dataDir, step.attemptId);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  await bench.until(() => (log().includes('begun') ? true : undefined));
  return { bench, step, log };
}

test(
  'docker: an init container that ends because the daemon is stopped has not done its work, whatever it says.',
  { skip },
  async () => {
    await using dockerd = new PrivateDockerd();
    const slow = container('slow', 'trap "exit 0" TERM; echo begun; while :; do sleep 0.1; done');
    const { bench, step, log } = await begin(dockerd, 'echo ran', [slow], false);
    await using _bench = bench;
    await dockerd.stop('SIGTERM');
    await dockerd.start();
    const { outcome } = await bench.finished(step.attemptId);
    assert(outcome.kind === 'failed' && outcome.error.cause === 'system', JSON.stringify(outcome));
    assert.match(outcome.error.message, /^init container "slow" failed: the container was ended from outside/);
    assert.doesNotMatch(log(), /ran/);
  },
);

test(
  'docker: a daemon that is killed and lets containers go on loses nothing of init containers and sidecars.',
  { skip },
  async () => {
    await using dockerd = new PrivateDockerd();
    const counting = (upTo: number) => `echo begun; i=0; while [ $i -lt ${upTo} ]; do echo $i; i=$((i+1)); sleep 0.1; done`;
    const containers = [container('side', `${counting(1000)}`, 'Always'), container('slow', counting(30))];
    const { bench, step, log } = await begin(dockerd, 'echo ran; sleep 1', containers, true);
    await using _bench = bench;
    await dockerd.stop('SIGKILL');
    await dockerd.start({ keepsContainers: true });
    const { outcome } = await bench.finished(step.attemptId);
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    const numbers = (name: string) =>
      [...log().matchAll(new RegExp(String.raw`^\[${name}\] (\d+)$`, 'gm'))].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers('slow'),
      Array.from({ length: 30 }, (_, index) => index),
    );
    assert.deepEqual(
      numbers('side'),
      Array.from(numbers('side'), (_, index) => index),
    );
    assert(numbers('side').length >= 30, log());
  },
);
