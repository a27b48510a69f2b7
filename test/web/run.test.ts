// A run in a real browser: its graph by keys and by pointer, why it failed, its tasks, logs, artifacts, and what can be done with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, gone, pathOf, seen } from './support/expect.ts';
import { endless, picky } from './support/pipelines.ts';
import { reportPipeline } from './support/report-pipeline.ts';

const dash = dashboard();
let made: Promise<{ readonly fine: string; readonly failed: string }> | undefined;

/** A run that succeeded and one that failed, made once. */
function runs(): NonNullable<typeof made> {
  made ??= (async () => {
    const { pipelineId } = await dash.upload('report', reportPipeline());
    const fine = await dash.start('fine run', pipelineId);
    const failed = await dash.start('failed run', pipelineId, { mode: 'fail' });
    await Promise.all([dash.server.ended(fine), dash.server.ended(failed)]);
    return { fine, failed };
  })();
  return made;
}

test('the graph shows groups folded, with the states of what is in them', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}`);
  const { page } = opened;
  await seen(page.getByRole('tree', { name: 'Tasks of the run' }));
  const group = page.getByRole('treeitem', { name: /^each.*3 of 3.*loop of 1 task, Succeeded/ });
  await seen(group);
  await seen(group.getByRole('img', { name: '3 succeeded of 3' }));
  await gone(page.getByRole('treeitem', { name: /^step/ }));
  await seen(page.getByRole('treeitem', { name: /maybe/ }).getByText("if mode == 'never'"));
  await accessible(page);
});

test('a group is unfolded in place, or opened alone with a way back', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}`);
  const { page } = opened;
  await page.getByRole('button', { name: 'Unfold each' }).click();
  await seen(page.getByRole('treeitem', { name: /^step/ }));
  await page.getByRole('button', { name: 'Open each' }).click();
  await eventually(async () => pathOf(page), `/runs/${fine}?scope=%2Feach`);
  await gone(page.getByRole('treeitem', { name: /^write/ }));
  await page.getByRole('combobox', { name: 'Iteration' }).selectOption('2');
  await page.getByRole('treeitem', { name: /^step/ }).click();
  await seen(page.getByRole('complementary', { name: 'Task step' }));
  assert.match(decodeURIComponent(pathOf(page)), /task=\/each\[2\]\/step/);
  await page.getByRole('navigation', { name: 'Groups' }).getByRole('button', { name: 'report' }).click();
  await seen(page.getByRole('treeitem', { name: /^write/ }));
});

test('arrow keys follow the edges, Enter opens the task, Escape closes it', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}`);
  const { page } = opened;
  await page.getByRole('treeitem', { name: /^write/ }).focus();
  await page.keyboard.press('ArrowRight');
  await eventually(async () => /^(each|read)/.test(await focusedLabel(page)), true);
  await page.keyboard.press('ArrowLeft');
  await eventually(async () => (await focusedLabel(page)).startsWith('write'), true);
  await page.keyboard.press('Enter');
  await seen(page.getByRole('complementary', { name: 'Task write' }));
  await page.keyboard.press('Escape');
  await gone(page.getByRole('complementary', { name: 'Task write' }));
});

test('artifacts can be shown between the tasks, and a task is found by its name', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}`);
  const { page } = opened;
  await page.getByRole('button', { name: 'Show artifacts' }).click();
  await seen(page.getByRole('treeitem', { name: /^table.*artifact/ }));
  await page.getByRole('searchbox', { name: 'Find a task' }).fill('step');
  await page.keyboard.press('Enter');
  await seen(page.getByRole('complementary', { name: 'Task step' }));
});

test('a failed run shows why without a click: the task, what it said, the end of its log', needsBrowser, async () => {
  const { failed } = await runs();
  await using opened = await dash.open(`/runs/${failed}`);
  const { page } = opened;
  const cause = page.getByRole('region', { name: 'Why the run failed' });
  await seen(cause.getByRole('heading', { name: /write failed/ }));
  await seen(cause.getByText('ValueError: mode fail is not allowed').first());
  await seen(cause.getByText('mode is fail'));
  await accessible(page);
  await cause.getByRole('button', { name: 'Whole log' }).click();
  await seen(page.getByRole('log').getByText('mode is fail'));
});

