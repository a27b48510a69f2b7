import assert from 'node:assert/strict';
import { test } from 'node:test';
import { V2_ROUTES } from '../api/v2beta1/routes.ts';
import { requestTarget } from './request-target.ts';

test('every part of a path and of a query is encoded as a whole', () => {
  const route = V2_ROUTES.PipelineService_GetPipelineVersion;
  const params = { pipeline_id: 'a/b', pipeline_version_id: 'ü:archive' };
  assert.equal(requestTarget(route, params, {}), '/apis/v2beta1/pipelines/a%2Fb/versions/%C3%BC%3Aarchive');
});

test('lists are repeated, and what is undefined is left out', () => {
  const route = V2_ROUTES.RunService_ListRuns;
  const query = { page_size: 0, filter: 'a&b', namespace: undefined, page_token: ['x', 'y'] };
  assert.equal(requestTarget(route, {}, query), '/apis/v2beta1/runs?page_size=0&filter=a%26b&page_token=x&page_token=y');
});
