import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  CatalogueStore,
  ExperimentRow,
  ListQuery,
  PipelineRow,
  PipelineVersionRow,
  RecurringRunRow,
  RunDetails,
} from '../../src/store/catalogue-store.ts';
import type { Store } from '../../src/store/store.ts';
import { artifact, batch, run, task } from './store-fixtures.ts';

export interface OpenCatalogue extends AsyncDisposable {
  readonly store: Store;
  readonly catalogue: CatalogueStore;
}

const NEWEST: ListQuery = { predicates: [], sort: { field: 'created_at_ms', descending: true }, limit: 2 };

export const experiment = (id: string, more: Partial<ExperimentRow> = {}): ExperimentRow => ({
  experimentId: id,
  namespace: '',
  name: `name of ${id}`,
  description: '',
  createdAtMs: 1000,
  lastRunCreatedAtMs: 0,
  storageState: 'AVAILABLE',
  ...more,
});

export const pipeline = (id: string, more: Partial<PipelineRow> = {}): PipelineRow => ({
  pipelineId: id,
  namespace: '',
  name: `name of ${id}`,
  displayName: `Name of ${id}`,
  description: 'd',
  createdAtMs: 1000,
  tags: {},
  defaultVersionId: null,
  ...more,
});

export const version = (id: string, pipelineId: string, more: Partial<PipelineVersionRow> = {}): PipelineVersionRow => ({
  pipelineVersionId: id,
  pipelineId,
  name: `name of ${id}`,
  displayName: `Name of ${id}`,
  description: '',
  createdAtMs: 1000,
  codeSourceUrl: '',
  packageUrl: '',
  tags: {},
  kind: 'pipeline',
  specDigest: 's',
  templateDigest: 't',
  ...more,
});

export const details = (runId: string, more: Partial<RunDetails> = {}): RunDetails => ({
  runId,
  experimentId: 'e1',
  description: '',
  pipelineId: null,
  pipelineVersionId: null,
  inlineSpecDigest: null,
  parameters: { a: [1, null] },
  pipelineRoot: '',
  serviceAccount: '',
  recurringRunId: null,
  pluginsInput: {},
  earlierStates: [],
  metrics: [],
  ...more,
});

export const recurringRun = (id: string, more: Partial<RecurringRunRow> = {}): RecurringRunRow => ({
  recurringRunId: id,
  namespace: '',
  experimentId: 'e1',
  name: id,
  description: '',
  createdAtMs: 1000,
  updatedAtMs: 1000,
  isEnabled: true,
  maxConcurrency: 2,
  noCatchup: false,
  trigger: { kind: 'interval', intervalSeconds: 60, startMs: 0, endMs: 0 },
  pipelineId: 'p1',
  pipelineVersionId: null,
  inlineSpecDigest: null,
  parameters: {},
  pipelineRoot: '',
  serviceAccount: '',
  pluginsInput: {},
  runsStarted: 0,
  lastDueAtMs: 0,
  error: '',
  ...more,
});

/** What every catalogue does, whatever it keeps its rows in. */
export function catalogueContract(name: string, open: () => Promise<OpenCatalogue>): void {
  pipelinesContract(name, open);
  pagesContract(name, open);
  experimentsContract(name, open);
  runsContract(name, open);
  artifactsContract(name, open);
}

