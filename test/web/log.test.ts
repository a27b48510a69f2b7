// Logs in a real browser: one too large to be loaded, and one that is still written.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { stepPipeline } from '../support/step-pipeline.ts';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, gone, pathOf, seen } from './support/expect.ts';

const dash = dashboard();
const LINES = 400_000;

/** A run whose only step has a log of 400,000 lines; `needle` is in one of them. */
async function runWithLargeLog(): Promise<string> {
  const { pipelineId } = await dash.upload(
    `large-${performance.now()}`,
    stepPipeline({ steps: { say: { sh: 'echo short', cached: false } } }),
  );
  const runId = await dash.start('talkative', pipelineId);
  await dash.server.ended(runId);
  const lines = Array.from(
    { length: LINES },
    (_, index) => `line ${index} of many${index === 123_456 ? ' with a needle' : ''}\n`,
  );
  await writeFile(join(dash.server.server.platform.dataDir, 'logs', runId, '1.0.log'), lines.join(''));
  return runId;
}

test('a large log opens at its end, is scrolled to its beginning, and searched as a whole', needsBrowser, async () => {
  const runId = await runWithLargeLog();
  await using opened = await dash.open(`/runs/${runId}?task=/say&tab=logs`);
  const { page } = opened;
  const log = page.getByRole('log');
  await seen(log.getByText(`line ${LINES - 1} of many`));
  await accessible(page);
  await page.evaluate("document.querySelector('[role=log]').scrollTop = 0");
  await seen(log.getByText('line 0 of many', { exact: true }));
  await seen(log.getByRole('button', { name: 'Link to line 1', exact: true }));
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('needle');
  await seen(page.getByText('1 line', { exact: true }));
  await page.keyboard.press('Enter');
  await seen(log.getByText('line 123456 of many with a'));
  assert.match(pathOf(page), /at=\d+/);
  await page.getByRole('button', { name: /To the end/ }).click();
  await seen(log.getByText(`line ${LINES - 1} of many`));
});

test('the address of a line shows that line, and only what is looked at was loaded', needsBrowser, async () => {
  const runId = await runWithLargeLog();
  const offset = Array.from(
    { length: 200_000 },
    (_, index) => `line ${index} of many${index === 123_456 ? ' with a needle' : ''}\n`,
  ).join('').length;
  await using opened = await dash.open(`/runs/${runId}?task=/say&tab=logs&at=${offset}`);
  const { page } = opened;
  await seen(page.getByRole('log').getByText('line 200000 of many', { exact: true }));
  const loaded = await page.evaluate<number>(
    "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/log?')).reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)",
  );
  assert.ok(loaded < 2_000_000, `${loaded} bytes of ${offset * 2}`);
});

test('a log that is written is followed to its end', needsBrowser, async () => {
  const sh = 'for i in 1 2 3 4 5 6 7 8; do echo "turn $i"; sleep 0.5; done';
  const { pipelineId } = await dash.upload('turns', stepPipeline({ name: 'turns', steps: { turn: { sh, cached: false } } }));
  const runId = await dash.start('turning', pipelineId);
  await using opened = await dash.open(`/runs/${runId}?task=/turn&tab=logs`);
  const { page } = opened;
  await seen(page.getByRole('log').getByText('turn 1', { exact: true }));
  await seen(page.getByText('live', { exact: true }));
  await seen(page.getByRole('log').getByText('turn 8', { exact: true }));
  await gone(page.getByText('live', { exact: true }));
  await eventually(
    async () =>
      await page
        .getByRole('log')
        .getByText(/^turn \d$/)
        .count(),
    8,
  );
});
