import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareFiles, compareWithPython } from '../support/compare-with-python.ts';
import { repositoryRoot } from '../support/source-files.ts';
import { SDK_GOLDEN } from './sdk-golden.ts';

const folder = join(repositoryRoot, '..', 'shared', 'conformance', 'pipelines', 'head');
const skip = existsSync(folder) ? false : `the conformance data is not at ${folder}`;
if (skip) process.stdout.write(`${skip}: pipelines in TypeScript are not compared with those in Python\n`);

for (const row of SDK_GOLDEN) {
  test(`${row.file} means what the Python SDK makes of ${row.corpus}`, { skip }, async () => {
    assert.deepEqual(await compareWithPython(row, folder), []);
  });
}

test('settings of the Kubernetes platform are what kfp-kubernetes makes of them', async () => {
  const both = join(repositoryRoot, 'test', 'golden', 'sdk-kubernetes');
  assert.deepEqual(await compareFiles(join(both, 'pipeline.ts'), join(both, 'pipeline.yaml')), []);
});
