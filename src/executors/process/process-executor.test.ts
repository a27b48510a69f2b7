import { systemClock } from '../../base/clock.ts';
import { executorContract } from '../../../test/contract/executor.contract.ts';
import { openProcessExecutor } from './process-executor.ts';

for (const kind of ['python', 'node']) {
  executorContract(`process (${kind})`, (host) =>
    openProcessExecutor({
      ...host,
      clock: systemClock,
      killGraceMs: 300,
      environment: { ...process.env, PIPEWRIGHT_FORKSERVER: kind },
    }),
  );
}