function pipelinesContract(name: string, open: () => Promise<OpenCatalogue>): void {
  test(`${name}: a pipeline and its first version come together, under names of their own.`, async () => {
    await using opened = await open();
    const { catalogue } = opened;
    await catalogue.insertPipeline(pipeline('p1', { tags: { team: 'a' } }), version('v1', 'p1'));
    assert.deepEqual(await catalogue.getPipeline('p1'), pipeline('p1', { tags: { team: 'a' } }));
    assert.deepEqual(
      await catalogue.findPipeline({ namespace: '', name: 'name of p1' }),
      pipeline('p1', { tags: { team: 'a' } }),
    );
    assert.deepEqual(await catalogue.newestVersion('p1'), version('v1', 'p1'));
    const taken = { code: 'ALREADY_EXISTS', message: /already exist\. Please specify a new name/ };
    await assert.rejects(catalogue.insertPipeline(pipeline('p2', { name: 'name of p1' }), version('v2', 'p2')), taken);
    assert.equal(await catalogue.getVersion('v2'), undefined);
    const versionTaken = { code: 'ALREADY_EXISTS', message: /already exist\. Specify a new name/ };
    await assert.rejects(catalogue.insertVersion(version('v3', 'p1', { name: 'name of v1' })), versionTaken);
    await catalogue.insertPipeline(pipeline('p4', { name: 'name of p1', namespace: 'other' }));
  });

  test(`${name}: the default version is the one chosen, until there is a newer one.`, async () => {
    await using opened = await open();
    const { catalogue } = opened;
    await catalogue.insertPipeline(pipeline('p1'), version('v1', 'p1'));
    await catalogue.insertVersion(version('v2', 'p1', { createdAtMs: 2000 }));
    await catalogue.updatePipeline(pipeline('p1', { defaultVersionId: 'v1' }));
    assert.equal((await catalogue.getPipeline('p1'))?.defaultVersionId, 'v1');
    await catalogue.insertVersion(version('v3', 'p1', { createdAtMs: 3000 }));
    assert.equal((await catalogue.getPipeline('p1'))?.defaultVersionId, null);
    assert.equal((await catalogue.newestVersion('p1'))?.pipelineVersionId, 'v3');
    await catalogue.updatePipeline(pipeline('p1', { defaultVersionId: 'v2' }));
    await catalogue.deleteVersion('v2');
    assert.equal((await catalogue.getPipeline('p1'))?.defaultVersionId, null);
    await catalogue.deletePipeline('p1');
    assert.equal(await catalogue.getPipeline('p1'), undefined);
    assert.equal(await catalogue.getVersion('v3'), undefined);
  });
}

function pagesContract(name: string, open: () => Promise<OpenCatalogue>): void {
  test(`${name}: pages follow each other without gaps, whatever comes and goes meanwhile.`, async () => {
    await using opened = await open();
    const { catalogue } = opened;
    for (const [id, at] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 2],
      ['e', 3],
    ] as const) {
      await catalogue.insertPipeline(pipeline(id, { createdAtMs: at }));
    }
    const ids = (page: { readonly rows: readonly PipelineRow[] }) => page.rows.map(({ pipelineId }) => pipelineId);
    const first = await catalogue.listPipelines(NEWEST);
    assert.deepEqual([ids(first), first.total], [['e', 'd'], 5]);
    await catalogue.insertPipeline(pipeline('f', { createdAtMs: 4 }));
    await catalogue.deletePipeline('d');
    const second = await catalogue.listPipelines({ ...NEWEST, after: first.next! });
    assert.deepEqual([ids(second), second.total], [['c', 'b'], 5]);
    const third = await catalogue.listPipelines({ ...NEWEST, after: second.next! });
    assert.deepEqual([ids(third), third.next], [['a'], undefined]);
    const byId = await catalogue.listPipelines({ ...NEWEST, sort: { field: 'pipeline_id', descending: false } });
    const more = await catalogue.listPipelines({
      ...NEWEST,
      sort: { field: 'pipeline_id', descending: false },
      after: byId.next!,
    });
    assert.deepEqual([...ids(byId), ...ids(more)], ['a', 'b', 'c', 'e']);
  });

  test(`${name}: predicates select rows; a text that is looked for is taken as it is.`, async () => {
    await using opened = await open();
    const { catalogue } = opened;
    await catalogue.insertPipeline(
      pipeline('a', { displayName: 'Train 100%', createdAtMs: 5_999, tags: { team: 'x', 'a b': 'y' } }),
    );
    await catalogue.insertPipeline(pipeline('b', { displayName: 'train_1000', createdAtMs: 6_000 }));
    const check = async (predicate: ListQuery['predicates'][number], expected: readonly string[]) => {
      const { rows, total } = await catalogue.listPipelines({
        predicates: [predicate],
        sort: { field: 'created_at_ms', descending: false },
        limit: 10,
      });
      assert.deepEqual([rows.map((row) => row.pipelineId), total], [expected, expected.length], JSON.stringify(predicate));
    };
    await check({ field: 'display_name', operation: 'contains', values: ['TRAIN'] }, ['a', 'b']);
    await check({ field: 'display_name', operation: 'contains', values: ['0%'] }, ['a']);
    await check({ field: 'display_name', operation: 'contains', values: ['n_1'] }, ['b']);
    await check({ field: 'display_name', operation: 'eq', values: ['train_1000'] }, ['b']);
    await check({ field: 'created_at_ms', operation: 'gt', values: [5] }, ['b']);
    await check({ field: 'created_at_ms', operation: 'le', values: [5] }, ['a']);
    await check({ field: 'created_at_ms', operation: 'lt', values: [6] }, ['a']);
    await check({ field: 'created_at_ms', operation: 'ge', values: [6] }, ['b']);
    await check({ field: 'created_at_ms', operation: 'eq', values: [5] }, ['a']);
    await check({ field: 'created_at_ms', operation: 'ne', values: [5] }, ['b']);
    await check({ field: 'pipeline_id', operation: 'in', values: ['b', 'z'] }, ['b']);
    await check({ field: 'pipeline_id', operation: 'notIn', values: ['b', 'z'] }, ['a']);
    await check({ field: 'tags', key: 'team', operation: 'eq', values: ['x'] }, ['a']);
    await check({ field: 'tags', key: 'a b', operation: 'eq', values: ['y'] }, ['a']);
    await check({ field: 'name', operation: 'eq', values: [`' or 1=1 --`] }, []);
  });
}

