// Pipelines, experiments, recurring runs and artifacts in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, gone, pathOf, seen } from './support/expect.ts';
import { quick, typed } from './support/pipelines.ts';

const dash = dashboard();
const asFile = (name: string, content: object) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(JSON.stringify(content)),
});

test('a pipeline is uploaded, looked at, and a second version is compared with the first', needsBrowser, async () => {
  await using opened = await dash.open('/pipelines');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'No pipelines yet' }));
  await accessible(page);
  await page.keyboard.press('n');
  await page.getByLabel('Pipeline file').setInputFiles(asFile('greet.json', quick('greet')));
  await eventually(async () => await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'greet');
  await page.getByRole('textbox', { name: 'Description' }).fill('Says hello');
  await accessible(page);
  await page.getByRole('button', { name: 'Upload' }).click();
  await seen(page.getByRole('heading', { name: 'greet' }));
  await seen(page.getByText('Says hello'));
  await seen(page.getByText('say', { exact: true }));

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Upload a version' }).click();
  await seen(page.getByRole('heading', { name: 'Upload a version of greet' }));
  const second = JSON.parse(JSON.stringify(quick('greet')).replace('echo hello', 'echo good morning')) as object;
  await page.getByLabel('Pipeline file').setInputFiles(asFile('greet.json', second));
  await page.getByRole('textbox', { name: 'Name' }).fill('greet 2');
  await page.getByRole('button', { name: 'Upload' }).click();
  await seen(page.getByRole('link', { name: 'Versions' }));
  await page.getByRole('link', { name: 'Versions' }).click();
  await page.getByRole('link', { name: 'Compare greet 2 with greet' }).click();
  await seen(page.getByText(/lines? added/));
  await seen(page.getByRole('region', { name: 'Differences' }).getByText(/good morning/));
  await accessible(page);
});

test('the source of a version is shown and can be copied', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('sourced', quick('sourced'));
  await using opened = await dash.open(`/pipelines/${pipelineId}?view=source`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = opened;
  await seen(page.getByRole('region', { name: 'Source of the version' }).getByText(/echo hello/));
  assert.equal(await page.getByRole('link', { name: 'Source', exact: true }).getAttribute('aria-current'), 'page');
  await page.getByRole('button', { name: 'Copy the source' }).click();
  await seen(page.getByRole('button', { name: 'Copied' }));
  await accessible(page);
});

test('the graph of a version leads to what is known of a task', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('graphed', typed());
  await using opened = await dash.open(`/pipelines/${pipelineId}?task=%2Fsay`, { colorScheme: 'dark' });
  const { page } = opened;
  const panel = page.getByRole('complementary', { name: 'Task say' });
  await seen(panel.getByText('busybox'));
  await seen(panel.getByText('title'));
  await accessible(page);
  await panel.getByRole('button', { name: 'Close' }).click();
  await gone(panel);
  assert.equal(pathOf(page), `/pipelines/${pipelineId}`);
});

test('a pipeline is deleted after asking', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('short-lived', quick());
  await using opened = await dash.open(`/pipelines/${pipelineId}`);
  const { page } = opened;
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete the pipeline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await seen(page.getByText('Pipeline short-lived deleted'));
  await eventually(async () => pathOf(page), '/pipelines');
  assert.equal((await dash.server.call('GET', `/apis/v2beta1/pipelines/${pipelineId}`)).status, 404);
});

