import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOfHash } from './hash-routes.ts';

const rows: readonly (readonly [hash: string, path: string | undefined])[] = [
  ['#/', '/'],
  ['#/start', '/'],
  ['#/pipelines', '/pipelines'],
  ['#/shared/pipelines', '/pipelines'],
  ['#/pipelines/details/p-1', '/pipelines/p-1'],
  ['#/pipelines/details/p-1?fromRun=r', '/pipelines/p-1'],
  ['#/pipelines/details/p-1/version/v-1', '/pipelines/p-1?version=v-1'],
  ['#/pipeline_versions/new', '/pipelines/new'],
  ['#/pipeline_versions/new?pipelineId=p-1', '/pipelines/new?pipeline=p-1'],
  ['#/experiments', '/experiments'],
  ['#/experiments/new', '/experiments?new=true'],
  ['#/experiments/details/e-1', '/experiments/e-1'],
  ['#/runs', '/runs'],
  ['#/runs/new?cloneFromRun=r-1', '/runs/new?clone=r-1'],
  ['#/runs/new?pipelineId=p-1&pipelineVersionId=v-1&experimentId=e-1', '/runs/new?pipeline=p-1&version=v-1&experiment=e-1'],
  ['#/runs/details/r-1', '/runs/r-1'],
  ['#/runs/details/r-1/execution/42', '/runs/r-1'],
  ['#/recurringruns', '/recurring'],
  ['#/recurringrun/details/j-1', '/recurring/j-1'],
  ['#/archive/runs', '/runs?archived=true'],
  ['#/archive/experiments', '/experiments?archived=true'],
  ['#/compare?runlist=a,b', '/compare?runs=a%2Cb'],
  ['#/artifacts', '/artifacts'],
  ['#/artifacts/12', '/artifacts/12'],
  ['#/executions', '/runs'],
  ['#/executions/3', '/runs'],
  ['#/frontend_features', '/settings'],
  ['', undefined],
  ['#content', undefined],
  ['#/nowhere', undefined],
];

for (const [hash, path] of rows) {
  test(`${hash || 'no hash'} leads to ${path ?? 'where it stands'}`, () => {
    assert.equal(pathOfHash(hash), path);
  });
}
