// A pipeline of three published components, chained by their outputs, found by name as `ComponentStore` does.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ComponentStore, pipeline, string, useComponent } from '../../src/sdk/pipewright.ts';
import { compilePipeline } from '../../src/compiler/compile-pipeline.ts';
import { repositoryRoot } from '../support/source-files.ts';

const folder = join(repositoryRoot, '..', 'shared', 'conformance', 'components', '0.2.5', 'components', 'gcp');
const skip = existsSync(folder) ? false : `the conformance data is not at ${folder}`;
if (skip) process.stdout.write(`${skip}: published components are not tried\n`);

test('published components are found by name and chained', { skip }, async () => {
  const store = new ComponentStore({ localSearchPaths: [folder] });
  const [query, train, deploy] = [
    useComponent(await store.loadComponent('bigquery/query')),
    useComponent(await store.loadComponent('ml_engine/train')),
    useComponent(await store.loadComponent('ml_engine/deploy')),
  ];
  const trips = pipeline({ name: 'trips', inputs: { project: string, bucket: string } }, ({ project, bucket }) => {
    const asked = query({ query: 'SELECT 1', project_id: project, output_gcs_path: bucket });
    const trained = train({ project_id: project, job_dir: asked.get('output_gcs_path'), region: 'us-central1' });
    deploy({ project_id: project, model_uri: trained.get('job_dir'), model_id: 'trips' }).displayName('Deploy');
  });
  const { document, problems } = compilePipeline(trips.pipeline);
  assert.deepEqual(problems.filter(({ severity }) => severity !== 'warning'), []);
  const tasks = Object.values(document!.spec.root.dag!.tasks).map(({ dependentTasks }) => dependentTasks.length);
  assert.deepEqual(tasks, [0, 1, 1]);
});

test('an input that a published component does not have is a problem', { skip }, async () => {
  const store = new ComponentStore({ localSearchPaths: [folder] });
  const query = useComponent(await store.loadComponent('bigquery/query'));
  const wrong = pipeline({ name: 'wrong' }, () => void query({ query: 'SELECT 1', project: 'p' }));
  assert.match(compilePipeline(wrong.pipeline).problems[0]!.message, /has no input "project"/);
});
