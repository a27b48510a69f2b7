import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  collect,
  component,
  Dataset,
  exitHandler,
  finalStatus,
  forEach,
  int,
  Model,
  oneOf,
  pipeline,
  string,
  when,
} from '../sdk/pipewright.ts';
import { loadUserModule } from '../compiler/load-user-module.ts';
import { runInMemory } from './run-in-memory.ts';

const load = component({
  name: 'load',
  image: 'loader',
  inputs: { rows: int },
  outputs: { data: Dataset, count: int },
  command: ['load'],
});
const train = component({
  name: 'train',
  image: 'trainer',
  inputs: { data: Dataset, rate: int },
  outputs: { model: Model, loss: int },
  command: ['train'],
});
const report = component({ name: 'report', image: 'r', inputs: { status: finalStatus }, command: ['report'] });
const deploy = component({
  name: 'deploy',
  image: 'd',
  inputs: { model: Model, how: string },
  outputs: { url: string },
  command: ['deploy'],
});

const inner = pipeline({ name: 'inner', inputs: { data: Dataset } }, ({ data }) => train({ data, rate: 9 }).outputs.model);
const whole = pipeline({ name: 'whole', inputs: { rows: int.default(2) } }, ({ rows }) => {
  const loaded = load({ rows });
  const losses = collect(forEach([1, 2], (rate) => train({ data: loaded.outputs.data, rate }).outputs.loss));
  const best = inner({ data: loaded.outputs.data }).output;
  const url = oneOf(
    when(loaded.outputs.count.greaterThan(10), () => deploy({ model: best, how: 'big' }).output).otherwise(
      () => deploy({ model: best, how: 'small' }).output,
    ),
  );
  return { url, losses };
});

test('replaced steps give what the test says, and the engine does the rest', async () => {
  const rates: number[] = [];
  await using run = await runInMemory(whole, {
    arguments: { rows: 3 },
    replace: {
      load: ({ rows }) => ({ data: { content: 'a,b', metadata: { rows: rows! } }, count: 4 }),
      train: ({ data, rate }) => {
        rates.push(rate as number);
        return { model: readFileSync((data as { path: string }).path, 'utf8'), loss: 10 * (rate as number) };
      },
      deploy: ({ how }) => ({ url: `https://${String(how as string)}` }),
    },
  });
  assert.equal(run.state, 'SUCCEEDED', run.error?.message);
  assert.deepEqual(run.outputs.parameters, { url: 'https://small', losses: [10, 20] });
  assert.deepEqual(
    rates.toSorted((a, b) => a - b),
    [1, 2, 9],
  );
  assert.equal(run.tasks['/condition-branches-3/condition-4']?.state, 'SKIPPED');
  const model = run.tasks['/inner/train']!.outputs.artifacts['model']![0]!;
  assert.deepEqual([model.type, await run.read(model)], ['system.Model', 'a,b']);
  assert.deepEqual(run.tasks['/load']!.outputs.artifacts['data']![0]!.metadata, { rows: 3 });
});

test('a step of a nested pipeline can be replaced alone', async () => {
  const only = pipeline({ name: 'only', inputs: { data: Dataset.optional() } }, () => {
    const { data } = load({ rows: 1 }).outputs;
    train({ data, rate: 1 });
    inner({ data });
  });
  const seen: string[] = [];
  await using run = await runInMemory(only, {
    replace: {
      load: () => ({ data: '', count: 0 }),
      train: () => (seen.push('outer'), { model: '', loss: 0 }),
      'inner/train': () => (seen.push('inner'), { model: '', loss: 0 }),
    },
  });
  assert.equal(run.state, 'SUCCEEDED');
  assert.deepEqual(seen.sort(), ['inner', 'outer']);
});

test('TypeScript functions run as they are', async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), 'pipewright-testing-')), 'pipeline.ts');
  t.after(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(
    file,
    `import { component, Dataset, int, pipeline } from 'pipewright';
    import { writeFileSync } from 'node:fs';
    const double = component({ name: 'double', inputs: { n: int }, outputs: { m: int, note: Dataset } }, ({ n }, { note }) => {
      writeFileSync(note.path, String(n));
      note.metadata['n'] = n;
      return { m: 2 * n };
    });
    export default pipeline({ name: 'twice', inputs: { n: int } }, ({ n }) => double({ n: double({ n }).outputs.m }).outputs);`,
  );
  const { default: twice } = (await loadUserModule(file)) as { default: Parameters<typeof runInMemory>[0] };
  await using run = await runInMemory(twice, { arguments: { n: 3 } });
  assert.deepEqual(run.outputs.parameters, { m: 12 });
  const note = run.outputs.artifacts['note']![0]!;
  assert.deepEqual([note.metadata, await run.read(note)], [{ n: 6 }, '6']);
});

test('what throws fails its step; retries and exit tasks happen', async () => {
  const failing = pipeline({ name: 'failing' }, () => {
    exitHandler(report(), () => {
      load({ rows: 1 }).retry({ limit: 2 });
    });
  });
  let calls = 0;
  const states: unknown[] = [];
  await using run = await runInMemory(failing, {
    replace: {
      load: () => {
        calls++;
        throw new Error('the bucket is empty');
      },
      report: ({ status }) => void states.push((status as { state: string }).state),
    },
  });
  assert.equal(run.state, 'FAILED');
  assert.match(run.tasks['/exit-handler-1/load']!.error!.message, /the bucket is empty/);
  assert.deepEqual([calls, states], [3, ['FAILED']]);
});

test('a program without a stand-in says how to replace it', async () => {
  const one = pipeline({ name: 'one' }, () => void load({ rows: 1 }));
  await using run = await runInMemory(one);
  assert.match(run.tasks['/load']!.error!.message, /nothing stands in for it/);
  assert.match(run.tasks['/load']!.error!.hint!, /replace: \{ 'load'/);
});

test('a stand-in for no step, and an output of no step, are mistakes of the test', async () => {
  const one = pipeline({ name: 'one' }, () => void load({ rows: 1 }));
  await assert.rejects(runInMemory(one, { replace: { lod: () => ({}) } }), /has no step "lod" to replace/);
  await using run = await runInMemory(one, { replace: { load: () => ({ data: '', count: 1, size: 3 }) } });
  assert.match(run.error!.message, /gives "size", which is not an output of it/);
  await assert.rejects(runInMemory(whole, { arguments: { rows: 'many' } }), /rows|arguments/);
});
