import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPipeline } from '../../ir/read.ts';
import { stepPipeline } from '../../../test/support/step-pipeline.ts';
import { specForRun, withCaching } from './pipeline-package.ts';

const spec = stepPipeline({ name: 'two', steps: { one: { sh: 'true', cached: true }, two: { sh: 'true' } } });

interface Tasks {
  readonly root: { readonly dag: { readonly tasks: Readonly<Record<string, { readonly cachingOptions?: object }>> } };
}
const cachingOf = (given: unknown): unknown[] =>
  Object.values((given as Tasks).root.dag.tasks).map(({ cachingOptions }) => cachingOptions);

test('a document without a platform is sent as the plain spec', () => {
  const sent = specForRun(readPipeline(JSON.stringify(spec)));
  assert.deepEqual(readPipeline(JSON.stringify(sent)), readPipeline(JSON.stringify(spec)));
  assert.ok('pipelineInfo' in sent);
});

test('a document with a platform is sent in a wrapper of both', () => {
  const platform = {
    platforms: { kubernetes: { deploymentSpec: { executors: { 'exec-one': { imagePullPolicy: 'Always' } } } } },
  };
  const both = readPipeline(`${JSON.stringify(spec)}\n---\n${JSON.stringify(platform)}`);
  const sent = specForRun(both);
  assert.deepEqual(Object.keys(sent), ['pipeline_spec', 'platform_spec']);
  assert.deepEqual(readPipeline(JSON.stringify(sent)), both);
});

test('caching is switched for every task, in the root and in components', () => {
  const nested = {
    ...spec,
    components: { inner: { dag: { tasks: { deep: { cachingOptions: { enableCache: true, cacheKey: 'k' } } } } } },
  };
  const off = withCaching(nested, false);
  assert.deepEqual(cachingOf(off), [{}, {}]);
  assert.deepEqual((off['components'] as { inner: { dag: { tasks: { deep: object } } } }).inner.dag.tasks.deep, {
    cachingOptions: { cacheKey: 'k' },
  });
  assert.deepEqual(cachingOf(withCaching(spec, true)), [{ enableCache: true }, { enableCache: true }]);
});

test('a wrapped spec is switched as well, and defaults that look like tasks are left alone', () => {
  const parameters = { tasks: { parameterType: 'STRUCT', defaultValue: { tasks: { x: {} } } } };
  const wrapped = { pipeline_spec: { ...spec, root: { ...(spec['root'] as object), inputDefinitions: { parameters } } } };
  const off = withCaching(wrapped as never, false)['pipeline_spec'] as { root: { inputDefinitions: object } };
  assert.deepEqual(cachingOf(off), [{}, {}]);
  assert.deepEqual(off.root.inputDefinitions, { parameters });
});
