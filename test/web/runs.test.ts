// Home and the list of runs in a real browser: what is running, what failed, filters in the address, live changes, bulk actions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, focusedText, gone, pathOf, seen } from './support/expect.ts';
import { endless, picky, quick } from './support/pipelines.ts';

const dash = dashboard();

test('an empty installation says what to do first', needsBrowser, async () => {
  await using opened = await dash.open('/');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'Nothing has run here yet' }));
  await seen(page.getByRole('link', { name: 'Upload' }));
  await accessible(page);
});

test('an empty list of runs says so', needsBrowser, async () => {
  await using opened = await dash.open('/runs');
  await seen(opened.page.getByRole('heading', { name: 'No runs yet' }));
});

for (const { path, shown } of [
  { path: '/', shown: 'Nothing has run here yet' },
  { path: '/runs?state=FAILED&q=first', shown: 'No run fits' },
]) {
  test(`${path} asks for its runs before React is there, and once`, needsBrowser, async () => {
    await using opened = await dash.open('/settings');
    const { page } = opened;
    await seen(page.getByRole('heading', { name: 'Settings' }));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const isRunList = (url: string) => new URL(url).pathname === '/apis/pipewright/v1/runs';
    await page.route('**/assets/packages-*.js', async (route) => {
      await eventually(async () => asked.some(isRunList), true);
      await route.continue();
    });
    await page.goto(new URL(path, page.url()).href);
    await seen(page.getByText(shown));
    // Then changes are listened for, and what happened until then is asked for.
    const isStream = (url: string) => new URL(url).pathname === '/apis/pipewright/v1/events';
    await eventually(async () => asked.slice(asked.findIndex(isStream)).some(isRunList), true);
    const first = asked.slice(0, asked.findIndex(isStream));
    assert.deepEqual(duplicates(first.filter((url) => url.includes('/apis/'))), []);
  });
}

test('a run that is started elsewhere appears and changes its state without a click', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('quick', quick());
  await using opened = await dash.open('/runs');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'No runs yet' }));
  await dash.start('first', pipelineId);
  await seen(page.getByRole('row', { name: /Succeeded first/ }));
});

test('home shows counts, what is running and why something failed', needsBrowser, async () => {
  const picked = await dash.upload('picky', picky());
  const waiting = await dash.upload('endless', endless());
  await dash.server.ended(await dash.start('broken', picked.pipelineId));
  const running = await dash.start('waiting', waiting.pipelineId);
  await using opened = await dash.open('/');
  const { page } = opened;
  await seen(page.getByRole('region', { name: 'Running' }).getByRole('link', { name: /waiting/ }));
  await seen(page.getByRole('region', { name: 'Failed lately' }).getByRole('link', { name: /broken/ }));
  await seen(page.getByRole('list', { name: 'Runs by state' }).getByRole('link', { name: /Failed\s*1/ }));
  await accessible(page);
  await page.getByRole('link', { name: /Failed\s*1/ }).click();
  await seen(page.getByRole('row', { name: /broken/ }));
  await gone(page.getByRole('row', { name: /waiting/ }));
  await dash.server.call('POST', `/apis/v2beta1/runs/${running}:terminate`);
  await dash.server.ended(running);
});

test('filters are in the address, and come back with it', needsBrowser, async () => {
  await using opened = await dash.open('/runs');
  const { page } = opened;
  await page.getByRole('button', { name: 'Failed' }).click();
  await seen(page.getByRole('row', { name: /broken/ }));
  await page.keyboard.press('/');
  await page.keyboard.type('brok');
  await eventually(async () => pathOf(page), '/runs?state=FAILED&q=brok');
  await page.reload();
  assert.equal(await page.getByRole('searchbox', { name: 'Filter runs by name' }).inputValue(), 'brok');
  await seen(page.getByRole('row', { name: /broken/ }));
  await page.getByRole('searchbox').fill('no such run');
  await seen(page.getByRole('heading', { name: 'No run fits the filters' }));
  await page.getByRole('link', { name: 'Show all runs' }).click();
  await seen(page.getByRole('row', { name: /first/ }));
  await page.getByLabel('Created until').fill('2020-02-29');
  await seen(page.getByRole('heading', { name: 'No run fits the filters' }));
  assert.equal(pathOf(page), '/runs?until=2020-02-29');
  await page.getByLabel('Created until').fill('2999-12-31');
  await seen(page.getByRole('row', { name: /first/ }));
});

