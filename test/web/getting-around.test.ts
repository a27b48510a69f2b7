// Getting around in a real browser: search over everything, keys, theme, KFP's addresses, pages that do not exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, gone, pathOf, seen } from './support/expect.ts';
import { quick } from './support/pipelines.ts';

const dash = dashboard();
/** What the web vitals call good is 0.1. */
const MAX_SHIFT = 0.02;

test('everything is found by typing a part of its name', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('lighthouse', quick());
  await dash.server.ended(await dash.start('lighthouse evening', pipelineId));
  await using opened = await dash.open('/');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'Home' }));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('lighth');
  await seen(page.getByRole('option', { name: /lighthouse evening/ }));
  await seen(page.getByRole('option', { name: /lighthouse.*Pipeline/ }));
  await accessible(page);
  await page.getByRole('combobox').fill('lighthouse eve');
  await eventually(async () => await page.getByRole('option').count(), 1);
  await page.keyboard.press('Enter');
  await seen(page.getByRole('heading', { name: 'lighthouse evening' }));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('no such thing');
  await seen(page.getByText('Nothing is called “no such thing”.'));
  await page.keyboard.press('Escape');
  await gone(page.getByRole('dialog'));
});

test('keys lead to every place, and are listed', needsBrowser, async () => {
  await using opened = await dash.open('/');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'Home' }));
  for (const [keys, path] of [
    ['gr', '/runs'],
    ['gp', '/pipelines'],
    ['gc', '/recurring'],
    ['ge', '/experiments'],
    ['ga', '/artifacts'],
    ['gs', '/settings'],
    ['gh', '/'],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await eventually(async () => pathOf(page), path);
  }
  await page.keyboard.press('?');
  await seen(page.getByRole('dialog', { name: 'Keys' }));
  await accessible(page);
});

test('the theme is kept', needsBrowser, async () => {
  await using opened = await dash.open('/settings', { colorScheme: 'light' });
  const { page } = opened;
  const background = async () => await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  await accessible(page);
  const light = await background();
  await page.getByRole('button', { name: 'Dark' }).click();
  await eventually(async () => (await background()) !== light, true);
  const dark = await background();
  await page.reload();
  await seen(page.getByRole('heading', { name: 'Settings' }));
  assert.equal(await background(), dark);
  await accessible(page);
});

test('the settings tell how many steps run and wait, and what they hold of the machine', needsBrowser, async () => {
  await using opened = await dash.open('/settings');
  const { page } = opened;
  const load = page.getByRole('region', { name: 'Load' });
  await seen(load.getByText('Steps waiting'));
  await seen(load.getByRole('table', { name: 'What steps hold' }).getByRole('row', { name: /^Processors 0 \d+/ }));
  await accessible(page);
});

test('the menu opens on a phone', needsBrowser, async () => {
  await using opened = await dash.open('/', { viewport: { width: 360, height: 740 } });
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'Home' }));
  await accessible(page);
  await fits(page);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Pipelines', exact: true }).click();
  await seen(page.getByRole('row', { name: /lighthouse/ }));
  await fits(page);
});

test("addresses of KFP's dashboard lead to ours", needsBrowser, async () => {
  const { pipelineId, versionId } = await dash.upload('addressed', quick());
  const runId = await dash.start('addressed', pipelineId);
  for (const [hash, path] of [
    [`#/runs/details/${runId}`, `/runs/${runId}`],
    [`#/pipelines/details/${pipelineId}/version/${versionId}`, `/pipelines/${pipelineId}?version=${versionId}`],
    ['#/archive/runs', '/runs?archived=true'],
    ['#/recurringruns', '/recurring'],
  ]) {
    await using opened = await dash.open(`/${hash}`);
    await eventually(async () => pathOf(opened.page), path);
  }
});

test('nothing moves while a page is loading', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('steady', quick());
  await dash.server.ended(await dash.start('steady', pipelineId));
  for (const path of [
    '/',
    '/runs',
    `/runs/new?pipeline=${pipelineId}`,
    '/pipelines',
    `/pipelines/${pipelineId}`,
    '/experiments',
    '/recurring',
    '/artifacts',
    '/settings',
  ]) {
    await using opened = await dash.open('/login');
    const { page } = opened;
    await page.addInitScript(`
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifted += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    `);
    await page.goto(dash.server.url + path);
    await page.waitForLoadState('networkidle');
    const shifted = await page.evaluate<number>('globalThis.shifted');
    assert.ok(shifted < MAX_SHIFT, `${path}: ${shifted}`);
  }
});

test('what does not exist is said', needsBrowser, async () => {
  await using opened = await dash.open('/nowhere');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'There is no such page' }));
  await accessible(page);
  for (const path of ['/pipelines/none', '/experiments/none', '/recurring/none', '/runs/new?clone=none']) {
    await page.goto(dash.server.url + path);
    await seen(page.getByRole('alert'));
  }
});
