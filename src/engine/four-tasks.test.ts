/**
 * Every DAG of four tasks with every outcome of each (64 × 81 = 5,184): decide against a definition of the expected states
 * that is written independently, from KFP's rules.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PipelineDocument } from '../ir/spec.ts';
import type { TaskState } from '../model/states.ts';
import { container, dag, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import { startTestRun } from '../../test/support/decide-driver.ts';

type Outcome = 'succeeds' | 'fails' | 'condition is false';
const OUTCOMES: readonly Outcome[] = ['succeeds', 'fails', 'condition is false'];
const EDGES = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
] as const;

test('all 5,184 outcomes of four tasks end as the rules say, upstreams first', () => {
  let scenarios = 0;
  for (let edges = 0; edges < 64; edges += 1) {
    for (let outcomes = 0; outcomes < 81; outcomes += 1) {
      checkScenario(edges, outcomesOf(outcomes));
      scenarios += 1;
    }
  }
  assert.equal(scenarios, 5184);
});

function outcomesOf(code: number): readonly Outcome[] {
  return [0, 1, 2, 3].map((position) => OUTCOMES[Math.floor(code / 3 ** position) % 3]!);
}

function checkScenario(edges: number, outcomes: readonly Outcome[]): void {
  const upstreams = [0, 1, 2, 3].map((to) =>
    EDGES.filter(([, end], bit) => end === to && (edges >> bit) & 1).map(([from]) => from),
  );
  const driver = startTestRun(documentOf(upstreams, outcomes));
  const finished = new Set<number>();
  for (let launch = driver.launchNext(); launch; launch = driver.launchNext()) {
    const index = Number(launch.key.slice(1));
    for (const upstream of upstreams[index]!)
      assert(finished.has(upstream), `t${index} started before t${upstream} succeeded (${edges}, ${outcomes.join()})`);
    if (outcomes[index] === 'fails') driver.fail(launch);
    else {
      driver.succeed(launch);
      finished.add(index);
    }
  }
  const expected = expectedStates(upstreams, outcomes);
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => driver.stateOf(`/t${index}`)),
    expected,
    `edges ${edges}, outcomes ${outcomes.join()}`,
  );
  assert.equal(driver.run.state, expected.includes('FAILED') ? 'FAILED' : 'SUCCEEDED');
}

function documentOf(upstreams: readonly (readonly number[])[], outcomes: readonly Outcome[]): PipelineDocument {
  const tasks = Object.fromEntries(
    upstreams.map((list, index) => [
      `t${index}`,
      task('comp-step', {
        dependentTasks: list.map((upstream) => `t${upstream}`),
        trigger: {
          strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED',
          ...(outcomes[index] === 'condition is false' ? { condition: '1 == 2' } : {}),
        },
      }),
    ]),
  );
  return pipelineDocument(dag(tasks), { 'comp-step': step('exec-step') }, { 'exec-step': container(['true']) });
}

function expectedStates(upstreams: readonly (readonly number[])[], outcomes: readonly Outcome[]): readonly TaskState[] {
  const states: TaskState[] = [];
  for (const [index, list] of upstreams.entries()) {
    const allSucceeded = list.every((upstream) => states[upstream] === 'SUCCEEDED');
    if (!allSucceeded || outcomes[index] === 'condition is false') states.push('SKIPPED');
    else states.push(outcomes[index] === 'fails' ? 'FAILED' : 'SUCCEEDED');
  }
  return states;
}