test('rows are walked through with j and k, selected with x, opened with Enter', needsBrowser, async () => {
  await using opened = await dash.open('/runs');
  const { page } = opened;
  await seen(page.getByRole('row', { name: /first/ }));
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await eventually(async () => await focusedText(page), 'broken');
  await page.keyboard.press('x');
  await seen(page.getByRole('toolbar').getByText('1 selected'));
  await page.keyboard.press('k');
  await eventually(async () => await focusedText(page), 'waiting');
  await page.keyboard.press('Enter');
  await seen(page.getByRole('heading', { name: 'waiting' }));
});

test('several runs are archived, restored and deleted at once', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('bulk', quick('bulk'));
  for (const name of ['bulk 1', 'bulk 2', 'bulk 3']) await dash.server.ended(await dash.start(name, pipelineId));
  await using opened = await dash.open('/runs?q=bulk');
  const { page } = opened;
  await seen(page.getByRole('row', { name: /bulk 3/ }));
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).check();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await seen(page.getByText('3 runs archived'));
  await seen(page.getByRole('heading', { name: 'No run fits the filters' }));
  await page.getByRole('button', { name: 'View' }).click();
  await page.getByRole('menuitem', { name: 'Show archived runs' }).click();
  await page
    .getByRole('row', { name: /bulk 1/ })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Restore' }).click();
  await seen(page.getByText('1 run restored'));
  await gone(page.getByRole('row', { name: /bulk 1/ }));
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).check();
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 2 runs?' });
  await accessible(page);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await seen(page.getByText('2 runs deleted'));
  const left = await dash.server.call('GET', `/apis/pipewright/v1/runs?pipeline_id=${pipelineId}`);
  assert.deepEqual(
    (left.json['runs'] as unknown as readonly { readonly display_name: string }[]).map((run) => run.display_name),
    ['bulk 1'],
  );
});

test('runs are terminated and retried from the list', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('to be ended', endless());
  const runId = await dash.start('to be ended', pipelineId);
  await using opened = await dash.open('/runs?q=ended');
  const { page } = opened;
  await page
    .getByRole('row', { name: /to be ended/ })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click();
  await seen(page.getByRole('row', { name: /Canceled to be ended/ }));
  await page
    .getByRole('row', { name: /to be ended/ })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Retry' }).click();
  await seen(page.getByRole('row', { name: /(Running|Pending) to be ended/ }));
  await dash.server.call('POST', `/apis/v2beta1/runs/${runId}:terminate`);
  await dash.server.ended(runId);
});

test('two runs are compared', needsBrowser, async () => {
  await using opened = await dash.open('/runs');
  const { page } = opened;
  await page.getByRole('row', { name: /first/ }).getByRole('checkbox').check();
  await page
    .getByRole('row', { name: /broken/ })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await eventually(async () => /^\/compare\?runs=[^,]+,[^,]+$/.test(decodeURIComponent(pathOf(page))), true);
});

for (const [look, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 360, height: 740 } }],
] as const) {
  test(`the list of runs is accessible: ${look}`, needsBrowser, async () => {
    await using opened = await dash.open('/runs', options);
    const { page } = opened;
    await seen(page.getByRole('row', { name: /first/ }));
    await accessible(page);
    await fits(page);
  });
}

const duplicates = (texts: readonly string[]): readonly string[] => texts.filter((text, index) => texts.indexOf(text) !== index);
