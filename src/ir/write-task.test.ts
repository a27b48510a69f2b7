import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { readPipeline } from './read.ts';
import { writeDocument } from './write.ts';

test('empty caching options, with which kfp says that caching is off, are written as they were read', () => {
  const given = stepPipeline({ steps: { off: { sh: 'true', cached: false }, on: { sh: 'true' } } });
  const written = JSON.parse(writeDocument(readPipeline(JSON.stringify(given)))) as typeof given;
  const tasks = (written['root'] as { dag: { tasks: Record<string, { cachingOptions?: object }> } }).dag.tasks;
  assert.deepEqual([tasks['off']?.cachingOptions, tasks['on']?.cachingOptions], [{}, { enableCache: true }]);
});
