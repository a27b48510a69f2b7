import assert from 'node:assert/strict';
import { test as nodeTest } from 'node:test';
import type { ExecutorCapabilities } from '../../src/executors/executor.ts';
import { isOfType } from '../../src/ir/values.ts';
import { Bench, withArtifact } from './executor-fixtures.ts';
import type { OpenExecutor } from './executor-fixtures.ts';

/** What every executor does, also one that runs nothing: launches, adopts, cancels and observes, each attempt once. */
export function lifecycleContract(
  name: string,
  open: OpenExecutor,
  { capabilities, skip }: { readonly capabilities: ExecutorCapabilities; readonly skip: string | false },
): void {
  const test = (title: string, run: (bench: Bench) => Promise<void>) =>
    void nodeTest(`${name}: ${title}`, { skip }, async () => {
      await using bench = await Bench.open(open);
      await run(bench);
    });

  test('it has what its row of the table says, and room for steps.', async ({ executor }) => {
    assert.deepEqual(executor.capabilities, capabilities);
    const { slots, cpuMillis, memoryBytes, accelerators } = executor.capacity();
    for (const amount of [slots, cpuMillis, memoryBytes]) assert.ok(Number.isSafeInteger(amount) && amount > 0);
    for (const amount of Object.values(accelerators)) assert.ok(Number.isSafeInteger(amount) && amount >= 0);
  });

  test('a step that succeeds has done so between its launch and now, and is observed after the launch.', async (bench) => {
    const before = Date.now();
    const step = bench.step('exit 0');
    bench.executor.launch(step);
    assert.equal(bench.observations.length, 0);
    const { outcome, startedAtMs, endedAtMs } = await bench.finished(step.attemptId);
    assert.ok(outcome.kind === 'succeeded', JSON.stringify(outcome));
    assert.deepEqual(outcome.outputs, { parameters: {}, artifacts: {} });
    assert.ok(startedAtMs >= before - 1000 && endedAtMs >= startedAtMs && endedAtMs <= Date.now() + 1000);
  });

  test('every declared output has a value of its type, and an artifact where it was planned.', async (bench) => {
    const types = { text: 'STRING', whole: 'NUMBER_INTEGER', list: 'LIST', map: 'STRUCT', flag: 'BOOLEAN' } as const;
    const names = Object.keys(types);
    const script = `mkdir -p "$(dirname "$0")"; echo x > "$0"; echo t > "$1"; echo 1 > "$2"; echo '[1]' > "$3"; echo '{}' > "$4"; echo true > "$5"`;
    const files = names.map((key) => `{{$.outputs.parameters['${key}'].output_file}}`);
    const bare = bench.step('', { command: ['sh', '-c', script, "{{$.outputs.artifacts['data'].path}}", ...files] });
    const step = withArtifact({ ...bare, outputs: { parameters: types, artifacts: {} } }, 'data');
    const { outcome } = await bench.run(step);
    assert.ok(outcome.kind === 'succeeded', JSON.stringify(outcome));
    const { parameters, artifacts } = outcome.outputs;
    assert.deepEqual(Object.keys(parameters), names);
    for (const [key, type] of Object.entries(types)) assert.ok(isOfType(type, parameters[key]!), key);
    const { uri, metadata } = step.outputs.artifacts['data']!;
    assert.deepEqual(Object.keys(artifacts), ['data']);
    assert.equal(artifacts['data']!.length, 1);
    assert.deepEqual({ ...artifacts['data']![0], sizeBytes: 0 }, { uri, metadata, sizeBytes: 0 });
  });

  test('an attempt that is launched again, at once or after its end, is observed once.', async (bench) => {
    const [step, other] = [bench.step('exit 0'), bench.step('exit 0')];
    bench.executor.launch(step);
    bench.executor.launch(step);
    bench.executor.reattach(step);
    await bench.finished(step.attemptId);
    bench.executor.launch(step);
    bench.executor.reattach(step);
    await bench.run(other);
    const ends = bench.observations.filter((seen) => seen.kind === 'finished').map(({ attemptId }) => attemptId);
    assert.deepEqual(ends, [step.attemptId, other.attemptId]);
  });

  test('an attempt that was never started is started when it is to be adopted.', async (bench) => {
    const step = bench.step('exit 0');
    bench.executor.reattach(step);
    assert.equal((await bench.finished(step.attemptId)).outcome.kind, 'succeeded');
  });

  test('cancelling at once, twice, too late or what is unknown is harmless.', async (bench) => {
    const [step, good] = [bench.step('sleep 600'), bench.step('true')];
    bench.executor.cancel('nothing.0.0');
    bench.executor.launch(step);
    bench.executor.cancel(step.attemptId);
    bench.executor.cancel(step.attemptId);
    assert.deepEqual((await bench.finished(step.attemptId)).outcome, { kind: 'canceled' });
    bench.executor.cancel(step.attemptId);
    assert.equal((await bench.run(good)).outcome.kind, 'succeeded');
    bench.executor.cancel(good.attemptId);
    await bench.run(bench.step('true'));
    assert.equal(bench.observations.filter(({ kind }) => kind === 'finished').length, 3);
  });

  test('an executor that is stopped with what runs has observed the end of it.', async (bench) => {
    const step = bench.step('sleep 600');
    bench.executor.launch(step);
    await bench.executor.stop({ cancelRunning: true });
    assert.deepEqual(
      bench.observations.flatMap((seen) => (seen.kind === 'finished' ? [seen.outcome.kind] : [])),
      ['canceled'],
    );
  });
}
