// What somebody does who sees the dashboard for the first time: a sample fails on purpose; why, mend it, compare.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { eventually, pathOf, seen } from './support/expect.ts';

const dash = dashboard({ samplesDir: fileURLToPath(new URL('../../examples', import.meta.url)) });

test(
  'a failing sample is understood, started again with another parameter, and compared with what failed',
  needsBrowser,
  async () => {
    const { json } = await dash.server.call('GET', '/apis/v2beta1/pipelines/names/learning-rate');
    const failed = await dash.start('as it comes', json['pipeline_id'] as string);
    await dash.server.ended(failed);
    await using opened = await dash.open(`/runs/${failed}`);
    const { page } = opened;
    const cause = page.getByRole('region', { name: 'Why the run failed' });
    await seen(cause.getByText(/learning_rate 2.5 is too large, try 0.5/).first());
    await cause.getByRole('link', { name: 'Run again with other parameters' }).click();
    await page.getByLabel('learning_rate').first().fill('0.5');
    await page.getByRole('button', { name: /^Start/ }).click();
    await eventually(async () => /^\/runs\/[0-9a-f-]{36}/.test(pathOf(page)) && !pathOf(page).includes(failed), true);
    await seen(page.getByRole('heading', { level: 1 }).getByText('Succeeded'));
    await seen(page.getByRole('treeitem', { name: /^make-data.*Cached/ }));
    await page.getByRole('link', { name: 'Compare' }).click();
    const row = page
      .getByRole('region', { name: 'Parameters' })
      .first()
      .getByRole('row', { name: /learning_rate/ });
    await seen(row.getByRole('cell', { name: '2.5' }));
    await seen(row.getByRole('cell', { name: '0.5' }));
    await page.getByRole('button', { name: 'Tasks' }).click();
    await seen(page.getByRole('row', { name: /^train/ }).getByText('Failed'));
    await seen(page.getByRole('row', { name: /^train/ }).getByText('Succeeded'));
    assert.match(decodeURIComponent(pathOf(page)), new RegExp(failed));
  },
);
