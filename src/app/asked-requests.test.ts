import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { readPipeline } from '../ir/read.ts';
import { askedRequests } from './asked-requests.ts';

test('what steps ask for is read from the pipeline, as far as parameters do not decide it', () => {
  const steps = {
    plain: { sh: 'true', resources: { resourceCpuRequest: '500m', resourceMemoryLimit: '1Gi' } },
    none: { sh: 'true' },
    later: { sh: 'true', resources: { resourceCpuRequest: "{{$.inputs.parameters['cpu']}}" } },
  };
  const asked = askedRequests(readPipeline(JSON.stringify(stepPipeline({ steps }))));
  assert.deepEqual(asked.get('/plain'), { cpuMillis: 500, memoryBytes: 2 ** 30, memoryLimitBytes: 2 ** 30 });
  assert.deepEqual(asked.get('/none'), {});
  assert.equal(asked.get('/later'), undefined);
});
