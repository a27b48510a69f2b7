// The shape `--json` promises: a row for every task but the root, single artifacts as objects, lists as lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PipelineSpec } from '../ir/spec.ts';
import type { Artifact } from '../model/artifact.ts';
import type { AttemptRow, RunRow, TaskRow } from '../model/run.ts';
import { runJson } from './run-json.ts';

const artifact = (name: string): Artifact => ({
  id: name,
  name,
  uri: `/data/${name}`,
  type: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' },
  metadata: { rows: 3 },
});
const run = { runId: 'r1', state: 'FAILED', error: { code: 1, message: 'a step failed', cause: 'step' } } as RunRow;
const spec = {
  root: { dag: { tasks: { train: { componentName: 'comp-train' } } }, outputDefinitions: { artifacts: {} } },
  components: {
    'comp-train': {
      inputDefinitions: { artifacts: { data: { isArtifactList: false }, models: { isArtifactList: true } } },
      outputDefinitions: { artifacts: {} },
    },
  },
} as unknown as PipelineSpec;
const tasks = [
  { task: 0, parentTask: null, path: '/', displayName: 'root', state: 'FAILED' },
  {
    task: 1,
    parentTask: 0,
    path: '/train',
    displayName: 'Train it',
    iteration: null,
    state: 'FAILED',
    attempts: 2,
    inputs: { parameters: { epochs: 3 }, artifacts: { data: [artifact('data')], models: [artifact('a')] } },
    outputs: null,
    error: { code: 3, message: 'exit status 3', hint: 'look at the log', cause: 'step' },
  },
] as unknown as TaskRow[];

test('the result has a row per task, with its values and its error; a list stays a list when it has one element', () => {
  const shown = (name: string) => ({ name, type: 'system.Model', uri: `/data/${name}`, metadata: { rows: 3 } });
  assert.deepEqual(runJson(run, { tasks }, spec), {
    run_id: 'r1',
    state: 'FAILED',
    error: { code: 1, message: 'a step failed', cause: 'step' },
    outputs: { parameters: {}, artifacts: {} },
    tasks: [
      {
        name: 'Train it',
        path: '/train',
        iteration: null,
        state: 'FAILED',
        attempts: 2,
        inputs: { parameters: { epochs: 3 }, artifacts: { data: shown('data'), models: [shown('a')] } },
        outputs: { parameters: {}, artifacts: {} },
        error: { code: 3, message: 'exit status 3', hint: 'look at the log', cause: 'step' },
      },
    ],
  });
});

test('what the last attempt of a task used is told, where it was measured', () => {
  const attempts = [
    { task: 1, attempt: 1, cpuMs: 12.5, peakMemoryBytes: 4096 },
    { task: 1, attempt: 0, cpuMs: 99, peakMemoryBytes: 99 },
  ] as AttemptRow[];
  const useOf = (rows: readonly AttemptRow[]) => runJson(run, { tasks, attempts: rows }, spec).tasks[0]!.use;
  assert.deepEqual(useOf(attempts), { cpu_ms: 12.5, peak_memory_bytes: 4096 });
  assert.equal(useOf([{ ...attempts[0]!, cpuMs: null, peakMemoryBytes: null }]), undefined);
});
