import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dag, param, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import type { ContainerSpec } from '../ir/spec.ts';
import { explainPlacement } from './explain-placement.ts';

test('each step is named with where it runs, why, and what it asks for; what parameters decide is said to', () => {
  const inner = dag({ leaf: task('comp-plain', { caching: { enabled: false } }) });
  const root = dag({ group: task('comp-inner'), large: task('comp-large'), dynamic: task('comp-dynamic') });
  const program = { image: 'any', command: ['true'], args: [], env: [] };
  const executor = (changes: Partial<ContainerSpec>) => ({ kind: 'container', container: { ...program, ...changes } }) as const;
  const document = pipelineDocument(
    root,
    {
      'comp-inner': inner,
      'comp-plain': step('exec-plain'),
      'comp-large': step('exec-large'),
      'comp-dynamic': step('exec-dynamic', { inputs: { image: param('STRING') } }),
    },
    {
      'exec-plain': executor({}),
      'exec-large': executor({ resources: { cpuRequest: '2', memoryLimit: '4Gi' } }),
      'exec-dynamic': executor({ image: "{{$.inputs.parameters['image']}}" }),
    },
  );
  const placed = {
    ...document,
    platform: { ...document.platform, executors: { 'exec-large': { nodeSelector: { labels: { disk: 'ssd' } } } } },
  };
  const rows = explainPlacement(placed, ({ path }) => ({ target: path === '/large' ? 'docker' : 'process', because: 'so' }));
  const shown = rows.map(({ path, executor, because, asks }) => `${path} ${executor} ${because} ${asks}`.trim());
  assert.deepEqual(shown.sort(), [
    '/dynamic run time its image comes from a parameter',
    '/group/leaf process so',
    '/large docker so 2 CPU, 4 GiB; a node with disk=ssd',
  ]);
});