test('a task tells its inputs, outputs, attempts, events, command, and whether it was cached', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}?task=/write`);
  const { page } = opened;
  const panel = page.getByRole('complementary', { name: 'Task write' });
  await seen(panel.getByText('fine', { exact: true }));
  await seen(panel.getByRole('link', { name: 'metrics' }));
  await seen(panel.getByText(/cache was not used|Not taken from the cache/));
  await accessible(page);
  await panel.getByRole('button', { name: 'Attempts' }).click();
  await seen(panel.getByText('Attempt 1'));
  await panel.getByRole('button', { name: 'Environment' }).click();
  await seen(panel.getByText('busybox'));
  await panel.getByRole('button', { name: 'Events' }).click();
  await seen(panel.getByRole('list', { name: /Events/ }).getByRole('listitem'));
});

test('a log has colours, is searched, and a line in it has an address', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}?task=/each[0]/step&tab=logs`);
  const { page } = opened;
  const line = page.getByRole('log').getByText('step of item 1');
  await seen(line);
  const color = await line.evaluate("getComputedStyle(document.querySelector('[role=log] [style*=color]')).color");
  assert.notEqual(color, await page.evaluate('getComputedStyle(document.body).color'));
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('ITEM');
  await seen(page.getByText('1 line', { exact: true }));
  await page.getByRole('button', { name: 'Link to line 1' }).click();
  await eventually(async () => /at=0/.test(pathOf(page)), true);
  await seen(page.getByRole('link', { name: 'Download the log' }));
});

test('the timeline lists every task with how long it ran', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}?view=timeline`);
  const { page } = opened;
  const row = page.getByRole('button', { name: /^write.*succeeded.*ran/ });
  await seen(row);
  await accessible(page);
  await row.click();
  await seen(page.getByRole('complementary', { name: 'Task write' }));
});

test('the table of tasks begins with what failed, and is filtered by state and name', needsBrowser, async () => {
  const { failed } = await runs();
  await using opened = await dash.open(`/runs/${failed}?view=tasks`);
  const { page } = opened;
  await eventually(async () => /write/.test((await page.getByRole('row').nth(1).textContent()) ?? ''), true);
  await page.getByRole('button', { name: /^Failed/ }).click();
  await eventually(async () => await page.getByRole('row').count(), 2);
  await accessible(page);
});

test('parameters, events and source of a run have addresses of their own', needsBrowser, async () => {
  const { fine } = await runs();
  for (const [view, text] of [
    ['parameters', 'rate'],
    ['events', 'write succeeded'],
    ['source', 'comp-each'],
  ] as const) {
    await using opened = await dash.open(`/runs/${fine}?view=${view}`);
    await seen(opened.page.getByText(text).first());
    await accessible(opened.page);
  }
});

test('outputs show metrics, curves and reports as what they are', needsBrowser, async () => {
  const { fine } = await runs();
  await using opened = await dash.open(`/runs/${fine}?view=outputs`);
  const { page } = opened;
  await seen(page.getByText('0.97', { exact: true }));
  await seen(page.getByRole('img', { name: /ROC: area under the curve/ }));
  await seen(page.getByRole('region', { name: 'Confusion matrix' }).getByRole('rowheader', { name: 'dog' }));
  await seen(page.getByRole('heading', { name: 'Findings' }));
  await accessible(page);
});

test('a run that goes on is followed: its state, its log, and it can be terminated', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('endless', endless());
  const runId = await dash.start('long run', pipelineId);
  await using opened = await dash.open(`/runs/${runId}`);
  const { page } = opened;
  await seen(page.getByRole('treeitem', { name: /^wait.*Running/ }));
  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('button', { name: 'Terminate the run' }).click();
  await seen(page.getByRole('treeitem', { name: /^wait.*Canceled/ }));
  await seen(page.getByRole('button', { name: 'Resume' }));
});

test('a failed run is resumed, a task is run again with all behind it, and a clone is offered', needsBrowser, async () => {
  const { pipelineId } = await dash.upload('picky-run', picky());
  const runId = await dash.start('stubborn', pipelineId);
  await dash.server.ended(runId);
  await using opened = await dash.open(`/runs/${runId}`);
  const { page } = opened;
  await page.getByRole('button', { name: 'Resume' }).click();
  await seen(page.getByText('The run goes on'));
  await dash.server.ended(runId);
  await page.getByRole('treeitem', { name: /^check/ }).click();
  await seen(page.getByRole('button', { name: 'Re-run from here' }));
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Open in the command line' }).click();
  await seen(page.getByRole('dialog').getByText(`pipewright run get ${runId}`, { exact: false }));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clone' }).click();
  await eventually(async () => pathOf(page), `/runs/new?clone=${runId}`);
});

test('on a phone nothing is wider than the screen', needsBrowser, async () => {
  const { fine, failed } = await runs();
  for (const path of [`/runs/${failed}`, `/runs/${fine}?view=timeline`, `/runs/${fine}?view=tasks&task=/write`]) {
    await using opened = await dash.open(path, { viewport: { width: 390, height: 800 } });
    await seen(opened.page.getByRole('heading', { level: 1 }));
    await fits(opened.page);
  }
});

test('a run that is not there says so', needsBrowser, async () => {
  await using opened = await dash.open('/runs/none');
  await seen(opened.page.getByRole('alert'));
});

const focusedLabel = async (page: { evaluate(code: string): Promise<unknown> }): Promise<string> =>
  String((await page.evaluate("document.activeElement.textContent ?? ''")) as string);