test('experiments are made, hold runs, are archived and deleted', needsBrowser, async () => {
  await using opened = await dash.open('/experiments');
  const { page } = opened;
  await seen(page.getByRole('row', { name: /Default/ }));
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Name' }).fill('spring');
  await accessible(page);
  await page.getByRole('button', { name: 'Create' }).click();
  await seen(page.getByRole('heading', { name: 'spring' }));
  await seen(page.getByRole('heading', { name: 'No runs yet' }));
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await seen(page.getByText('archived', { exact: true }));
  await page.goto(`${dash.server.url}/experiments?archived=true`);
  await page.getByRole('link', { name: 'spring' }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await seen(page.getByText('spring deleted'));
});

test('a recurring run shows when it starts next, is paused, and goes on', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('scheduled', quick());
  await using opened = await dash.open(`/recurring/new?pipeline=${pipelineId}`);
  const { page } = opened;
  await page.getByRole('textbox', { name: 'Name' }).fill('nightly');
  await page.getByRole('combobox', { name: 'Often used' }).selectOption('weekdays at 9');
  assert.equal(await page.getByRole('textbox', { name: 'Cron expression' }).inputValue(), '0 0 9 * * 1-5');
  await eventually(async () => await page.getByRole('list', { name: 'Next times' }).getByRole('listitem').count(), 5);
  await page.getByRole('textbox', { name: 'Cron expression' }).fill('every day');
  await seen(page.getByRole('alert'));
  await page.getByRole('textbox', { name: 'Cron expression' }).fill('0 30 4 * * *');
  await gone(page.getByRole('alert'));
  await accessible(page);
  await page.getByRole('button', { name: 'Create' }).click();
  await seen(page.getByRole('heading', { name: 'nightly' }));
  await seen(page.getByText('0 30 4 * * *'));
  await accessible(page);
  await page.getByRole('button', { name: 'Pause nightly' }).click();
  await seen(page.getByText('paused', { exact: true }));
  await page.getByRole('button', { name: 'Resume nightly' }).click();
  await gone(page.getByText('paused', { exact: true }));
  await page.getByRole('link', { name: 'Recurring runs' }).first().click();
  await seen(page.getByRole('row', { name: /nightly/ }));
  await accessible(page);
});

test('a periodic recurring run has the runs it started on its page', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('often', quick());
  const { json } = await dash.server.call('POST', '/apis/v2beta1/recurringruns', {
    display_name: 'every second',
    pipeline_version_reference: { pipeline_id: pipelineId },
    trigger: { periodic_schedule: { interval_second: '1' } },
    max_concurrency: '1',
    mode: 'ENABLE',
  });
  await using opened = await dash.open(`/recurring/${json['recurring_run_id'] as string}`);
  const { page } = opened;
  await seen(page.getByText('every second', { exact: true }));
  await seen(page.getByRole('table', { name: 'Runs' }).getByRole('row', { name: /Succeeded/ }));
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await eventually(async () => pathOf(page), '/recurring');
});

test('a recurring run is edited: one with the changed settings takes its place', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('edited', quick());
  const { json } = await dash.server.call('POST', '/apis/v2beta1/recurringruns', {
    display_name: 'every ninety seconds',
    description: 'kept',
    pipeline_version_reference: { pipeline_id: pipelineId },
    trigger: { periodic_schedule: { interval_second: '90', start_time: '2040-01-01T00:00:00Z' } },
    max_concurrency: '3',
    no_catchup: true,
    mode: 'DISABLE',
  });
  const before = json['recurring_run_id'] as string;
  await using opened = await dash.open(`/recurring/${before}`);
  const { page } = opened;
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  const period = page.getByRole('textbox', { name: 'Period' });
  await eventually(async () => await period.inputValue(), '90');
  await period.fill('45');
  await accessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click();
  await seen(page.getByText('every 45 seconds', { exact: true }));
  const after = pathOf(page).split('/').at(-1)!;
  const { json: made } = await dash.server.call('GET', `/apis/v2beta1/recurringruns/${after}`);
  const kept = ['display_name', 'description', 'max_concurrency', 'no_catchup', 'pipeline_version_reference', 'status', 'mode'];
  for (const name of kept) assert.deepEqual(made[name], json[name], name);
  assert.deepEqual(made['trigger'], { periodic_schedule: { interval_second: '45', start_time: '2040-01-01T00:00:00Z' } });
  assert.equal((await dash.server.call('GET', `/apis/v2beta1/recurringruns/${before}`)).status, 404);
});

test('a recurring run of a pipeline that came with the request is cloned with its inputs', needsBrowser, async () => {
  const { json } = await dash.server.call('POST', '/apis/v2beta1/recurringruns', {
    display_name: 'inline',
    pipeline_spec: quick(),
    trigger: { cron_schedule: { cron: '0 30 4 * * *' } },
    max_concurrency: '1',
    mode: 'ENABLE',
  });
  await using opened = await dash.open(`/recurring/${json['recurring_run_id'] as string}`);
  const { page } = opened;
  await page.getByRole('link', { name: 'Clone' }).click();
  await eventually(async () => await page.getByRole('textbox', { name: 'Cron expression' }).inputValue(), '0 30 4 * * *');
  await page.getByRole('button', { name: 'Create' }).click();
  await seen(page.getByRole('heading', { name: 'Clone of inline' }));
});

test('artifacts say what they are, and where there are none', needsBrowser, async () => {
  await using opened = await dash.open('/artifacts', { viewport: { width: 360, height: 740 } });
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'No artifacts yet' }));
  await accessible(page);
  await fits(page);
});
