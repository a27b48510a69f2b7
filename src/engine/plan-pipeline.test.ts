import assert from 'node:assert/strict';
import { test } from 'node:test';
import { container, dag, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import { checkDocument } from '../ir/check.ts';
import { planPipeline } from './plan-pipeline.ts';

test('mistakes in components that no task uses are warnings, and the pipeline can be planned', () => {
  const document = pipelineDocument(
    dag({ used: task('work') }),
    {
      work: step('run'),
      'waits-for-nobody': dag({ one: task('work', { dependentTasks: ['missing'] }) }),
      'waits-in-a-circle': dag({
        one: task('work', { dependentTasks: ['two'] }),
        two: task('work', { dependentTasks: ['one'] }),
      }),
      'calls-itself': dag({ again: task('calls-itself') }),
    },
    { run: container(['true']) },
  );
  assert.deepEqual(
    checkDocument(document).filter(({ severity }) => severity !== 'warning'),
    [],
  );
  assert.deepEqual([...planPipeline(document).templates.keys()], ['work']);
});
