import { executorContract } from '../../../test/contract/executor.contract.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { CAPABILITIES, jointCapabilities } from '../capabilities.ts';
import { openDockerExecutor } from '../docker/docker-executor.ts';
import { openProcessExecutor } from '../process/process-executor.ts';
import { openAutoExecutor } from './auto-executor.ts';

const { skip } = await dockerForTests(['alpine']);
const ON_HOST = { steps: [], images: [{ pattern: '*', target: 'process' }] } as const;
const clock = systemClock;
const killGraceMs = 300;

// What is tested is that nothing gets lost on the way.
executorContract(
  'auto (every image mapped to the host)',
  (host) => openAutoExecutor({ ...host, clock, rules: ON_HOST, process: openProcessExecutor({ ...host, clock, killGraceMs }) }),
  { capabilities: CAPABILITIES.process },
);

executorContract(
  'auto (by the rule, in containers)',
  (host) =>
    openAutoExecutor({
      ...host,
      clock,
      process: openProcessExecutor({ ...host, clock, killGraceMs }),
      docker: openDockerExecutor({ ...host, clock, killGraceMs }),
    }),
  { capabilities: jointCapabilities([CAPABILITIES.process, CAPABILITIES.docker]), skip, isSlow: true },
);
