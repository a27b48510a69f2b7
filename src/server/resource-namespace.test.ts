import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inAll, principal } from '../../test/support/access-app.ts';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp, type TestApp } from '../../test/support/test-app.ts';
import type { Route } from '../api/route.ts';
import { V2_ROUTES } from '../api/v2beta1/routes.ts';
import { V1_ROUTES } from '../api/v1beta1/routes.ts';
import { ANONYMOUS_ADMIN, type Principal } from '../app/access-principal.ts';
import { createExperiment } from '../app/experiments.ts';
import { uploadPipeline } from '../app/upload-pipeline.ts';
import { createRun } from '../app/runs.ts';
import type { Context } from './context.ts';
import { guardNamed } from './guard-named.ts';
import { resourceNamespace } from './resource-namespace.ts';

const spec = stepPipeline({ steps: { only: { sh: 'true' } } });

let given: TestApp;
/** Things of the namespace `team`. */
let team: Readonly<Record<'run' | 'experiment' | 'pipeline' | 'version', string>>;
before(async () => {
  given = await testApp();
  const { experimentId } = await createExperiment(given.app, { name: 'e', namespace: 'team' });
  const { run } = await createRun(given.app, { displayName: 'r', experimentId, source: inline(spec), parameters: () => ({}) });
  const content = Buffer.from(JSON.stringify(spec));
  const { pipeline, version } = await uploadPipeline(given.app, { name: 'p', content, fileName: 'p.yaml', namespace: 'team' });
  team = {
    run: run.runId,
    experiment: experimentId,
    pipeline: pipeline.pipelineId,
    version: version.pipelineVersionId,
  };
});
after(() => given[Symbol.asyncDispose]());

interface Case {
  readonly title: string;
  readonly id: string;
  readonly route: Route;
  readonly params?: () => Readonly<Record<string, string>>;
  readonly query?: () => string;
  readonly expected: string | undefined;
}

const CASES: readonly Case[] = [
  {
    title: 'A run belongs to the namespace of its experiment.',
    id: 'RunService_GetRun',
    route: V2_ROUTES.RunService_GetRun,
    params: () => ({ run_id: team.run }),
    expected: 'team',
  },
  {
    title: 'A version belongs to the namespace of its pipeline, whatever pipeline the path names.',
    id: 'PipelineService_GetPipelineVersion',
    route: V2_ROUTES.PipelineService_GetPipelineVersion,
    params: () => ({ pipeline_id: 'another', pipeline_version_id: team.version }),
    expected: 'team',
  },
  {
    title: 'The id of a path of v1beta1 is of what the path is about.',
    id: 'ExperimentService_GetExperimentV1',
    route: V1_ROUTES.ExperimentService_GetExperimentV1,
    params: () => ({ id: team.experiment }),
    expected: 'team',
  },
  {
    title: 'A resource is asked for before a namespace that the query claims.',
    id: 'RunService_GetRun',
    route: V2_ROUTES.RunService_GetRun,
    params: () => ({ run_id: team.run }),
    query: () => 'namespace=mine',
    expected: 'team',
  },
  {
    title: 'The experiment that a list of v1beta1 is limited to counts.',
    id: 'RunService_ListRunsV1',
    route: V1_ROUTES.RunService_ListRunsV1,
    query: () => `resource_reference_key.type=EXPERIMENT&resource_reference_key.id=${team.experiment}`,
    expected: 'team',
  },
  {
    title: 'So does the pipeline of an upload of a version.',
    id: 'UploadPipelineVersion',
    route: V2_ROUTES.UploadPipelineVersion,
    query: () => `pipelineid=${team.pipeline}`,
    expected: 'team',
  },
  {
    title: 'A list is of the namespace it names.',
    id: 'RunService_ListRuns',
    route: V2_ROUTES.RunService_ListRuns,
    query: () => 'namespace=mine',
    expected: 'mine',
  },
  {
    title: 'A list that names none is of the default one.',
    id: 'RunService_ListRuns',
    route: V2_ROUTES.RunService_ListRuns,
    expected: '',
  },
  {
    title: 'What is not there is of the default one: whoever looks for it tells.',
    id: 'RunService_GetRun',
    route: V2_ROUTES.RunService_GetRun,
    params: () => ({ run_id: 'gone' }),
    expected: '',
  },
  {
    title: 'Where only the body can say it, it is not known yet.',
    id: 'RunService_CreateRun',
    route: V2_ROUTES.RunService_CreateRun,
    expected: undefined,
  },
];

for (const { title, id, route, params = () => ({}), query = () => '', expected } of CASES) {
  test(title, async () => {
    const search = new URLSearchParams(query());
    const request = new Request('http://localhost/');
    assert.equal(await resourceNamespace(given.app, { id, route, params: params(), search, request }), expected);
  });
}

const guarded = (who: Principal, ...named: readonly Record<string, string | undefined>[]) =>
  guardNamed({ app: given.app, caller: { principal: who } } as unknown as Context, 'runs:get', named);

const viewer = (namespace: string) => principal('ann', { namespace, role: 'viewer' });

test('Who may see the namespace of everything that is named passes.', async () => {
  await guarded(viewer('team'), { run_id: team.run }, { experiment_id: team.experiment });
  await guarded(principal('bob', inAll('viewer')), { run_id: team.run });
  await guarded(ANONYMOUS_ADMIN, { run_id: team.run });
});

test('Who may not see one of them does not.', async () => {
  await assert.rejects(guarded(viewer('other'), { run_id: team.run }), { code: 'FORBIDDEN' });
  await assert.rejects(guarded(viewer('other'), { run_id: 'gone' }, { run_id: team.run }), { code: 'FORBIDDEN' });
});

test('What is not there, or not named, is left to whoever looks for it.', async () => {
  await guarded(viewer('other'), { run_id: 'gone' }, { experiment_id: undefined }, {});
});
