import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareWithPython } from '../support/compare-with-python.ts';
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