function experimentsContract(name: string, open: () => Promise<OpenCatalogue>): void {
  test(`${name}: archiving an experiment archives its runs and disables its recurring runs; taking it out changes neither.`, async () => {
    await using opened = await open();
    const { catalogue, store } = opened;
    await catalogue.insertExperiment(experiment('e1'));
    const taken = { code: 'ALREADY_EXISTS', message: /already exists\. Please specify a new name/ };
    await assert.rejects(catalogue.insertExperiment(experiment('e2', { name: 'name of e1' })), taken);
    await catalogue.insertRecurringRun(recurringRun('j1'));
    await catalogue.insertRecurringRun(recurringRun('j2', { experimentId: 'e9' }));
    await catalogue.prepareRun(details('r1'));
    await store.commit(batch({ runs: [run('r1')] }));
    await catalogue.placeRun('r1');
    await catalogue.setExperimentStorage('e1', { storageState: 'ARCHIVED', nowMs: 7 });
    await catalogue.setExperimentStorage('e1', { storageState: 'AVAILABLE', nowMs: 8 });
    assert.equal((await catalogue.getExperiment('e1'))?.storageState, 'AVAILABLE');
    assert.equal((await catalogue.getCataloguedRun('r1'))?.storageState, 'ARCHIVED');
    assert.deepEqual(await catalogue.getRecurringRun('j1'), recurringRun('j1', { isEnabled: false, updatedAtMs: 7 }));
    assert.deepEqual(
      (await catalogue.enabledRecurringRuns()).map((row) => row.recurringRunId),
      ['j2'],
    );
  });

  test(`${name}: settings are kept by name.`, async () => {
    await using opened = await open();
    const { catalogue } = opened;
    assert.equal(await catalogue.getSetting('x'), undefined);
    await catalogue.saveSetting('x', '1');
    await catalogue.saveSetting('x', '2');
    assert.equal(await catalogue.getSetting('x'), '2');
  });
}

