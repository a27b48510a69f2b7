import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { executorContract } from '../../../test/contract/executor.contract.ts';
import { Bench, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import { CAPABILITIES } from '../capabilities.ts';
import { openNopeExecutor } from './nope-executor.ts';

executorContract('nope', () => openNopeExecutor({ clock: systemClock }), { capabilities: CAPABILITIES.nope });

test('nope: outputs are the zero values of their types, and nothing is run or written.', async () => {
  await using bench = await Bench.open(() => openNopeExecutor({ clock: systemClock }));
  const types = { n: 'NUMBER_INTEGER', s: 'STRING', l: 'LIST', o: 'STRUCT', b: 'BOOLEAN' } as const;
  const step = withArtifact(bench.step('exit 1', { outputs: { parameters: types, artifacts: {} } }), 'data');
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
