/** What is tested with Docker holds with Podman: the same files, with another daemon. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { podmanForTests } from '../support/podman-for-tests.ts';

const folder = fileURLToPath(new URL('../../src/executors/docker/', import.meta.url));

const podman = await podmanForTests(['alpine', 'python:3.11']);
/** A registry of this machine's is reached from its own network. */
const podmanOfMachine = await podmanForTests(['alpine'], { sharesNetwork: true });
after(() => Promise.all([podman, podmanOfMachine].map((each) => each[Symbol.asyncDispose]())));

const SUITES: readonly (readonly [string, typeof podman])[] = [
  ['steps', podman],
  ['restart', podman],
  ['init-containers', podman],
  ['recorded-use', podman],
  ['private-registry', podmanOfMachine],
];

for (const [suite, { address, skip }] of SUITES) {
  test(`podman: what is tested in ${suite}.test.ts holds.`, { skip }, async () => {
    // The variable tells a test file that it is one of a run, whose words go to the runner.
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', `${suite}.test.ts`], {
      cwd: folder,
      env: { ...environment, DOCKER_HOST: address },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = await text(child.stdout);
    assert.match(output, /^# fail 0$/m, output);
    assert.doesNotMatch(output, /^# pass 0$/m, output);
    assert.match(output, /^# skipped 0$/m, output);
  });
}
