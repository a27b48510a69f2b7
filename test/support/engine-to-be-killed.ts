/**
 * For tests of restarts: opens an executor on the data folder argv[2] (argv[3]: `docker`, or the kind of the process executor's
 * fork-servers), launches the steps it reads from stdin (a JSON list of TaskLaunch), says what it observes and stays until it is killed.
 */
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { openLocalArtifactStore } from '../../src/artifacts/local/local-artifact-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { TaskLaunch } from '../../src/executors/executor.ts';
import { openDockerExecutor } from '../../src/executors/docker/docker-executor.ts';
import { openProcessExecutor } from '../../src/executors/process/process-executor.ts';

const [, , dataDir, kind] = process.argv;
const host = {
  dataDir: dataDir!,
  clock: systemClock,
  artifacts: openLocalArtifactStore({ root: join(dataDir!, 'artifacts') }),
};
const executor =
  kind === 'docker'
    ? openDockerExecutor(host)
    : openProcessExecutor({ ...host, environment: { ...process.env, PIPEWRIGHT_FORKSERVER: kind } });
await executor.start((observation) => process.stdout.write(`${JSON.stringify(observation)}\n`));
for (const launch of JSON.parse(await text(process.stdin)) as TaskLaunch[]) executor.launch(launch);
setInterval(() => {}, 60_000);
