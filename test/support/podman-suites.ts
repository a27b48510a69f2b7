/** What is tested with Docker holds with Podman: the same files, with another daemon. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { podmanForTests } from './podman-for-tests.ts';

const folder = fileURLToPath(new URL('../../src/executors/docker/', import.meta.url));

/** `suites`: names of test files of the Docker executor, without `.test.ts`. `except`: tests that need a dockerd of their own. */
export async function podmanSuites(
  suites: readonly string[],
  { images, except }: { readonly images: readonly string[]; readonly except?: RegExp },
): Promise<void> {
  const podman = await podmanForTests(images);
  after(() => podman[Symbol.asyncDispose]());
  for (const suite of suites) {
    test(`podman: what is tested in ${suite}.test.ts holds.`, { skip: podman.skip }, async () => {
      const output = await runSuite(suite, podman.address, except);
      assert.match(output, /^# fail 0$/m, output);
      assert.match(output, /^# skipped 0$/m, output);
      assert.doesNotMatch(output, /^# pass 0$/m, output);
    });
  }
}

async function runSuite(suite: string, address: string, except: RegExp | undefined): Promise<string> {
  // The variable tells a test file that it is one of a run, whose words go to the runner.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    ['--test', '--test-reporter=tap', ...(except ? ['--test-skip-pattern', String(except)] : []), `${suite}.test.ts`],
    {
      cwd: folder,
      env: { ...environment, DOCKER_HOST: address },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return text(child.stdout);
}
