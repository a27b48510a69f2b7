// The command line as its users see it: a process with arguments, output and an exit code. Steps are shell commands.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SAME_KEY_MS } from '../../src/cli/follow-run.ts';
import { cliWorld, type CliResult } from '../support/run-cli.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

interface ResultJson {
  readonly run_id: string;
  readonly state: string;
  readonly error: { readonly message: string } | null;
  readonly outputs: { readonly parameters: Record<string, unknown> };
  readonly tasks: readonly { readonly name: string; readonly path: string; readonly state: string; readonly attempts: number }[];
}

const resultOf = (result: CliResult): ResultJson => JSON.parse(result.stdout) as ResultJson;
const statesOf = (result: CliResult): Record<string, string> =>
  Object.fromEntries(resultOf(result).tasks.map(({ path, state }) => [path, state]));

const hello = stepPipeline({
  name: 'hello',
  parameters: { who: { type: 'STRING', default: 'World' }, times: { type: 'NUMBER_INTEGER', default: 1 } },
  steps: {
    greet: {
      sh: 'mkdir -p "$(dirname "$1")" && printf "Hello, %s!" "$0" > "$1"',
      args: ["{{$.inputs.parameters['who']}}", "{{$.outputs.parameters['text'].output_file}}"],
      inputs: { who: 'root:who' },
      outputs: ['text'],
    },
    shout: { sh: 'echo "$0"', args: ["{{$.inputs.parameters['text']}}"], inputs: { text: 'greet.text' } },
  },
  outputs: { text: 'greet.text' },
});

test('help names the commands and ends with 0', async () => {
  await using world = await cliWorld();
  const result = await world.run(['--help']);
  assert.equal(result.exitCode, 0);
  assert.match(result.stdout, /local/);
  assert.match(result.stdout, /secret/);
});

test('a run that succeeds ends with 0; its result is one JSON object on stdout', async () => {
  await using world = await cliWorld();
  const file = await world.write('hello.json', hello);
  const result = await world.run(['local', file, '-p', 'who=Ada', '--json']);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.equal(resultOf(result).state, 'SUCCEEDED');
  assert.deepEqual(resultOf(result).outputs.parameters, { text: 'Hello, Ada!' });
  assert.deepEqual(statesOf(result), { '/greet': 'SUCCEEDED', '/shout': 'SUCCEEDED' });
});

test('what has run before comes from the cache, unless told otherwise', async () => {
  await using world = await cliWorld();
  const file = await world.write('hello.json', hello);
  await world.run(['local', file, '--json']);
  assert.deepEqual(statesOf(await world.run(['local', file, '--json'])), { '/greet': 'CACHED', '/shout': 'CACHED' });
  const uncached = await world.run(['local', file, '--no-cache', '--json']);
  assert.deepEqual(statesOf(uncached), { '/greet': 'SUCCEEDED', '/shout': 'SUCCEEDED' });
});

test('an output that cannot be written does not end the run; the exit code says that it is missing', async (context) => {
  if (!existsSync('/dev/full')) return context.skip('there is no /dev/full');
  await using world = await cliWorld();
  const file = await world.write('hello.json', hello);
  const full = openSync('/dev/full', 'w');
  const result = await world.run(['local', file, '--json'], { stdout: full });
  closeSync(full);
  assert.equal(result.exitCode, 1);
  assert.match(result.stderr, /^pipewright: the output cannot be written: ENOSPC.*\n$/);
  assert.deepEqual(statesOf(await world.run(['local', file, '--json'])), { '/greet': 'CACHED', '/shout': 'CACHED' });
});

test('a program reading the output gets one line per step and a closing line', async () => {
  await using world = await cliWorld();
  const result = await world.run(['local', await world.write('hello.json', hello)]);
  assert.match(result.stdout, /^\d\d:\d\d:\d\d ✓ \/greet/m);
  assert.match(result.stdout, /✓ hello succeeded in .*2 done/);
  assert.match(result.stdout, /text +"Hello, World!"/);
});

test('a failed run ends with 1, shows the end of the log, and can be resumed once the cause is gone', async () => {
  await using world = await cliWorld();
  const marker = join(world.folder, 'repaired');
  const file = await world.write(
    'flaky.json',
    stepPipeline({
      name: 'flaky',
      steps: {
        first: { sh: 'echo one' },
        second: { sh: `echo looking for the part; test -e ${marker} || exit 3`, after: ['first'] },
        third: { sh: 'echo three', after: ['second'] },
      },
    }),
  );
  const failed = await world.run(['local', file]);
  assert.equal(failed.exitCode, 1);
  assert.match(failed.stdout, /✗ \/second/);
  assert.match(failed.stdout, /looking for the part/);
  assert.match(failed.stdout, /pipewright local --resume/);

  await writeFile(marker, '');
  const resumed = await world.run(['local', '--resume', 'last', '--json']);
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  const attempts = Object.fromEntries(resultOf(resumed).tasks.map(({ path, attempts: count }) => [path, count]));
  assert.equal(attempts['/first'], 1, 'what succeeded is not run again');
  assert.equal(statesOf(resumed)['/third'], 'SUCCEEDED');
});

