// Artifacts as what they are, where they come from, and runs side by side, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, gone, pathOf, seen } from './support/expect.ts';
import { reportPipeline } from './support/report-pipeline.ts';

const dash = dashboard();

interface Made {
  /** Ids of the artifacts of the first run by their names. */
  readonly artifacts: Readonly<Record<string, string>>;
  readonly runIds: readonly string[];
}

let made: Promise<Made> | undefined;

/** Two runs that differ in a parameter, the second of which fails. */
function runs(): Promise<Made> {
  made ??= (async () => {
    const { pipelineId } = await dash.upload('report', reportPipeline());
    const runIds = [
      await dash.start('before', pipelineId, { rate: 0.5 }),
      await dash.start('after', pipelineId, { rate: 0.7, mode: 'fail' }),
    ];
    for (const runId of runIds) await dash.server.ended(runId);
    const { json } = await dash.server.call('GET', '/apis/v2beta1/artifacts?page_size=100');
    const artifacts = json['artifacts'] as unknown as readonly { readonly name: string; readonly artifact_id: string }[];
    return { runIds, artifacts: Object.fromEntries(artifacts.map(({ name, artifact_id: id }) => [name, id])) };
  })();
  return made;
}

const SHOWN: readonly (readonly [
  artifact: string,
  role: 'region' | 'img' | 'heading' | 'definition' | 'cell',
  name: string | RegExp,
])[] = [
  ['metrics', 'definition', ''],
  ['curve', 'img', /area under the curve/],
  ['slices', 'img', /country=DE: .*country=FR/],
  ['notes', 'heading', 'Findings'],
  ['table', 'cell', '5100'],
];
for (const [artifact, role, name] of SHOWN) {
  test(`an artifact of ${artifact} is shown as what it is`, needsBrowser, async () => {
    const { artifacts } = await runs();
    await using opened = await dash.open(`/artifacts/${artifacts[artifact]}`);
    const { page } = opened;
    await seen(name === '' ? page.getByText('0.97', { exact: true }) : page.getByRole(role, { name }));
    await accessible(page);
    await fits(page);
  });
}

test('a table comes with statistics of its columns', needsBrowser, async () => {
  const { artifacts } = await runs();
  await using opened = await dash.open(`/artifacts/${artifacts['table']}`);
  await seen(opened.page.getByText('3 rows, 2 columns'));
  await seen(opened.page.getByText('3,500 – 5,100'));
  await seen(opened.page.getByText('2 different'));
});

test('HTML of a step runs in a frame of its own and cannot reach the page; in Markdown it is text', needsBrowser, async () => {
  const { artifacts } = await runs();
  for (const artifact of ['page', 'notes']) {
    await using opened = await dash.open(`/artifacts/${artifacts[artifact]}`);
    const { page } = opened;
    if (artifact === 'page') {
      await seen(page.frameLocator('iframe').getByRole('heading', { name: 'Report of a step' }));
      assert.equal(await page.locator('iframe').getAttribute('sandbox'), 'allow-scripts');
    } else await seen(page.getByText('<script>'));
    assert.doesNotMatch(await page.title(), /taken over/);
  }
});

test('a file that is not shown can still be downloaded', needsBrowser, async () => {
  const { artifacts } = await runs();
  await using opened = await dash.open(`/artifacts/${artifacts['model']}`);
  const { page } = opened;
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download', exact: true }).click();
  assert.match((await download).suggestedFilename(), /model/);
});

test('the lineage says what made an artifact and what used it, in words and as a graph', needsBrowser, async () => {
  const { artifacts, runIds } = await runs();
  await using opened = await dash.open(`/artifacts/${artifacts['table']}?view=lineage`);
  const { page } = opened;
  await seen(page.getByText('Made by'));
  const graph = page.getByRole('group', { name: 'Lineage' });
  await seen(graph.getByRole('link', { name: /^write/ }));
  await accessible(page);
  await graph.getByRole('link', { name: /^read/ }).click();
  await eventually(async () => decodeURIComponent(pathOf(page)), `/runs/${runIds[0]}?task=/read`);
});

test('runs are compared with what differs first: parameters, tasks, graphs', needsBrowser, async () => {
  const { runIds } = await runs();
  await using opened = await dash.open(`/compare?runs=${runIds.join(',')}`);
  const { page } = opened;
  const parameters = page.getByRole('region', { name: 'Parameters' }).first();
  await seen(parameters.getByText('2 of 2 differ'));
  await seen(parameters.getByRole('cell', { name: '0.7' }));
  await accessible(page);
  await page.getByRole('button', { name: 'Tasks' }).click();
  await eventually(async () => pathOf(page).includes('view=tasks'), true);
  await seen(page.getByRole('rowheader', { name: 'write' }));
  await seen(page.getByRole('row', { name: /write/ }).getByText('Failed'));
  await accessible(page);
  await page.getByRole('button', { name: 'Graphs' }).click();
  await seen(page.getByRole('tree', { name: 'Tasks of before' }).getByRole('treeitem', { name: /^write.*Succeeded/ }));
  await seen(page.getByRole('tree', { name: 'Tasks of after' }).getByRole('treeitem', { name: /^write.*Failed/ }));
  await accessible(page);
});

test('what is the same can be left out of a comparison', needsBrowser, async () => {
  const { runIds } = await runs();
  await using opened = await dash.open(`/compare?runs=${runIds.join(',')}&view=tasks`);
  const { page } = opened;
  await seen(page.getByRole('rowheader', { name: 'maybe' }));
  await page.getByRole('checkbox', { name: 'Show what is the same' }).uncheck();
  await gone(page.getByRole('rowheader', { name: 'maybe' }));
});

test('a comparison of less than two runs says what to do', needsBrowser, async () => {
  await using opened = await dash.open('/compare?runs=one');
  await seen(opened.page.getByRole('heading', { name: 'Choose two runs or more' }));
  await accessible(opened.page);
});
