/** What follows from what: pipelines driven by hand, event by event. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComponentSpec, PipelineDocument, TaskSpec } from '../ir/spec.ts';
import { container, dag, param, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import { startTestRun, type DecideDriver } from '../../test/support/decide-driver.ts';

const STEP = step('exec-step', {
  inputs: { in: param('NUMBER_INTEGER', { defaultValue: 0 }) },
  outputs: { out: { parameterType: 'NUMBER_INTEGER' } },
});

function documentOf(
  tasks: Readonly<Record<string, TaskSpec>>,
  more: { readonly components?: Readonly<Record<string, ComponentSpec>>; readonly root?: Parameters<typeof dag>[1] } = {},
): PipelineDocument {
  return pipelineDocument(dag(tasks, more.root), { 'comp-step': STEP, ...more.components }, { 'exec-step': container(['true']) });
}

const leaf = (more: Partial<TaskSpec> = {}) => task('comp-step', more);
const after = (...dependentTasks: string[]) => ({ dependentTasks });
const loop = (items: readonly (number | string)[], more: { readonly itemInput?: string; readonly limit?: number } = {}) => ({
  iterator: {
    kind: 'parameter' as const,
    items: { kind: 'raw' as const, items },
    itemInput: more.itemInput ?? 'in',
    parallelismLimit: more.limit ?? 0,
  },
});
const exitTask = (...dependentTasks: string[]) => ({
  dependentTasks,
  trigger: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' as const },
});
const fromTask = (producerTask: string, outputParameterKey = 'out') => ({
  kind: 'taskOutput' as const,
  producerTask,
  outputParameterKey,
});
const withInput = (source: TaskSpec['inputs']['parameters'][string]) => ({
  inputs: { parameters: { in: source }, artifacts: {} },
});

/** Runs to the end: steps whose path is in `fails` fail, others put out what `outputs` says (default: their attempt). */
function runAll(
  driver: DecideDriver,
  { fails = [], outputs = {} }: { readonly fails?: readonly string[]; readonly outputs?: Readonly<Record<string, number>> } = {},
): string[] {
  const order: string[] = [];
  for (let launched = driver.launchNext(); launched; launched = driver.launchNext()) {
    order.push(launched.path);
    if (fails.includes(launched.path)) driver.fail(launched);
    else driver.succeed(launched, { out: outputs[launched.path] ?? 0 });
  }
  return order;
}

test('a failing task does not stop independent branches; the run fails at the end', () => {
  const driver = startTestRun(documentOf({ a: leaf(), b: leaf(), 'after-a': leaf(after('a')), 'after-b': leaf(after('b')) }));
  runAll(driver, { fails: ['/a'] });
  assert.equal(driver.stateOf('/after-a'), 'SKIPPED');
  assert.equal(driver.stateOf('/after-b'), 'SUCCEEDED');
  assert.equal(driver.run.state, 'FAILED');
  assert.equal(driver.run.error?.message, 'it failed');
});

test('an exit task runs once all it waits for is final, also after failures and skips, and its failure counts', () => {
  const driver = startTestRun(documentOf({ a: leaf(), b: leaf(after('a')), exit: leaf(exitTask('a', 'b')) }));
  assert.deepEqual(runAll(driver, { fails: ['/a'] }), ['/a', '/exit']);
  assert.equal(driver.run.state, 'FAILED');
  const second = startTestRun(documentOf({ a: leaf(), exit: leaf(exitTask('a')) }));
  runAll(second, { fails: ['/exit'] });
  assert.equal(second.run.state, 'FAILED');
});

test('the final status names how the task ended, in the words the settings choose', () => {
  const watch = task('comp-watch', {
    ...exitTask('a'),
    inputs: { parameters: { status: { kind: 'finalStatus', producerTask: 'a' } }, artifacts: {} },
  });
  const components = { 'comp-watch': step('exec-step', { inputs: { status: param('TASK_FINAL_STATUS') } }) };
  for (const [settings, failing, state] of [
    [{}, false, 'COMPLETE'],
    [{}, true, 'FAILED'],
    [{ finalStatusWords: 'documented' }, false, 'SUCCEEDED'],
  ] as const) {
    const driver = startTestRun(documentOf({ a: leaf(), watch }, { components }), { settings });
    const launched = driver.launchNext()!;
    if (failing) driver.fail(launched);
    else driver.succeed(launched, { out: 1 });
    const { parameters } = driver.launchNext()!.task.inputs!;
    const status = parameters['status'] as { state: string; pipelineTaskName: string; error: { message?: string } };
    assert.equal(status.state, state);
    assert.equal(status.pipelineTaskName, 'a');
    assert.equal(status.error.message, failing ? 'it failed' : undefined);
  }
});

