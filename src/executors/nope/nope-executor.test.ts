import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import { openNopeExecutor } from './nope-executor.ts';

const open = () => Bench.open(() => openNopeExecutor({ clock: systemClock }));

test('nope: every step succeeds with zero values of its declared types, and nothing is run or written.', async () => {
  await using bench = await open();
  const step = withArtifact(
    bench.step('exit 1', {
      outputs: { parameters: { n: 'NUMBER_INTEGER', s: 'STRING', l: 'LIST', o: 'STRUCT', b: 'BOOLEAN' }, artifacts: {} },
    }),
    'data',
  );
  const { outcome } = await bench.run(step);
  assert.deepEqual(outcome, {
    kind: 'succeeded',
    outputs: {
      parameters: { n: 0, s: '', l: [], o: {}, b: false },
      artifacts: { data: [{ uri: step.outputs.artifacts['data']!.uri, metadata: { planned: 1 } }] },
    },
  });
  assert.equal(existsSync(join(bench.dataDir, 'logs')), false);
});

test('nope: launching is observed later, once, and can be cancelled before.', async () => {
  await using bench = await open();
  const [first, second] = [bench.step('true'), bench.step('true')];
  bench.executor.launch(first);
  bench.executor.launch(first);
  bench.executor.reattach(second);
  bench.executor.cancel(second.attemptId);
  bench.executor.cancel('nothing.0.0');
  assert.equal(bench.observations.length, 0);
  assert.equal((await bench.finished(first.attemptId)).outcome.kind, 'succeeded');
  assert.equal((await bench.finished(second.attemptId)).outcome.kind, 'canceled');
  assert.equal(bench.observations.length, 2);
});
