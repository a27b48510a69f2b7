import { systemClock } from '../../base/clock.ts';
import { executorContract } from '../../../test/contract/executor.contract.ts';
import { CAPABILITIES } from '../capabilities.ts';
import { openProcessExecutor } from './process-executor.ts';

for (const kind of ['python', 'node']) {
  const environment = { ...process.env, PIPEWRIGHT_FORKSERVER: kind };
  executorContract(
    `process (${kind})`,
    (host) => openProcessExecutor({ ...host, clock: systemClock, killGraceMs: 300, environment }),
    { capabilities: CAPABILITIES.process },
  );
}
