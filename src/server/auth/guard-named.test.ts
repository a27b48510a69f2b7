import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment, pipeline, version } from '../../../test/contract/catalogue.contract.ts';
import { inAll, principal } from '../../../test/support/access-app.ts';
import { ANONYMOUS_ADMIN } from '../../app/access-principal.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { guardNamed, namedIn } from './guard-named.ts';

const UUID = '0b9e1f6e-1111-4222-8333-444455556666';

for (const [what, call, expected] of [
  ['an experiment in the query', { query: { experiment_id: 'e' } }, ['experiment e']],
  [
    'an experiment as v1beta1 says it',
    { query: { 'resource_reference_key.type': 'EXPERIMENT', 'resource_reference_key.id': 'e' } },
    ['experiment e'],
  ],
  [
    'a namespace as v1beta1 says it',
    { query: { 'resource_reference_key.type': 'NAMESPACE', 'resource_reference_key.id': 'n' } },
    [],
  ],
  ['the pipeline of versions', { query: { 'resource_key.type': 'PIPELINE', 'resource_key.id': 'p' } }, ['pipeline p']],
  ['the pipeline of an upload', { query: { pipelineid: 'p' } }, ['pipeline p']],
  ['runs to compare', { query: { run_ids: ['a', 'b'] } }, ['run a', 'run b']],
  ['a pod', { query: { podname: `${UUID}.12`, runid: '' } }, [`run ${UUID}`]],
  ['tasks', { query: { task_ids: [`${UUID}.1`, 'x'] } }, [`run ${UUID}`]],
  ['the key of an artifact', { query: { key: `pipe/${UUID}/train/model` } }, [`run ${UUID}`]],
  [
    'a run of a version',
    { body: { experiment_id: 'e', pipeline_version_reference: { pipeline_id: 'p', pipeline_version_id: 'v' } } },
    ['experiment e', 'pipeline p', 'version v'],
  ],
  [
    'a run as v1beta1 says it',
    {
      body: {
        pipeline_spec: { pipeline_id: 'p' },
        resource_references: [{ key: { type: 'EXPERIMENT', id: 'e' } }, { key: { type: 'PIPELINE_VERSION', id: 'v' } }],
      },
    },
    ['pipeline p', 'experiment e', 'version v'],
  ],
  ['a pipeline with its version', { body: { pipeline: {}, pipeline_version: { pipeline_id: 'p' } } }, ['pipeline p']],
  ['values of the user', { body: { runtime_config: { parameters: { run_id: 'r' } } } }, []],
  ['nothing', { query: {}, body: undefined }, []],
  ['other shapes', { query: { run_ids: [1, null] }, body: [{ experiment_id: 'e' }] }, []],
  ['references that are none', { body: { resource_references: [null, {}, { key: { type: 'constructor', id: 'x' } }] } }, []],
] as const) {
  test(`A call with ${what} names ${expected.join(', ') || 'nothing else'}.`, () => {
    const named = namedIn({ query: {}, body: undefined, ...call });
    assert.deepEqual(
      named.map(({ kind, id }) => `${kind} ${id}`),
      expected,
    );
  });
}

test('A caller needs the right in the namespace of everything that is named, and may name what there is not.', async () => {
  await using store = await openSqliteStore({ file: ':memory:' });
  const catalogue = store.catalogue();
  await catalogue.insertExperiment(experiment('e-a', { namespace: 'team-a' }));
  await catalogue.insertExperiment(experiment('e-b', { namespace: 'team-b' }));
  await catalogue.insertPipeline(pipeline('p-b', { namespace: 'team-b' }), version('v-b', 'p-b'));
  const app = { store, catalogue };
  const editor = principal('eve', { namespace: 'team-a', role: 'editor' });
  const reader = principal('ray', ...editor.grants, { namespace: 'team-b', role: 'viewer' });
  const check = (who: typeof editor, access: string, body: object) =>
    guardNamed({ app, principal: who }, access, { query: {}, body });
  const inA = { experiment_id: 'e-a', pipeline_version_reference: { pipeline_id: 'p-b', pipeline_version_id: 'v-b' } };
  await check(editor, 'runs:create', { experiment_id: 'e-a' });
  await check(editor, 'runs:create', { experiment_id: 'gone' });
  await check(reader, 'runs:create', inA);
  for (const [who, access, body] of [
    [editor, 'runs:create', { experiment_id: 'e-b' }],
    [editor, 'runs:create', inA],
    [reader, 'runs:create', { experiment_id: 'e-b' }],
    [reader, 'pipelines:create', { pipeline_id: 'p-b' }],
    [reader, 'pipelines:create', { resource_references: [{ key: { type: 'PIPELINE', id: 'p-b' } }] }],
  ] as const) {
    await assert.rejects(check(who, access, body), { code: 'FORBIDDEN', message: /team-b/ });
  }
  for (const who of [ANONYMOUS_ADMIN, principal('ada', inAll('editor'))])
    await check(who, 'runs:create', { experiment_id: 'e-b' });
});