test('a loop runs its iterations together up to its limit, and is final when all of them are', () => {
  const driver = startTestRun(documentOf({ each: leaf(loop([10, 20, 30, 40, 50], { limit: 2 })), join: leaf(after('each')) }));
  const first = driver.launchAll();
  assert.deepEqual(
    first.map(({ path }) => path),
    ['/each[0]', '/each[1]'],
  );
  assert.equal(first[1]!.task.inputs!.parameters['in'], 20);
  driver.succeed(first[1]!, { out: 2 });
  const second = driver.launchAll();
  assert.deepEqual(
    second.map(({ path }) => path),
    ['/each[2]'],
  );
  driver.fail(first[0]!);
  driver.fail(second[0]!);
  assert.deepEqual(runAll(driver), ['/each[3]', '/each[4]']);
  assert.equal(driver.stateOf('/each'), 'FAILED');
  assert.equal(driver.stateOf('/join'), 'SKIPPED');
});

test('an empty loop succeeds and collects nothing', () => {
  const collect = task('comp-list', { inputs: { parameters: { list: fromTask('each') }, artifacts: {} } });
  const driver = startTestRun(
    documentOf(
      { each: leaf(loop([])), collect },
      { components: { 'comp-list': step('exec-step', { inputs: { list: param('LIST') } }) } },
    ),
  );
  assert.equal(driver.stateOf('/each'), 'SUCCEEDED');
  assert.deepEqual(driver.launchNext()!.task.inputs!.parameters['list'], []);
});

test('collected parameters nest one level per loop, and iterations that were skipped are left out', () => {
  const inner = dag(
    { work: leaf({ ...loop([1, 2, 3]) }) },
    { inputs: { item: param('NUMBER_INTEGER') }, outputs: { out: { type: 'LIST', from: ['work', 'out'] } } },
  );
  const list = step('exec-step', { inputs: { list: param('LIST') } });
  const collect = task('comp-list', { inputs: { parameters: { list: fromTask('outer') }, artifacts: {} } });
  const driver = startTestRun(
    documentOf(
      { outer: task('comp-inner', loop([0, 1], { itemInput: 'item' })), collect },
      { components: { 'comp-inner': inner, 'comp-list': list } },
    ),
  );
  let value = 0;
  for (let launched = driver.launchNext(); launched && launched.key !== 'collect'; launched = driver.launchNext())
    driver.succeed(launched, { out: (value += 1) });
  const nested = driver.find('/collect')!.inputs!.parameters['list'] as number[][];
  assert.deepEqual(
    nested.map((row) => row.length),
    [3, 3],
  );
  assert.deepEqual(
    nested.flat().toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6],
  );

  const sometimes = dag(
    {
      work: leaf({
        trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED', condition: "int(inputs.parameter_values['in']) > 1" },
        ...withInput({ kind: 'componentInput', name: 'item' }),
      }),
    },
    { inputs: { item: param('NUMBER_INTEGER') }, outputs: { out: { type: 'NUMBER_INTEGER', from: ['work', 'out'] } } },
  );
  const second = startTestRun(
    documentOf(
      { outer: task('comp-sometimes', loop([1, 2, 3], { itemInput: 'item' })), collect },
      { components: { 'comp-sometimes': sometimes, 'comp-list': list } },
    ),
  );
  for (let launched = second.launchNext(); launched && launched.key !== 'collect'; launched = second.launchNext())
    second.succeed(launched, { out: 7 });
  assert.deepEqual(second.find('/collect')!.inputs!.parameters['list'], [7, 7]);
});

test('a loop over what a task put out takes a list or text that holds one, and refuses anything else by name', () => {
  const each = leaf({
    iterator: { kind: 'parameter', items: { kind: 'input', inputParameter: 'items' }, itemInput: 'in', parallelismLimit: 0 },
    inputs: { parameters: { items: { kind: 'constant', value: '[1, 2]' } }, artifacts: {} },
  });
  assert.deepEqual(runAll(startTestRun(documentOf({ each }))), ['/each[0]', '/each[1]']);
  const bad = { ...each, inputs: { parameters: { items: { kind: 'constant' as const, value: 5 } }, artifacts: {} } };
  const driver = startTestRun(documentOf({ bad }));
  assert.equal(driver.stateOf('/bad'), 'FAILED');
  assert.match(driver.find('/bad')!.error!.message, /"in" failed: value of type number cannot be iterated/);
});

