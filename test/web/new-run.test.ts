// Starting runs in a real browser: the typed form, recent values, files, clones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, pathOf, seen } from './support/expect.ts';
import { picky, quick, typed } from './support/pipelines.ts';
import type { JsonObject } from '../../src/base/json.ts';

const dash = dashboard();

const parametersOf = async (path: string): Promise<JsonObject> => {
  const runId = /\/runs\/([^/?]+)/.exec(path)![1]!;
  const { json } = await dash.server.call('GET', `/apis/v2beta1/runs/${runId}`);
  return (json['runtime_config'] as { readonly parameters?: JsonObject }).parameters ?? {};
};

test(
  'a pipeline is chosen by a part of its name, and its inputs have the controls their types ask for',
  needsBrowser,
  async () => {
    await dash.upload('quick', quick());
    await dash.upload('typed', typed());
    await using opened = await dash.open('/runs/new');
    const { page } = opened;
    await page.getByRole('combobox', { name: 'Pipeline' }).click();
    await page.keyboard.type('typ');
    await seen(page.getByRole('option', { name: 'typed' }));
    await eventually(async () => await page.getByRole('option').allTextContents(), ['typed']);
    await page.keyboard.press('Enter');
    await seen(page.getByRole('textbox', { name: 'title' }));
    assert.equal(await page.getByRole('textbox', { name: 'count' }).inputValue(), '3');
    assert.equal(await page.getByRole('textbox', { name: 'names' }).inputValue(), '["a", "b"]');
    assert.equal(
      await page.getByRole('group', { name: 'is_loud' }).getByRole('button', { name: 'false' }).getAttribute('aria-pressed'),
      'true',
    );
    await accessible(page);
  },
);

test('what does not fit its type is told at its place, and nothing is started', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('typed again', typed());
  await using opened = await dash.open(`/runs/new?pipeline=${pipelineId}`);
  const { page } = opened;
  await page.getByRole('textbox', { name: 'count' }).fill('three');
  await page.getByRole('textbox', { name: 'names' }).fill('[1,');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await seen(page.getByText('A value is needed.'));
  await seen(page.getByText('A whole number, such as 12.'));
  await seen(page.getByText(/A list in JSON/));
  await seen(page.getByText('3 inputs need attention.'));
  assert.equal(pathOf(page), `/runs/new?pipeline=${pipelineId}`);
  await page.getByRole('textbox', { name: 'title' }).fill('hello');
  await seen(page.getByText('2 inputs need attention.'));
  await accessible(page);
});

test(
  'a run is started with what was changed; the rest is left to the defaults; the next form offers recent values',
  needsBrowser,
  async () => {
    const { pipelineId } = await dash.upload('typed once more', typed());
    await using opened = await dash.open(`/runs/new?pipeline=${pipelineId}`);
    const { page } = opened;
    await page.getByRole('textbox', { name: 'title' }).fill('hello');
    await page.getByRole('textbox', { name: 'rate' }).fill('0.25');
    await page.getByRole('group', { name: 'is_loud' }).getByRole('button', { name: 'true' }).click();
    await page.getByRole('textbox', { name: 'options' }).fill('{"depth": 9}');
    await page.getByRole('textbox', { name: 'Name of the run' }).fill('my run');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await seen(page.getByRole('heading', { name: 'my run' }));
    assert.deepEqual(await parametersOf(pathOf(page)), { title: 'hello', rate: 0.25, is_loud: true, options: { depth: 9 } });

    await page.goto(`${dash.server.url}/runs/new?pipeline=${pipelineId}`);
    await page.getByRole('button', { name: 'Recent values of title' }).click();
    await page.getByRole('menuitem', { name: 'hello' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'title' }).inputValue(), 'hello');
    await page.getByRole('button', { name: 'As in the last run' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'rate' }).inputValue(), '0.25');
    await page.getByRole('button', { name: 'Reset' }).first().click();
  },
);

test('a failed run is repeated with another parameter', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('picky', picky());
  const runId = await dash.start('broken', pipelineId);
  await dash.server.ended(runId);
  await using opened = await dash.open(`/runs/new?clone=${runId}`);
  const { page } = opened;
  await seen(page.getByText('A new run like broken'));
  await page.getByRole('textbox', { name: 'mode' }).fill('work');
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('mended');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await seen(page.getByRole('heading', { name: 'mended' }));
  assert.deepEqual(await parametersOf(pathOf(page)), { mode: 'work' });
});

test('a file dropped on the page is kept as a pipeline and run', needsBrowser, async () => {
  await using opened = await dash.open('/runs/new');
  const { page } = opened;
  const file = { name: 'dropped.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(quick('dropped'))) };
  await page.getByLabel('Pipeline file').setInputFiles(file);
  await seen(page.getByText('The file is uploaded as pipeline dropped'));
  await page.getByRole('button', { name: 'Start the run' }).click();
  await eventually(async () => /^\/runs\/[0-9a-f-]{36}$/.test(pathOf(page)), true);
  const kept = await dash.server.call('GET', '/apis/v2beta1/pipelines/names/dropped');
  assert.equal(kept.status, 200);
});

test('what is wrong with a file is told with its place', needsBrowser, async () => {
  await using opened = await dash.open('/runs/new');
  const { page } = opened;
  await page
    .getByLabel('Pipeline file')
    .setInputFiles({ name: 'bad.yaml', mimeType: 'text/yaml', buffer: Buffer.from('root: 12\n') });
  await seen(page.getByRole('alert'));
  await accessible(page);
});

test('the form fits a phone', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('typed small', typed());
  await using opened = await dash.open(`/runs/new?pipeline=${pipelineId}`, {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
  });
  await seen(opened.page.getByRole('textbox', { name: 'title' }));
  await accessible(opened.page);
  await fits(opened.page);
});