function runsContract(name: string, open: () => Promise<OpenCatalogue>): void {
  const query = (predicates: ListQuery['predicates'] = []): ListQuery => ({ ...NEWEST, predicates, limit: 10 });

  test(`${name}: a run is where its details say, also when a crash came between, and keeps that when the engine writes it.`, async () => {
    await using opened = await open();
    const { catalogue, store } = opened;
    await catalogue.insertExperiment(experiment('e1'));
    await catalogue.prepareRun(details('r1', { recurringRunId: 'j1' }));
    await store.commit(batch({ runs: [run('r1', { createdAtMs: 5, state: 'RUNNING' }), run('r2', { createdAtMs: 6 })] }));
    await catalogue.adoptRuns('e0');
    await store.commit(batch({ runs: [run('r1', { createdAtMs: 5, state: 'SUCCEEDED' })] }));
    const found = await catalogue.getCataloguedRun('r1');
    assert.deepEqual(found?.details, details('r1', { recurringRunId: 'j1' }));
    assert.equal(found?.run.state, 'SUCCEEDED');
    assert.equal((await catalogue.getCataloguedRun('r2'))?.details.experimentId, 'e0');
    assert.equal((await catalogue.getExperiment('e1'))?.lastRunCreatedAtMs, 5);
  });

  test(`${name}: runs are found by any part of their names, and in the order asked for whatever the filter.`, async () => {
    await using opened = await open();
    const { catalogue, store } = opened;
    const names = ['Train 100%', 'train_1000', 'Évaluation "x"', 'eval', '', '77777', '7777', "it's", 'train again'];
    const states = ['FAILED', 'SUCCEEDED', 'CANCELED'] as const;
    const rows = names.map((displayName, at) => run(`n${at}`, { displayName, createdAtMs: at, state: states[at % 3]! }));
    await store.commit(batch({ runs: rows }));
    await store.commit(batch({ runs: [run('n8', { displayName: 'renamed', createdAtMs: 8, state: 'CANCELED' })] }));
    await catalogue.deleteRun('n3');
    const found = async (predicates: ListQuery['predicates'], sort: ListQuery['sort'] = NEWEST.sort) => {
      const page = await catalogue.listCataloguedRuns({ ...query(predicates), sort });
      assert.equal(page.total, page.rows.length, JSON.stringify(predicates));
      return page.rows.map(({ run: { runId } }) => runId).join(' ');
    };
    const named = (text: string) => ({ field: 'display_name', operation: 'contains', values: [text] }) as const;
    assert.equal(await found([named('TRAIN')]), 'n1 n0');
    assert.equal(await found([named('0%')]), 'n0');
    assert.equal(await found([named('00%')]), 'n0');
    assert.equal(await found([named('n_1')]), 'n1');
    assert.equal(await found([named('valuation "x')]), 'n2');
    assert.equal(await found([named('77777')]), 'n5');
    assert.equal(await found([named('7777')]), 'n6 n5');
    assert.equal(await found([named("t's")]), 'n7');
    assert.equal(await found([named('eval')]), '');
    assert.equal(await found([named('name')]), 'n8');
    assert.equal(await found([named('train again')]), '');
    assert.equal(await found([named('train'), { field: 'state', operation: 'in', values: ['SUCCEEDED'] }]), 'n1');
    const byName = { field: 'display_name', descending: false } as const;
    assert.equal(await found([named('777')], byName), 'n6 n5');
    assert.equal(await found([{ field: 'state', operation: 'in', values: ['FAILED', 'CANCELED'] }], byName), 'n6 n5 n0 n8 n2');
    assert.equal(await found([{ field: 'state', operation: 'notIn', values: ['FAILED', 'CANCELED'] }], byName), 'n4 n7 n1');
    assert.equal(await found([{ field: 'storage_state', operation: 'ne', values: ['AVAILABLE'] }], byName), '');
    for (const field of ['recurring_run_id', 'pipeline_version_id', 'ended_at_ms', 'description']) {
      const sort = { field, descending: false };
      const first = await catalogue.listCataloguedRuns({ ...query(), sort, limit: 5 });
      const second = await catalogue.listCataloguedRuns({ ...query(), sort, limit: 5, after: first.next! });
      const seen = [...first.rows, ...second.rows].map((row) => row.run.runId);
      assert.deepEqual([seen.length, new Set(seen).size, second.next], [8, 8, undefined], field);
    }
  });

  test(`${name}: runs are sorted by a metric, page by page; those without it come first.`, async () => {
    await using opened = await open();
    const { catalogue, store } = opened;
    const losses: readonly (readonly [string, readonly number[]])[] = [
      ['r1', [0.25]],
      ['r2', []],
      ['r3', [-3, 1e-9]],
      ['r4', [12]],
      ['r5', []],
    ];
    for (const [id, values] of losses) {
      const metrics = values.map((value, at) => ({ name: 'val-loss', nodeId: `n${at}`, value, format: 'RAW' as const }));
      const other = { name: 'other', nodeId: 'n', value: 1e6, format: 'RAW' } as const;
      await catalogue.prepareRun(details(id, { metrics: [...metrics, other] }));
    }
    // One of `pipewright local`, which nobody prepared.
    await store.commit(batch({ runs: [...losses.map(([id]) => run(id)), run('r6')] }));
    const pages = async (descending: boolean): Promise<string> => {
      const sort = { field: 'metrics', key: 'val-loss', descending };
      const seen: string[] = [];
      for (let after: ListQuery['after'], first = true; first || after; first = false) {
        const page = await catalogue.listCataloguedRuns({ predicates: [], sort, limit: 2, ...(after ? { after } : {}) });
        seen.push(...page.rows.map((row) => row.run.runId));
        after = page.next;
      }
      return seen.join(' ');
    };
    assert.equal(await pages(false), 'r2 r5 r6 r3 r1 r4');
    assert.equal(await pages(true), 'r4 r1 r3 r6 r5 r2');
  });

  test(`${name}: runs are counted by experiment, storage state and state, whoever changes them.`, async () => {
    await using opened = await open();
    const { catalogue, store } = opened;
    for (const id of ['r1', 'r2', 'r3']) await catalogue.prepareRun(details(id, { experimentId: id === 'r3' ? 'e2' : 'e1' }));
    await store.commit(
      batch({ runs: [run('r1', { state: 'RUNNING' }), run('r2', { state: 'RUNNING' }), run('r3', { state: 'FAILED' })] }),
    );
    for (const id of ['r1', 'r2', 'r3']) await catalogue.placeRun(id);
    const total = async (predicates: ListQuery['predicates']) => (await catalogue.listCataloguedRuns(query(predicates))).total;
    const inE1 = { field: 'experiment_id', operation: 'eq', values: ['e1'] } as const;
    assert.equal(await total([]), 3);
    assert.equal(await total([inE1]), 2);
    assert.equal(await total([{ field: 'state', operation: 'in', values: ['FAILED', 'SUCCEEDED'] }]), 1);
    await catalogue.setRunStorage('r1', 'ARCHIVED');
    await store.commit(batch({ runs: [run('r2', { state: 'SUCCEEDED' })] }));
    assert.equal(await total([inE1, { field: 'storage_state', operation: 'ne', values: ['ARCHIVED'] }]), 1);
    assert.equal(await total([inE1, { field: 'state', operation: 'eq', values: ['SUCCEEDED'] }]), 1);
    await catalogue.deleteRun('r2');
    assert.equal(await total([inE1]), 1);
  });

  test(`${name}: a deleted run leaves nothing but its artifacts; active runs of a recurring run are counted.`, async () => {
    await using opened = await open();
    const { catalogue, store } = opened;
    await catalogue.prepareRun(details('r1', { recurringRunId: 'j1' }));
    await store.commit(batch({ runs: [run('r1', { state: 'RUNNING' })], tasks: [task('r1', 0)] }));
    await catalogue.placeRun('r1');
    assert.equal(await catalogue.countActiveRuns('j1'), 1);
    await catalogue.deleteRun('r1');
    assert.equal(await catalogue.countActiveRuns('j1'), 0);
    assert.equal(await store.getRun('r1'), undefined);
    assert.deepEqual(await store.listTasks('r1'), []);
    assert.equal(await catalogue.getCataloguedRun('r1'), undefined);
  });
}