test('a wide loop expands only as far as steps can be launched, and loses none', () => {
  const items = Array.from({ length: 5000 }, (_, index) => index);
  const driver = startTestRun(documentOf({ each: leaf(loop(items)) }));
  assert(driver.run.tasks.length < 700, `${driver.run.tasks.length} instances before the first launch`);
  assert.equal(runAll(driver).length, 5000);
  assert.equal(driver.run.state, 'SUCCEEDED');
});

test('of several selectors of an output the first that succeeded counts; a branch not taken leaves it absent', () => {
  const when = (condition: string) => ({ trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED' as const, condition } });
  const base = dag(
    { yes: leaf(when('1 == 2')), no: leaf(when('true')) },
    { outputs: { out: { type: 'NUMBER_INTEGER', from: ['yes', 'out'] } } },
  );
  const selectors = [
    { producerSubtask: 'yes', outputParameterKey: 'out' },
    { producerSubtask: 'no', outputParameterKey: 'out' },
  ];
  const branches = {
    ...base,
    dag: { ...base.dag!, outputs: { parameters: { out: { kind: 'oneof' as const, selectors } }, artifacts: {} } },
  };
  const driver = startTestRun(
    documentOf(
      { branches: task('comp-branches'), use: leaf(withInput(fromTask('branches'))) },
      { components: { 'comp-branches': branches } },
    ),
  );
  runAll(driver, { outputs: { '/branches/no': 42 } });
  assert.equal(driver.outputOf('/branches', 'out'), 42);
  assert.equal(driver.run.state, 'SUCCEEDED');
});

test('a retry policy of a group holds for the tasks in it; attempts are counted and spaced', () => {
  const policy = { maxRetryCount: 2, backoffMs: 100, backoffFactor: 3, backoffMaxMs: 0 };
  const driver = startTestRun(
    documentOf({ group: task('comp-group', { retryPolicy: policy }) }, { components: { 'comp-group': dag({ work: leaf() }) } }),
  );
  for (const attempt of [0, 1, 2]) {
    const launched = driver.launchNext()!;
    assert.equal(launched.attempt, attempt);
    driver.fail(launched);
    if (attempt < 2) driver.post({ kind: 'retry-due', task: launched.task.number, attempt: attempt + 1 });
  }
  assert.deepEqual(driver.retriesAt, [100, 300]);
  assert.equal(driver.stateOf('/group/work'), 'FAILED');
  assert.equal(driver.run.state, 'FAILED');
});

test('events that no longer apply change nothing', () => {
  const driver = startTestRun(documentOf({ a: leaf() }));
  const launched = driver.launchNext()!;
  driver.succeed(launched, { out: 1 });
  driver.fail(launched);
  driver.post({ kind: 'retry-due', task: launched.task.number, attempt: 1 });
  driver.post({ kind: 'launched', task: launched.task.number, attempt: 1 });
  driver.post({ kind: 'cancel-requested', reason: 'late' });
  assert.equal(driver.stateOf('/a'), 'SUCCEEDED');
  assert.equal(driver.run.state, 'SUCCEEDED');
});

test('cancelling ends what runs, what waits and what was not expanded; exit tasks do not run', () => {
  const driver = startTestRun(documentOf({ each: leaf(loop([1, 2, 3], { limit: 1 })), exit: leaf(exitTask('each')) }));
  const launched = driver.launchNext()!;
  driver.cancel();
  assert.equal(driver.run.state, 'CANCELING');
  driver.post({
    kind: 'finished',
    task: launched.task.number,
    attempt: 0,
    outcome: { kind: 'canceled' },
    startedAtMs: 0,
    endedAtMs: 0,
  });
  assert.equal(driver.run.state, 'CANCELED');
  assert.equal(driver.stateOf('/exit'), 'CANCELED');
  assert.equal(driver.launchNext(), undefined);
});

test('a missed deadline ends the run FAILED', () => {
  const driver = startTestRun(documentOf({ a: leaf() }));
  const launched = driver.launchNext()!;
  driver.post({ kind: 'deadline-passed' });
  driver.post({
    kind: 'finished',
    task: launched.task.number,
    attempt: 0,
    outcome: { kind: 'canceled' },
    startedAtMs: 0,
    endedAtMs: 0,
  });
  assert.equal(driver.run.state, 'FAILED');
  assert.match(driver.run.error!.message, /deadline/);
});

test('resuming keeps what succeeded and runs the rest, in loops and groups too', () => {
  const group = dag({ one: leaf(), two: leaf(after('one')) });
  const driver = startTestRun(
    documentOf(
      {
        group: task('comp-group'),
        each: leaf(loop([1, 2, 3])),
        last: leaf(after('group', 'each')),
        exit: leaf(exitTask('last')),
      },
      { components: { 'comp-group': group } },
    ),
  );
  runAll(driver, { fails: ['/group/two', '/each[1]'] });
  assert.equal(driver.run.state, 'FAILED');
  driver.resume();
  assert.equal(driver.run.state, 'RUNNING');
  assert.deepEqual(runAll(driver).sort(), ['/each[1]', '/exit', '/group/two', '/last']);
  assert.equal(driver.run.state, 'SUCCEEDED');
  for (const path of ['/group', '/group/one', '/each', '/each[0]', '/last'])
    assert.equal(driver.stateOf(path), 'SUCCEEDED', path);
});

test('a run that was cancelled half-way through a loop goes on with the iterations it never started', () => {
  const driver = startTestRun(documentOf({ each: leaf(loop([1, 2, 3, 4], { limit: 1 })) }));
  driver.succeed(driver.launchNext()!, { out: 1 });
  const launched = driver.launchNext()!;
  driver.cancel();
  driver.post({
    kind: 'finished',
    task: launched.task.number,
    attempt: 0,
    outcome: { kind: 'canceled' },
    startedAtMs: 0,
    endedAtMs: 0,
  });
  assert.equal(driver.run.state, 'CANCELED');
  driver.resume();
  assert.deepEqual(runAll(driver), ['/each[1]', '/each[2]', '/each[3]']);
  assert.equal(driver.run.state, 'SUCCEEDED');
});

test('running again from a task repeats it and what depends on it, and nothing else', () => {
  const inner = dag({ one: leaf(), two: leaf(after('one')), side: leaf() });
  const driver = startTestRun(
    documentOf(
      { before: leaf(), group: task('comp-group', after('before')), end: leaf(after('group')), other: leaf() },
      { components: { 'comp-group': inner } },
    ),
  );
  runAll(driver);
  driver.resume('/group/two');
  assert.deepEqual(runAll(driver), ['/group/two', '/end']);
  assert.equal(driver.run.state, 'SUCCEEDED');
  const again = driver.find('/group/two')!;
  assert.deepEqual([again.attempts, again.generation, again.skipCache], [2, 1, true]);
});

test('a task whose condition was false stays skipped when the run is resumed', () => {
  const driver = startTestRun(
    documentOf({
      maybe: leaf({ trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED', condition: '1 == 2' } }),
      behind: leaf(after('maybe')),
      bad: leaf(),
    }),
  );
  runAll(driver, { fails: ['/bad'] });
  driver.resume();
  assert.deepEqual(runAll(driver), ['/bad']);
  assert.equal(driver.stateOf('/behind'), 'SKIPPED');
  assert.equal(driver.run.state, 'SUCCEEDED');
});

test('of a step that ran it stays known why the cache did not serve', () => {
  const driver = startTestRun(documentOf({ a: leaf(), b: leaf({ caching: { enabled: true } }) }));
  const [a, b] = driver.launchAll();
  assert(a && b);
  driver.succeed(a, { out: 1 });
  assert.match(driver.find('/a')!.reason!, /caching is off for this task/);
  assert.match(driver.find('/b')!.cacheKey!, /^[0-9a-f]{64}$/);
});

test('errors of inputs and conditions fail the task with a message that names the input', () => {
  const missing = startTestRun(
    documentOf(
      { a: leaf(), b: task('comp-strict', withInput(fromTask('a', 'nothing'))) },
      { components: { 'comp-strict': step('exec-step', { inputs: { in: param('NUMBER_INTEGER') } }) } },
    ),
  );
  runAll(missing);
  assert.match(missing.find('/b')!.error!.message, /cannot find output parameter key "nothing" in producer task "a"/);
  const mismatch = startTestRun(documentOf({ a: leaf(withInput({ kind: 'constant', value: 'text' })) }));
  assert.match(mismatch.find('/a')!.error!.message, /"in" type mismatch/);
  const condition = startTestRun(
    documentOf({
      a: leaf({ trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED', condition: "inputs.parameter_values['nope'] == 1.0" } }),
    }),
  );
  assert.equal(condition.stateOf('/a'), 'FAILED');
  assert.match(condition.find('/a')!.error!.message, /no such key/);
});
