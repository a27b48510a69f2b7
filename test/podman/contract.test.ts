import { after } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { CAPABILITIES } from '../../src/executors/capabilities.ts';
import { openDockerExecutor } from '../../src/executors/docker/docker-executor.ts';
import { executorContract } from '../contract/executor.contract.ts';
import { podmanForTests } from '../support/podman-for-tests.ts';

const podman = await podmanForTests(['alpine']);
after(() => podman[Symbol.asyncDispose]());

const open = (host: Parameters<Parameters<typeof executorContract>[1]>[0]) =>
  openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, address: podman.address });

executorContract('podman', open, { capabilities: CAPABILITIES.docker, skip: podman.skip, isSlow: true });