test('two runs at once on one data folder both succeed', async () => {
  await using world = await cliWorld();
  const file = await world.write(
    'slow.json',
    stepPipeline({ steps: { first: { sh: 'sleep 0.3' }, second: { sh: 'sleep 0.3', after: ['first'] } } }),
  );
  const both = await Promise.all([
    world.run(['local', file, '--no-cache', '--json']),
    world.run(['local', file, '--no-cache', '--json']),
  ]);
  assert.deepEqual(
    both.map((result) => [result.exitCode, resultOf(result).state]),
    [
      [0, 'SUCCEEDED'],
      [0, 'SUCCEEDED'],
    ],
  );
});

test('--from-task runs a task and what depends on it again', async () => {
  await using world = await cliWorld();
  const count = join(world.folder, 'count');
  const file = await world.write(
    'count.json',
    stepPipeline({
      steps: { first: { sh: `echo first >> ${count}` }, second: { sh: `echo second >> ${count}`, after: ['first'] } },
    }),
  );
  await world.run(['local', file, '--json']);
  const again = await world.run(['local', '--resume', 'last', '--from-task', '/second', '--json']);
  assert.equal(again.exitCode, 0, again.stderr);
  const unknown = await world.run(['local', '--resume', 'last', '--from-task', '/secnd']);
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.stderr, /\/second/);
});

test('--clone starts the same pipeline with other arguments', async () => {
  await using world = await cliWorld();
  const first = await world.run(['local', await world.write('hello.json', hello), '-p', 'who=Ada', '--json']);
  const clone = await world.run(['local', '--clone', resultOf(first).run_id.slice(0, 8), '-p', 'who=Grace', '--json']);
  assert.equal(clone.exitCode, 0, clone.stderr);
  assert.deepEqual(resultOf(clone).outputs.parameters, { text: 'Hello, Grace!' });
});

test('Ctrl-C cancels the run and ends with 130', async () => {
  await using world = await cliWorld();
  const file = await world.write(
    'slow.json',
    stepPipeline({ steps: { quick: { sh: 'echo quick' }, slow: { sh: 'sleep 60', after: ['quick'] } } }),
  );
  let sent = false;
  const result = await world.run(['local', file], {
    onOutput(text, signal) {
      if (sent || !text.includes('/quick')) return;
      sent = true;
      signal('SIGINT');
    },
  });
  assert.equal(result.exitCode, 130, result.stderr);
  assert.match(result.stdout, /was canceled/);
});

test('a second Ctrl-C does not wait for a step that ignores the first; --resume goes on after its end', async () => {
  await using world = await cliWorld();
  const [gate, again] = ['gate', 'again'].map((name) => join(world.folder, name)) as [string, string];
  // The first time, the step does not end before the gate is there, whatever it is told.
  const sh = `test -e ${again} && exit 0; touch ${again}; trap "" TERM; until test -e ${gate}; do sleep 0.05; done`;
  const file = await world.write('stubborn.json', stepPipeline({ steps: { stubborn: { sh } } }));
  let timer: NodeJS.Timeout | undefined;
  const left = await world.run(['local', file], {
    onStarted(signal) {
      timer = setInterval(() => existsSync(again) && signal('SIGINT'), SAME_KEY_MS + 50);
    },
  });
  clearInterval(timer);
  assert.equal(left.exitCode, 130, left.stderr);
  assert.doesNotMatch(left.stdout, /was canceled/);
  await writeFile(gate, '');
  const resumed = await world.run(['local', '--resume', 'last', '--json']);
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.deepEqual(statesOf(resumed), { '/stubborn': 'SUCCEEDED' });
});

test('a run whose command was killed is followed to its end by --resume; its running step is not started again', async () => {
  await using world = await cliWorld();
  const count = join(world.folder, 'count');
  const file = await world.write(
    'slow.json',
    stepPipeline({ steps: { quick: { sh: 'echo quick' }, slow: { sh: `echo started >> ${count}; sleep 3`, after: ['quick'] } } }),
  );
  let killed = false;
  await world.run(['local', file], {
    onOutput(text, signal) {
      if (killed || !text.includes('/quick')) return;
      killed = true;
      // The step has to be on its way: its first act is the mark it leaves.
      const timer = setInterval(() => {
        if (!existsSync(count)) return;
        clearInterval(timer);
        signal('SIGKILL');
      }, 10);
    },
  });
  const other = await world.run(['local', await world.write('hello.json', hello)]);
  assert.match(other.stdout + other.stderr, /an earlier run goes on as well: steps .*--resume \w{8}$/m);
  const killedRun = /--resume (\w{8})$/m.exec(other.stdout + other.stderr)![1]!;
  const resumed = await world.run(['local', '--resume', killedRun, '--json']);
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.deepEqual(statesOf(resumed), { '/quick': 'SUCCEEDED', '/slow': 'SUCCEEDED' });
  assert.equal(readFileSync(count, 'utf8'), 'started\n');
});

