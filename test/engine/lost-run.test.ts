// What a step holds while it is being ended because another server has taken its run over.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLocalArtifactStore } from '../../src/artifacts/local/local-artifact-store.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { TaskLaunch } from '../../src/executors/executor.ts';
import { readPipelineDocument } from '../../src/ir/read.ts';
import type { Leases } from '../../src/store/leases.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { manualClock, type ManualClock } from '../support/access-app.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { HeldExecutor } from '../support/test-app.ts';

const GPU = 'nvidia.com/gpu';

/** Steps that are told to end take as long as the test says. */
class SlowlyEnding extends HeldExecutor {
  readonly cancelled: string[] = [];
  override readonly holds = true;

  override capacity() {
    return { slots: 10, cpuMillis: 4000, memoryBytes: 1000, accelerators: { [GPU]: 1 } };
  }

  override cancel(attemptId: string): void {
    this.cancelled.push(attemptId);
  }

  endCancelled(): void {
    for (const attemptId of this.cancelled.splice(0)) super.cancel(attemptId);
  }
}

function leasesThatLose(lost: string[], taken: string[]): Leases {
  return {
    serverId: 'this',
    leaseMs: 1000,
    renew: async () => ({ taken: taken.splice(0), lost: lost.splice(0), cancelRequests: [] }),
    requestCancel: async () => {},
    isCancelRequested: async () => false,
    answered: async () => {},
    exclusively: (_name, work) => work(),
    listen: async () => {},
  };
}

const spec = stepPipeline({
  steps: { train: { sh: 'true', cached: false, resources: { accelerator: { type: GPU, count: '1' } } } },
});
const document = readPipelineDocument(JSON.stringify(spec)).document!;

async function until(isSo: () => boolean, clock: ManualClock): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    assert(tries < 500, 'it does not happen');
    clock.advance(200);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

for (const comesBack of [false, true]) {
  test(`a GPU stays the step's own until it has ended, ${comesBack ? 'also when its run comes back meanwhile' : 'and goes to the next then'}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pipewright-lost-'));
    const store = await openSqliteStore({ file: ':memory:' });
    const clock = manualClock();
    const executor = new SlowlyEnding(clock);
    const [lost, taken]: [string[], string[]] = [[], []];
    let count = 0;
    const engine = new Engine({
      store,
      leases: leasesThatLose(lost, taken),
      artifacts: openLocalArtifactStore({ root: join(folder, 'artifacts') }),
      executor,
      clock,
      ids: { uuid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}` },
      onFatal: (error) => assert.fail(String(error)),
    });
    await engine.start();
    const runOf = ({ runId }: TaskLaunch) => runId;
    const { runId: first } = await engine.submit({ document });
    await until(() => executor.running.length === 1, clock);
    const { runId: second } = await engine.submit({ document });
    lost.push(first);
    await until(() => executor.cancelled.length === 1, clock);
    if (comesBack) {
      taken.push(first);
      await until(() => engine.load.running === 1, clock);
    }
    await engine.settled();
    assert.deepEqual(executor.running.map(runOf), [first], 'nobody else is given the GPU');
    executor.endCancelled();
    await until(() => executor.running.some((launch) => runOf(launch) === second), clock);
    assert.deepEqual(executor.running.map(runOf), [second], 'one at a time');
    executor.end();
    if (comesBack) {
      await until(() => executor.running.some((launch) => runOf(launch) === first && launch.attempt === 1), clock);
      executor.end();
      await until(() => executor.running.length === 0, clock);
      await engine.settled();
      assert.equal((await store.getRun(first))!.state, 'SUCCEEDED');
    }
    await engine.stop();
    await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
}
