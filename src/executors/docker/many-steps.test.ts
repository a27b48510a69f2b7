import { wideContract } from '../../../test/contract/executor.contract.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { CAPABILITIES } from '../capabilities.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { skip } = await dockerForTests(['alpine']);

wideContract('docker', (host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }), {
  capabilities: CAPABILITIES.docker,
  skip,
});
