// A step in a real browser: what it asks for beside what it used, and the request to copy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPipeline } from '../support/step-pipeline.ts';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, fits, gone, seen } from './support/expect.ts';

const dash = dashboard();

const GREEDY = stepPipeline({
  name: 'greedy',
  steps: {
    // tail has to keep all of a text without line ends.
    hold: {
      sh: 'head -c 60000000 /dev/zero | tail | wc -c',
      resources: { resourceCpuRequest: '2', resourceMemoryRequest: '1Gi' },
    },
  },
});

test('a step shows what it asks for and used, and what it should ask for, to be copied', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('greedy', GREEDY);
  const runId = await dash.start('one', pipelineId);
  await dash.server.ended(runId);
  await using opened = await dash.open(`/runs/${runId}?task=%2Fhold`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = opened;
  const table = page.getByRole('table', { name: 'What it asks for and what it used' });
  await seen(table.getByRole('row', { name: /^CPU 2 [\d.]+ [\d.]+ \d+m$/ }));
  await seen(table.getByRole('row', { name: /^Memory 1 GiB \d+ MiB \d+ MiB \d+Mi$/ }));
  await seen(page.getByText(/^It asks 1 GiB, used at most \d+ MiB\.$/));
  await seen(page.getByText(/Suggested by 1 attempt\.$/));
  await page.getByRole('button', { name: 'Copy the request' }).click();
  await seen(page.getByRole('button', { name: 'Copied' }));
  const copied = await page.evaluate('navigator.clipboard.readText()');
  assert.match(String(copied), /^\.set_cpu_request\('\d+m'\)\.set_memory_request\('\d+Mi'\)$/);
  await accessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
});

test('a step that asks for nothing and was not measured has nothing to show', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('waits', stepPipeline({ name: 'waits', steps: { wait: { sh: 'sleep 30' } } }));
  const runId = await dash.start('waiting', pipelineId);
  await using opened = await dash.open(`/runs/${runId}?task=%2Fwait`);
  await seen(opened.page.getByRole('heading', { name: 'Details' }));
  await gone(opened.page.getByRole('heading', { name: 'Resources' }));
  await dash.server.call('POST', `/apis/v2beta1/runs/${runId}:terminate`);
});
