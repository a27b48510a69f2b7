import { systemClock } from '../../base/clock.ts';
import { executorContract } from '../../../test/contract/executor.contract.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { CAPABILITIES } from '../capabilities.ts';
import { openDockerExecutor } from './docker-executor.ts';

const docker = await dockerForTests(['alpine']);

executorContract('docker', (host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }), {
  capabilities: CAPABILITIES.docker,
  skip: docker.skip,
  isSlow: true,
});