const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['a file that is not there', ['local', 'missing.yaml'], /there is no such file/],
  ['an option nobody knows', ['local', 'hello.json', '--quick'], /unknown option '--quick'\nSee: pipewright local --help$/m],
  ['no file at all', ['local'], /give a pipeline file/],
  ['an argument the pipeline does not have', ['local', 'hello.json', '-p', 'whom=Ada'], /its parameters are: who, times/],
  ['a value the pipeline needs and does not get', ['local', 'needy.json'], /who/],
  ['an argument of another type', ['local', 'hello.json', '-p', 'times=often'], /whole number/],
  ['a TypeScript file without a pipeline', ['local', 'empty.ts'], /exports no pipeline/],
  ['an Argo Workflow', ['local', 'argo.yaml'], /Argo Workflow/],
  ['a run nobody knows', ['local', '--resume', 'ffffffff'], /there is no run ffffffff/],
];
for (const [what, args, expected] of refused) {
  test(`${what} ends with 2 and says what to do`, async () => {
    await using world = await cliWorld();
    await world.write('hello.json', hello);
    await world.write('needy.json', stepPipeline({ parameters: { who: { type: 'STRING' } }, steps: { one: { sh: 'true' } } }));
    await world.write('argo.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n');
    await world.write('empty.ts', 'export const nothing = 1;\n');
    const result = await world.run(args);
    assert.equal(result.exitCode, 2, result.stderr);
    assert.match(result.stderr, expected);
    assert.doesNotMatch(result.stderr, /^\s+at .*:\d+/m, 'a stack trace is not for users');
    assert.equal(result.stdout, '');
  });
}

test('problems of a pipeline file name the line, on stderr and as JSON', async () => {
  await using world = await cliWorld();
  const file = await world.write('broken.yaml', 'pipelineInfo:\n  name: broken\nschemaVersion: 2.1.0\nrooot: {}\n');
  const result = await world.run(['local', file, '--json']);
  assert.equal(result.exitCode, 2);
  assert.match(result.stderr, /line 4/);
  const { error } = JSON.parse(result.stdout) as {
    error: { code: string; problems: { path: string; message: string; line?: number }[] };
  };
  assert.equal(error.code, 'INVALID_PIPELINE');
  assert.ok(error.problems.some(({ line }) => line === 4));
});

test('a Python file without the SDK says how to get it', async () => {
  await using world = await cliWorld();
  const file = await world.write('pipeline.py', 'raise SystemExit(1)\n');
  // No Python can be found there.
  const result = await world.run(['local', file], { env: { PATH: world.folder, VIRTUAL_ENV: '' } });
  assert.equal(result.exitCode, 2, result.stderr);
  assert.match(result.stderr, /pip install kfp/);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test('a Python file is compiled by the SDK of the environment', { skip: hasPython ? false : 'python3 is missing' }, async () => {
  await using world = await cliWorld();
  // A stand-in for the SDK: it has its entry point, checks what it is called with and writes a pipeline.
  await mkdir(join(world.folder, 'kfp/cli'), { recursive: true });
  for (const file of ['kfp/__init__.py', 'kfp/cli/__init__.py']) await world.write(file, '');
  await world.write(
    'kfp/cli/__main__.py',
    `import shutil, sys
def main():
    assert sys.argv[1:3] == ['dsl', 'compile'], sys.argv
    py, output = sys.argv[4], sys.argv[6]
    if 'mistake' in open(py).read():
        sys.exit('NameError: mistake')
    shutil.copy('hello.json', output)
`,
  );
  await world.write('hello.json', hello);
  const good = await world.run(['local', await world.write('pipeline.py', 'fine'), '--json'], {
    env: { PYTHONPATH: world.folder },
  });
  assert.equal(good.exitCode, 0, good.stderr);
  assert.deepEqual(resultOf(good).outputs.parameters, { text: 'Hello, World!' });
  const bad = await world.run(['local', await world.write('pipeline.py', 'mistake')], { env: { PYTHONPATH: world.folder } });
  assert.equal(bad.exitCode, 2);
  assert.match(bad.stderr, /could not compile[\s\S]*NameError: mistake/);
});

test('secrets are created, listed without their values, used and deleted', async () => {
  await using world = await cliWorld();
  assert.equal(
    (await world.run(['secret', 'create', 'db', '--from-literal', 'user=ada', '--from-literal', 'password=p=1'])).exitCode,
    0,
  );
  const list = await world.run(['secret', 'list']);
  assert.match(list.stdout, /db +password, user/);
  assert.doesNotMatch(list.stdout, /ada/);
  assert.equal((await world.run(['secret', 'delete', 'db'])).exitCode, 0);
  assert.equal((await world.run(['secret', 'delete', 'db'])).exitCode, 2);
});
