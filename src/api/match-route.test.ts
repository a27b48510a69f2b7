import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeMatcher } from './match-route.ts';
import { parseQuery } from './parse-query.ts';
import { LIST_QUERY } from './route.ts';
import { V1_ROUTES } from './v1beta1/routes.ts';
import { V2_MESSAGES } from './v2beta1/messages.ts';
import { V2_ROUTES } from './v2beta1/routes.ts';

const match = routeMatcher([V2_ROUTES, V1_ROUTES]);

const rows: readonly [string, string, string, Record<string, string>?][] = [
  ['GET', '/apis/v2beta1/runs/r1', 'RunService_GetRun', { run_id: 'r1' }],
  ['POST', '/apis/v2beta1/runs/r1:archive', 'RunService_ArchiveRun', { run_id: 'r1' }],
  ['POST', '/apis/v2beta1/runs/id%3Awith%2Fslash:archive', 'RunService_ArchiveRun', { run_id: 'id:with/slash' }],
  ['GET', '/apis/v2beta1/pipelines/names/a%20b', 'PipelineService_GetPipelineByName', { name: 'a b' }],
  ['GET', '/apis/v2beta1/pipelines/p/versions', 'PipelineService_ListPipelineVersions', { pipeline_id: 'p' }],
  ['POST', '/apis/v2beta1/pipelines/create', 'PipelineService_CreatePipelineAndVersion', {}],
  ['POST', '/apis/v2beta1/pipelines/upload', 'UploadPipeline', {}],
  ['PATCH', '/apis/v2beta1/pipelines/p', 'PipelineService_UpdatePipeline', { 'pipeline.pipeline_id': 'p' }],
  ['POST', '/apis/v1beta1/visualizations/', 'VisualizationService_CreateVisualizationV1', { namespace: '' }],
  ['POST', '/apis/v1beta1/runs/r/terminate', 'RunService_TerminateRunV1', { run_id: 'r' }],
  ['GET', '/apis/v1beta1/runs/r/nodes/n/artifacts/a:read', 'ReadArtifact', { run_id: 'r', node_id: 'n', artifact_name: 'a' }],
];

for (const [method, path, id, params] of rows) {
  test(`${method} ${path} is ${id}.`, () => {
    const found = match(method, path);
    assert.equal(found.kind, 'route');
    assert.deepEqual(found.kind === 'route' && [found.id, found.params], [id, params]);
  });
}

const others: readonly [string, string, string][] = [
  ['PUT', '/apis/v2beta1/runs/r1', 'method'],
  ['GET', '/apis/v2beta1/pipelines/upload_version', 'route'],
  ['GET', '/apis/v2beta1/runs/', 'none'],
  ['GET', '/apis/v2beta1/nothing', 'none'],
  ['GET', '/apis/v2beta1/runs/%ff', 'malformed'],
  ['GET', '/', 'none'],
];

for (const [method, path, kind] of others) {
  test(`${method} ${path} leads to "${kind}".`, () => assert.equal(match(method, path).kind, kind));
}

test('Query parameters have the types of the route; others are ignored, wrong ones refused.', () => {
  const parse = (text: string) => parseQuery(V2_MESSAGES, LIST_QUERY, new URLSearchParams(text));
  assert.deepEqual(parse('page_size=10&pageToken=x&other=1&filter='), { page_size: 10, page_token: 'x', filter: '' });
  for (const text of ['page_size=abc', 'page_size=', 'page_size=1.5', 'page_size=99999999999']) {
    assert.throws(() => parse(text), { code: 'INVALID_USAGE', message: /parameter: page_size/ }, text);
  }
});
