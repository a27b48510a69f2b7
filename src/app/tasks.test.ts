import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, run, task } from '../../test/contract/store-fixtures.ts';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { inline, testApp, type TestApp } from '../../test/support/test-app.ts';
import { createRun } from './runs.ts';
import { attemptsOf, getTask, taskEvents, taskId, taskLaunch, taskLog, taskPage } from './tasks.ts';

const spec = stepPipeline({ steps: { first: { sh: 'echo one', args: ['x'] }, '7': { sh: 'echo seven', after: ['first'] } } });

async function running(given: TestApp): Promise<string> {
  given.executor.holds = true;
  const { run } = await createRun(given.app, { displayName: 'r', source: inline(spec), parameters: () => ({}) });
  await given.app.engine.settled();
  return run.runId;
}

test('A task is found by its id, its number and its path.', async () => {
  await using given = await testApp();
  const runId = await running(given);
  const task = await getTask(given.app, runId, '/first');
  for (const name of [taskId(task), String(task.task), task.path]) {
    assert.equal((await getTask(given.app, runId, name)).path, '/first');
  }
});

for (const name of ['', '99', '01', '-1', '1.5', '1e0', '/nowhere', 'other-run.1', `${'9'.repeat(30)}`]) {
  test(`There is no task ${JSON.stringify(name)}.`, async () => {
    await using given = await testApp();
    const runId = await running(given);
    await assert.rejects(getTask(given.app, runId, name), {
      code: 'NOT_FOUND',
      message: `Task ${name} of run ${runId} not found`,
    });
  });
}

test('A log is complete when its step has ended.', async () => {
  await using given = await testApp();
  const runId = await running(given);
  const log = await taskLog(given.app, await getTask(given.app, runId, '/first'));
  assert.equal(await log.isComplete(), false);
  given.executor.end();
  await given.app.engine.settled();
  assert.equal(await log.isComplete(), true);
});

test('The log of a task that has not begun is that of its first attempt.', async () => {
  await using given = await testApp();
  const task = await getTask(given.app, await running(given), '/first');
  const log = await taskLog(given.app, { ...task, state: 'PENDING', attempts: 0 });
  assert.deepEqual([log.attempt, await log.isComplete()], [0, false]);
});

test('An attempt that there was not has no log.', async () => {
  await using given = await testApp();
  const task = await getTask(given.app, await running(given), '/first');
  for (const attempt of [1, -1]) await assert.rejects(taskLog(given.app, task, attempt), { code: 'NOT_FOUND' });
});

test('What is started for a step is shown as the pipeline says it.', async () => {
  await using given = await testApp();
  const launch = await taskLaunch(given.app, await getTask(given.app, await running(given), '/first'));
  assert.deepEqual([launch?.image, launch?.command, launch?.args], ['busybox', ['sh', '-c', 'echo one'], ['x']]);
});

test('Nothing is started for a group.', async () => {
  await using given = await testApp();
  assert.equal(await taskLaunch(given.app, await getTask(given.app, await running(given), '/')), undefined);
});

test('Attempts and events of a task are its own.', async () => {
  await using given = await testApp();
  const runId = await running(given);
  given.executor.end('it broke');
  await given.app.engine.wait(runId);
  await given.app.engine.settled();
  const task = await getTask(given.app, runId, '/first');
  const [attempt, ...more] = await attemptsOf(given.app, task);
  assert.deepEqual([attempt?.row.state, attempt?.logBytes, more.length], ['FAILED', 0, 0]);
  const events = await taskEvents(given.app, task);
  assert.deepEqual(events.at(-1), { atMs: given.clock.now(), kind: 'finished', attempt: 0, message: 'it broke' });
  assert.deepEqual(await attemptsOf(given.app, await getTask(given.app, runId, '/7')), []);
});

/** A root with two steps and a loop, which has two iterations. */
async function family({ app }: TestApp): Promise<void> {
  const group = { kind: 'dag' } as const;
  const tasks = [
    task('r', 0, group),
    task('r', 1),
    task('r', 2),
    task('r', 3, { kind: 'loop' }),
    task('r', 4, { ...group, parentTask: 3 }),
    task('r', 5, { ...group, parentTask: 3 }),
  ];
  await app.store.commit(batch({ runs: [run('r')], tasks }));
}

for (const [title, request, numbers, total, next] of [
  ['the first', { limit: 2 }, [0, 1], 6, 1],
  ['those after a number', { limit: 2, after: 3 }, [4, 5], 6, undefined],
  ['all', { limit: 6 }, [0, 1, 2, 3, 4, 5], 6, undefined],
  ['those below a task', { limit: 2, parentId: 'r.0' }, [1, 2], 3, 2],
  ['those below a task by its number', { limit: 9, parentId: '3' }, [4, 5], 2, undefined],
  ['those below what is no task', { limit: 9, parentId: 'nothing' }, [], 0, undefined],
] as const) {
  test(`Of the tasks of a run, ${title} are read.`, async () => {
    await using given = await testApp();
    await family(given);
    const page = await taskPage(given.app, 'r', { withChildren: false, ...request });
    assert.deepEqual(
      page.tasks.map((one) => one.task),
      numbers,
    );
    assert.deepEqual([page.total, page.next, page.children.size], [total, next, 0]);
  });
}

test('Groups are read with what is directly below them, on whatever page that is.', async () => {
  await using given = await testApp();
  await family(given);
  const { children } = await taskPage(given.app, 'r', { limit: 4, withChildren: true });
  const numbers = [...children].map(([parent, below]) => [parent, below.map((one) => one.task)]);
  assert.deepEqual(numbers, [
    [0, [1, 2, 3]],
    [3, [4, 5]],
  ]);
});
