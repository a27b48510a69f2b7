// What others do to containers of ours while they run, on the daemon that everybody uses.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, type Finished } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine']);

/** A run of its own: other tests work on the same daemon. */
const inRun = (bench: Bench, script: string, changes: Partial<TaskLaunch> = {}) =>
  bench.step(script, { runId: `faults-${bench.dataDir.slice(-6).toLowerCase()}`, ...changes });

const openBench = (network?: string) =>
  Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, ...(network ? { network } : {}) }));

async function containersOf(runId: string): Promise<readonly string[]> {
  const filters = JSON.stringify({ label: [`pipewright.run=${runId}`] });
  const listed = await api.call('GET', '/containers/json', { query: { all: true, filters } });
  return (listed as readonly { readonly Id: string }[]).map(({ Id }) => Id);
}

interface Fault {
  readonly title: string;
  /** Prints `begun` and goes on. Default: it sleeps. */
  readonly script?: string;
  readonly timeoutMs?: number;
  /** Done to the container once it has begun. */
  readonly act?: (container: string) => Promise<unknown>;
  readonly cancels?: true;
  readonly outcome: RegExp;
}

const STUBBORN =
  'trap "" TERM; (setsid sleep 600 &); (trap "" TERM; while :; do sleep 1; done) & echo begun; while :; do sleep 1; done';
const pause = (container: string) => api.call('POST', `/containers/${container}/pause`);
const FAULTS: readonly Fault[] = [
  {
    title: 'a container that somebody removes is a fault of ours, and tried again',
    act: (container) => api.call('DELETE', `/containers/${container}`, { query: { force: true } }),
    outcome: /"cause":"system","message":"the container of this step is gone/,
  },
  {
    title: 'a container that somebody kills is a fault of ours, and tried again',
    act: (container) => api.call('POST', `/containers/${container}/kill`),
    outcome: /"cause":"system","message":"the container was ended from outside \(exit status 137\)/,
  },
  {
    title: 'a container that somebody restarts has not done its work, though it ends well',
    script: 'echo begun; sleep 0.5',
    act: (container) => api.call('POST', `/containers/${container}/restart`, { query: { t: 0 } }),
    outcome: /"cause":"system","message":"the container was ended from outside/,
  },
  { title: 'a container that somebody has paused is cancelled', act: pause, cancels: true, outcome: /"kind":"canceled"/ },
  {
    title: 'a container that somebody has paused ends at its time limit',
    act: pause,
    timeoutMs: 1500,
    outcome: /"cause":"timeout"/,
  },
  {
    title: 'a step that ignores SIGTERM is cancelled with all it has started',
    script: STUBBORN,
    cancels: true,
    outcome: /"kind":"canceled"/,
  },
];

test('docker: what others do to a container that runs:', { skip }, async (context) => {
  await using bench = await openBench();
  const check = async ({ script = 'echo begun; sleep 600', timeoutMs, act, cancels, outcome }: Fault) => {
    const step = inRun(bench, script, timeoutMs === undefined ? {} : { timeoutMs });
    bench.executor.launch(step);
    const log = logFile(bench.dataDir, step.attemptId);
    await bench.until(() => (existsSync(log) && readFileSync(log, 'utf8') === 'begun\n') || undefined);
    const filters = JSON.stringify({ label: [`pipewright.attempt=${step.attemptId}`] });
    const [container] = (await api.call('GET', '/containers/json', { query: { filters } })) as readonly { readonly Id: string }[];
    await act?.(container!.Id);
    if (cancels) bench.executor.cancel(step.attemptId);
    const finished: Finished = await bench.finished(step.attemptId);
    assert.match(JSON.stringify(finished.outcome), outcome);
  };
  await Promise.all(FAULTS.map((fault) => context.test(fault.title, () => check(fault))));
  await bench.executor.stop();
  assert.deepEqual(await containersOf(inRun(bench, '').runId), []);
});

test('docker: a network that is removed fails the steps that should use it, with what to do.', { skip }, async () => {
  const network = `pipewright-test-${process.pid}`;
  await api.call('POST', '/networks/create', { body: { Name: network } });
  await using bench = await openBench(network);
  try {
    assert.equal((await bench.run(inRun(bench, 'true'))).outcome.kind, 'succeeded');
  } finally {
    await api.call('DELETE', `/networks/${network}`);
  }
  const { outcome } = await bench.run(inRun(bench, 'true'));
  assert(outcome.kind === 'failed' && outcome.error.cause === 'system', JSON.stringify(outcome));
  assert.match(outcome.error.message, new RegExp(`network ${network} not found`));
  assert.match(outcome.error.hint ?? '', /PIPEWRIGHT_DOCKER_NETWORK/);
});