function artifactsContract(name: string, open: () => Promise<OpenCatalogue>): void {
  const rows = [
    artifact('a1', { createdAtMs: 1_000, runId: 'r1' }),
    artifact('a2', { createdAtMs: 2_000, runId: 'r2', type: { instanceSchema: 'title: tfx.Model\ntype: object\n' } }),
    artifact('a3', { createdAtMs: 3_000, runId: 'r2', name: 'Data', pipelineName: 'other', namespace: 'team' }),
  ];
  const cases: readonly [ListQuery['predicates'], readonly string[]][] = [
    [[], ['a3', 'a2', 'a1']],
    [[{ field: 'run_id', operation: 'eq', values: ['r2'] }], ['a3', 'a2']],
    [[{ field: 'type', operation: 'eq', values: ['tfx.Model'] }], ['a2']],
    [[{ field: 'type', operation: 'contains', values: ['system.'] }], ['a3', 'a1']],
    [[{ field: 'name', operation: 'contains', values: ['dat'] }], ['a3']],
    [[{ field: 'uri', operation: 'eq', values: ['/data/artifacts/a1'] }], ['a1']],
    [[{ field: 'artifact_id', operation: 'in', values: ['a1', 'a2'] }], ['a2', 'a1']],
    [[{ field: 'created_at_ms', operation: 'ge', values: [2] }], ['a3', 'a2']],
    [
      [
        { field: 'pipeline_name', operation: 'eq', values: ['train'] },
        { field: 'namespace', operation: 'eq', values: ['default'] },
      ],
      ['a2', 'a1'],
    ],
  ];
  test(`${name}: artifacts are listed like everything else, newest first or by any of their fields.`, async () => {
    await using opened = await open();
    await opened.store.commit(batch({ artifacts: rows }));
    for (const [predicates, expected] of cases) {
      const page = await opened.catalogue.listArtifacts({ ...NEWEST, predicates, limit: 10 });
      assert.deepEqual([page.rows.map(({ id }) => id), page.total], [expected, expected.length], JSON.stringify(predicates));
    }
    const byName = { ...NEWEST, sort: { field: 'name', descending: false } } as const;
    const first = await opened.catalogue.listArtifacts(byName);
    const second = await opened.catalogue.listArtifacts({ ...byName, after: first.next! });
    assert.deepEqual([...first.rows, ...second.rows], [rows[2], rows[0], rows[1]]);
    assert.equal(second.next, undefined);
  });
}
