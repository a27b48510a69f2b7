/**
 * The engine is killed (SIGKILL) at random moments of a run of real processes and started again each time. Whatever the moment:
 * the run ends right, no step that succeeded ran twice, and a long step that was running is adopted, not started again.
 * `PIPEWRIGHT_LONG_STEP_SECONDS=60` makes the long step as long as one likes.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeDocument } from '../../src/ir/write.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { SimRandom } from '../sim/sim-random.ts';
import { container, dag, param, pipelineDocument, step, task } from '../support/spec-builder.ts';

const KILLS = 20;
const STEPS = 200;
const LONG_STEP_SECONDS = Number(process.env['PIPEWRIGHT_LONG_STEP_SECONDS'] ?? 12);
const ENGINE = fileURLToPath(new URL('../support/engine-process.ts', import.meta.url));

/** 200 steps, half of them one after the other, half side by side, and one long one; each writes a line when it starts. */
function pipelineOf(journal: string): string {
  const write = `echo "$0" >> ${journal}; sleep 0.02; printf 1 > "$1"`;
  const chained = Object.fromEntries(
    Array.from({ length: STEPS / 2 }, (_, index) => [
      `chain-${index}`,
      task('comp-step', {
        dependentTasks: index === 0 ? [] : [`chain-${index - 1}`],
        inputs: { parameters: { name: { kind: 'constant', value: `chain-${index}` } }, artifacts: {} },
      }),
    ]),
  );
  const names = Array.from({ length: STEPS / 2 }, (_, index) => `fan-${index}`);
  const document = pipelineDocument(
    dag({
      ...chained,
      fan: task('comp-step', {
        iterator: { kind: 'parameter', items: { kind: 'raw', items: names }, itemInput: 'name', parallelismLimit: 0 },
      }),
      long: task('comp-long'),
    }),
    {
      'comp-step': step('exec-step', {
        inputs: { name: param('STRING') },
        outputs: { out: { parameterType: 'NUMBER_INTEGER' } },
      }),
      'comp-long': step('exec-long'),
    },
    {
      'exec-step': container(
        ['sh', '-c', write],
        ["{{$.inputs.parameters['name']}}", "{{$.outputs.parameters['out'].output_file}}"],
      ),
      'exec-long': container(['sh', '-c', `echo long >> ${journal}; sleep ${LONG_STEP_SECONDS}`]),
    },
    'kill-test',
  );
  return writeDocument(document);
}

interface Life {
  readonly process: ChildProcess;
  /** Everything it said, by line. */
  readonly lines: string[];
}

function startEngine(dataDir: string, pipelineFile: string): Life {
  const process_ = spawn(process.execPath, [ENGINE, dataDir, pipelineFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  process_.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
  return { process: process_, lines };
}

test(
  `a run of ${STEPS} steps ends right though its engine is killed at ${KILLS} random moments`,
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipewright-kill-'));
    try {
      const journal = join(folder, 'steps.txt');
      const pipelineFile = join(folder, 'pipeline.json');
      const dataDir = join(folder, 'data');
      writeFileSync(journal, '');
      writeFileSync(pipelineFile, pipelineOf(journal));
      const random = new SimRandom(Number(process.env['PIPEWRIGHT_KILL_SEED'] ?? Date.now()));
      let life = startEngine(dataDir, pipelineFile);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await new Promise((resolve) => setTimeout(resolve, 250 + random.below(500)));
        life.process.kill('SIGKILL');
        await once(life.process, 'exit');
        assert(!life.lines.some((line) => line.startsWith('final')), `the run was over before kill ${kill}`);
        life = startEngine(dataDir, pipelineFile);
      }
      await once(life.process, 'exit');
      assert.equal(life.lines.at(-1), 'final SUCCEEDED');
      await checkRecords(dataDir, journal);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function checkRecords(dataDir: string, journal: string): Promise<void> {
  const counts = new Map<string, number>();
  for (const name of readFileSync(journal, 'utf8').split('\n').filter(Boolean)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const twice = [...counts].filter(([, count]) => count > 1);
  assert.deepEqual(twice, [], 'no step ran twice');
  assert.equal(counts.size, STEPS + 1, 'every step ran');
  await using store = await openSqliteStore({ file: join(dataDir, 'pipewright.db') });
  const [run] = await store.listRuns({ limit: 10 });
  const tasks = await store.listTasks(run!.runId);
  assert.deepEqual(
    tasks.filter(({ state }) => state !== 'SUCCEEDED').map(({ path, state }) => `${path} ${state}`),
    [],
  );
  const long = tasks.find(({ key }) => key === 'long')!;
  assert.equal(long.attempts, 1, 'the long step was adopted');
  assert(long.endedAtMs! - long.startedAtMs! >= LONG_STEP_SECONDS * 1000 - 50, 'the long step ran to its own end');
}
