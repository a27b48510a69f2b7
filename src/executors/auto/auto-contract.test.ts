import { executorContract } from '../../../test/contract/executor.contract.ts';
import { systemClock } from '../../base/clock.ts';
import { openProcessExecutor } from '../process/process-executor.ts';
import { openAutoExecutor } from './auto-executor.ts';

/** With every image mapped to the host: what is tested is that nothing gets lost on the way. */
const ON_HOST = { steps: [], images: [{ pattern: '*', target: 'process' }] } as const;

executorContract('auto', (host) =>
  openAutoExecutor({
    ...host,
    clock: systemClock,
    rules: ON_HOST,
    process: openProcessExecutor({ ...host, clock: systemClock, killGraceMs: 300 }),
  }),
);
