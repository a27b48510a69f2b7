import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RUNTIME_FOLDER } from './environments.ts';

const FORK_STEPS = fileURLToPath(new URL('./fork_steps.py', import.meta.url));
const PYTHON_STEP = fileURLToPath(new URL('./python_step.py', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'pipewright-step-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const skip = spawnSync('python3', ['--version']).status === 0 ? false : 'skipped: no python3 on this machine';

const HEAD = 'import kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n';
let count = 0;

interface Ran {
  readonly code: number;
  readonly log: string;
  readonly output:
    | { readonly parameterValues?: Record<string, unknown>; readonly artifacts?: Record<string, unknown> }
    | undefined;
  readonly folder: string;
}

/** Runs the bodies of `def f(…)` in forks of one warm interpreter, one after the other. */
function runForked(
  ...steps: readonly { readonly source: string; readonly input?: object; readonly env?: object }[]
): readonly Ran[] {
  const jobs = steps.map(({ source, input, env }) => {
    const folder = join(scratch, String(count++));
    mkdirSync(join(folder, 'work'), { recursive: true });
    const executorInput = JSON.stringify({ outputs: { outputFile: join(folder, 'output.json') }, ...input });
    const request = { source: HEAD + source, function: 'f', executorInput, module: 'kfp.dsl.executor_main' };
    return { request, cwd: join(folder, 'work'), log: join(folder, 'log'), env, folder };
  });
  const env = { ...process.env, PYTHONPATH: RUNTIME_FOLDER };
  const { stdout, stderr } = spawnSync('python3', [FORK_STEPS], {
    input: jobs.map((job) => JSON.stringify(job)).join('\n'),
    env,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  const { codes } = JSON.parse(stdout) as { codes: number[] };
  return jobs.map(({ folder, log }, index) => {
    const output = join(folder, 'output.json');
    return {
      code: codes[index]!,
      log: readFileSync(log, 'utf8'),
      output: existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as Ran['output']) : undefined,
      folder,
    };
  });
}

const EXITS = [
  { title: 'a function that returns', body: 'return None', code: 0, log: /KFP Executor .* INFO/ },
  {
    title: 'an exception',
    body: 'raise ValueError("no luck")',
    code: 1,
    log: /ephemeral_component\.py", line 8, in f\n\s+raise ValueError\("no luck"\)[^]*ValueError: no luck\n$/,
  },
  { title: 'sys.exit with a number', body: 'import sys; sys.exit(7)', code: 7, log: /INFO/ },
  { title: 'sys.exit with a text', body: 'import sys; sys.exit("stopped")', code: 1, log: /stopped\n$/ },
  { title: 'sys.exit without anything', body: 'import sys; sys.exit()', code: 0, log: /INFO/ },
  { title: 'a syntax error', body: 'return (', code: 1, log: /SyntaxError/ },
];

test('exit codes and tracebacks are those of a fresh interpreter', { skip }, () => {
  const ran = runForked(...EXITS.map(({ body }) => ({ source: `def f():\n    x = 1\n    ${body}\n` })));
  EXITS.forEach(({ title, code, log }, index) => {
    assert.equal(ran[index]!.code, code, title);
    assert.match(ran[index]!.log, log, title);
    assert.doesNotMatch(ran[index]!.log, /python_step\.py|runpy/, title);
  });
});

test('a step sees nothing of the steps before it', { skip }, () => {
  const leave =
    'def f():\n    import os, sys, logging, json\n    os.environ["LEFT"] = "1"; json.left = 1\n    logging.getLogger().setLevel("ERROR"); sys.path.insert(0, "/left")\n';
  const look = `def f() -> list:
    import os, sys, json, logging
    return ["LEFT" in os.environ, hasattr(json, "left"), "/left" in sys.path, logging.getLogger().level, sys.path.count(os.getcwd())]
`;
  const [, second] = runForked({ source: leave }, { source: look });
  assert.deepEqual(second!.output?.parameterValues, { Output: [false, false, false, 20, 1] });
});

test('random numbers and temporary names differ between steps', { skip }, () => {
  const source =
    'def f() -> list:\n    import random, tempfile, uuid\n    return [random.random(), tempfile.mktemp(), str(uuid.uuid4())]\n';
  const [one, two] = runForked({ source }, { source }).map(({ output }) => output!.parameterValues!['Output'] as unknown[]);
  one!.forEach((value, index) => assert.notEqual(value, two![index]));
});

test(
  'what an interpreter does at its end is done: threads, exit functions, files left open, the component’s folder',
  { skip },
  () => {
    const source = `
left = open("left.txt", "w")
def f():
    import atexit, threading, time
    atexit.register(lambda: open("exit.txt", "w").write("done"))
    threading.Thread(target=lambda: (time.sleep(0.1), open("thread.txt", "w").write("done"))).start()
    left.write("done")
    print("no newline", end="")
`;
    const [ran] = runForked({ source });
    const work = join(ran!.folder, 'work');
    assert.deepEqual(readdirSync(work).toSorted(), ['exit.txt', 'left.txt', 'thread.txt']);
    for (const file of readdirSync(work)) assert.equal(readFileSync(join(work, file), 'utf8'), 'done');
    assert.match(ran!.log, /no newline/);
  },
);

test('variables of the step that libraries read are in force', { skip }, () => {
  const source =
    'def f() -> list:\n    import time, sys, os\n    return [time.localtime(0).tm_hour, "/extra" in sys.path, os.environ["MINE"]]\n';
  const [ran] = runForked({ source, env: { TZ: 'Etc/GMT-5', PYTHONPATH: `${RUNTIME_FOLDER}:/extra`, MINE: 'yes' } });
  assert.deepEqual(ran!.output?.parameterValues, { Output: [5, true, 'yes'] });
});

test('a variable that only a starting interpreter reads gets one', { skip }, () => {
  const source = 'def f() -> list:\n    import sys\n    return [sys.flags.hash_randomization, sys.flags.dev_mode, hash("x")]\n';
  const env = { PYTHONHASHSEED: '0', PYTHONDEVMODE: '1', PYTHONPATH: RUNTIME_FOLDER };
  const [one, two] = runForked({ source, env }, { source, env });
  assert.equal(one!.code, 0, one!.log);
  assert.deepEqual((one!.output!.parameterValues!['Output'] as unknown[]).slice(0, 2), [0, true]);
  assert.deepEqual(one!.output, two!.output);
});

test('processes that a step starts afresh find its function', { skip }, () => {
  const source = `
def g(x):
    return x * 2

def f() -> list:
    import multiprocessing
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.map(g, [1, 2])
`;
  const [ran] = runForked({ source });
  assert.equal(ran!.code, 0, ran!.log);
  assert.deepEqual(ran!.output?.parameterValues, { Output: [2, 4] });
});

test('a containerized component is found through kfp_config.ini of the working folder', { skip }, () => {
  const folder = join(scratch, 'containerized');
  mkdirSync(folder);
  writeFileSync(join(folder, 'kfp_config.ini'), '[Components]\nMyFunc = my_component.py\n');
  writeFileSync(join(folder, 'my_component.py'), 'import neighbour\ndef MyFunc() -> str:\n    return neighbour.word\n');
  writeFileSync(join(folder, 'neighbour.py'), 'word = "hi"\n');
  const executorInput = JSON.stringify({ outputs: { outputFile: join(folder, 'out.json') } });
  writeFileSync(
    join(folder, 'request'),
    JSON.stringify({ source: null, function: 'MyFunc', executorInput, module: 'kfp.dsl.executor_main' }),
  );
  const env = { ...process.env, PYTHONPATH: RUNTIME_FOLDER };
  const { status, stderr } = spawnSync('python3', [PYTHON_STEP, join(folder, 'request')], { cwd: folder, env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')), { parameterValues: { Output: 'hi' } });
});
