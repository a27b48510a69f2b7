import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { zipSync } from 'fflate';
import { PythonEnvironments, RUNTIME_FOLDER, type PythonEnvironmentsOptions } from './environments.ts';
import { findInterpreter } from './interpreter.ts';
import { NO_PIP, type PipPlan } from './python-step.ts';
import { callsPip } from './scratch-environment.ts';
import { runProgram, type ProgramRun, type RunProgram } from './run-program.ts';

const scratch = mkdtempSync(join(tmpdir(), 'pipewright-environments-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const interpreter = await findInterpreter(['python3', 'python'], runProgram, process.env).catch(() => undefined);
const skip = interpreter?.pip || interpreter?.uv ? false : 'skipped: no Python with pip or uv on this machine';

/** An index that is a folder: nothing here reaches for a network. */
const WHEELS = join(scratch, 'wheels');
const OFFLINE = {
  ...process.env,
  PIP_NO_INDEX: undefined,
  PIP_FIND_LINKS: undefined,
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  PIP_RETRIES: '0',
};
const FOLDER_INDEX = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: WHEELS, UV_NO_INDEX: '1', UV_FIND_LINKS: WHEELS };

mkdirSync(WHEELS);
for (const [name, version] of [
  ['kfp', '2.12.0'],
  ['kfp', '2.3.0'],
  ['tool_a', '1.0'],
  ['kfp_extension', '1.0'],
] as const) {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name}/__init__.py`]: `version = "${version}"\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `${name}/__init__.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  };
  const bytes = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  writeFileSync(join(WHEELS, `${name}-${version}-py3-none-any.whl`), zipSync(bytes));
}

interface Setting {
  readonly dataDir: string;
  readonly environments: PythonEnvironments;
  readonly programs: ProgramRun[];
  readonly notes: string[];
  ensure(
    pip: Partial<PipPlan>,
  ): Promise<{ readonly key: string; readonly python: string; readonly env: Readonly<Record<string, string>> }>;
}

let count = 0;

function setting(options: Partial<PythonEnvironmentsOptions> = {}): Setting {
  const dataDir = options.dataDir ?? join(scratch, `data-${count++}`);
  const programs: ProgramRun[] = [];
  const notes: string[] = [];
  const run: RunProgram = (program) => {
    programs.push(program);
    return (options.run ?? runProgram)(program);
  };
  const environments = new PythonEnvironments({ env: FOLDER_INDEX, ...options, dataDir, run });
  const ensure = (pip: Partial<PipPlan>) =>
    environments.ensure({ pip: { ...NO_PIP, ...pip }, module: 'kfp.dsl.executor_main', source: 'import os\n' }, (message) =>
      notes.push(message),
    );
  return { dataDir, environments, programs, notes, ensure };
}

async function importable(python: string, module: string): Promise<string> {
  const outputFile = join(scratch, `import-${count++}`);
  const argv = [python, '-c', `import ${module}; print(${module}.version)`];
  await runProgram({ argv, env: process.env, cwd: scratch, outputFile, timeoutMs: 30_000 });
  return readFileSync(outputFile, 'utf8').trim();
}

const installs = (programs: readonly ProgramRun[]) => programs.filter(({ argv }) => argv.includes('install')).length;

test('an environment holds the packages of the step, user’s first, and is built once', { skip }, async () => {
  const { ensure, programs, notes } = setting();
  const wanted = { requirements: ['tool-a==1.0'], kfpRequirement: 'kfp==2.12.0', kfpNoDeps: true };
  const first = await ensure(wanted);
  assert.equal(await importable(first.python, 'tool_a'), '1.0');
  assert.equal(await importable(first.python, 'kfp'), '2.12.0');
  assert.equal(first.env['PYTHONPATH'], '');
  assert.ok(first.env['PATH']!.startsWith(join(first.python, '..')));
  const before = programs.length;
  assert.deepEqual(await ensure(wanted), first);
  assert.equal(programs.length, before);
  assert.deepEqual(notes, ['building the Python environment for tool-a==1.0 (first use)…']);
});

test('steps that ask at the same time, in two server processes, share one build', { skip }, async () => {
  const [one, other] = [setting(), setting({ dataDir: join(scratch, `data-${count - 1}`) })];
  const wanted = { requirements: ['tool-a'] };
  const found = await Promise.all([one.ensure(wanted), one.ensure(wanted), other.ensure(wanted), other.ensure(wanted)]);
  assert.equal(new Set(found.map(({ python }) => python)).size, 1);
  assert.equal(installs(one.programs) + installs(other.programs), 1);
});

test('what a crash left half-made is built anew', { skip }, async () => {
  const crashed = setting({
    run: async (program) =>
      program.argv.includes('install') ? Promise.reject(new Error('the server died')) : runProgram(program),
  });
  await assert.rejects(crashed.ensure({ requirements: ['tool-a'] }), /the server died/);
  const next = setting({ dataDir: crashed.dataDir });
  const { python } = await next.ensure({ requirements: ['tool-a'] });
  assert.equal(await importable(python, 'tool_a'), '1.0');
  assert.deepEqual(
    readdirSync(join(crashed.dataDir, 'python')).filter((name) => name.endsWith('.lock')),
    [],
  );
});

test(
  'a package that does not exist fails with its name and the installer’s words, and is tried again after a minute',
  { skip },
  async () => {
    let now = 0;
    const clock = { now: () => now, at: (_: number, callback: () => void) => (setImmediate(callback), () => {}) };
    const { ensure, programs } = setting({ clock: { ...clock, at: () => () => {} } });
    const wanted = { requirements: ['tool-b==3'] };
    await assert.rejects(ensure(wanted), { code: 'INVALID_PIPELINE', message: /tool-b==3 could not be installed: .*tool-b/s });
    const tries = installs(programs);
    await assert.rejects(ensure(wanted), /tool-b==3/);
    assert.equal(installs(programs), tries);
    now = 61_000;
    await assert.rejects(ensure(wanted), /tool-b==3/);
    assert.equal(installs(programs), tries + 1);
  },
);

test(
  'without an index, and for a kfp the index does not have, the bundled runtime takes over and a note says so',
  { skip },
  async () => {
    for (const [env, kfpRequirement, why] of [
      [OFFLINE, 'kfp==2.12.0', /no package index can be reached/],
      [FOLDER_INDEX, 'kfp==2.99.0', /kfp==2\.99\.0/],
    ] as const) {
      const { ensure, notes } = setting({ env });
      const found = await ensure({ kfpRequirement, kfpNoDeps: true });
      assert.equal(found.env['PYTHONPATH'], RUNTIME_FOLDER);
      assert.match(notes.at(-1)!, why);
      assert.match(notes.at(-1)!, /bundled with pipewright/);
    }
  },
);

test('without an index, a package the host has is used and one it lacks is an error that names it', { skip }, async () => {
  const { ensure, notes } = setting({ env: OFFLINE });
  await assert.rejects(ensure({ requirements: ['no-such-package-here>=1'] }), {
    code: 'UNAVAILABLE',
    message: /no-such-package-here>=1/,
  });
  if (!interpreter?.pip) return;
  const found = await ensure({ requirements: ['pip>=1'], kfpRequirement: 'kfp==2.12.0', kfpNoDeps: true });
  assert.deepEqual([found.python, found.env['PYTHONPATH']], [interpreter.path, RUNTIME_FOLDER]);
  assert.match(notes.at(-1)!, /pip>=1/);
});

test('a kfp older than 2.5 is left out, and a note says so once', { skip }, async () => {
  const { ensure, programs, notes } = setting();
  const found = await ensure({ kfpRequirement: 'kfp==2.3.0' });
  await ensure({ kfpRequirement: 'kfp==2.3.0' });
  assert.equal(found.env['PYTHONPATH'], RUNTIME_FOLDER);
  assert.equal(installs(programs), 0);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /kfp==2\.3\.0 .* bundled with pipewright/);
});

test('an installed kfp older than 2.5 is hidden by the bundled runtime', { skip }, async () => {
  const { environments } = setting();
  const pip = { ...NO_PIP, kfpRequirement: 'kfp==2.3.0' };
  const found = await environments.ensure({ pip, module: 'kfp.dsl.executor_main', source: 'import yaml\n' }, () => {});
  assert.equal(await importable(found.python, 'kfp'), '2.3.0');
  assert.equal(found.env['PYTHONPATH'], RUNTIME_FOLDER);
});

test('a step without a pip part runs on the host’s interpreter', { skip }, async () => {
  const { ensure, programs } = setting();
  const found = await ensure({});
  assert.equal(found.python, interpreter!.path);
  assert.equal(installs(programs), 0);
});

test('a machine without Python is told so', async () => {
  const { ensure } = setting({ pythons: ['no-such-python'] });
  await assert.rejects(ensure({}), { code: 'UNAVAILABLE', hint: /Python 3\.8/ });
});

test(
  'what a command installs by itself stays in its own environment',
  { skip: skip || (interpreter?.pip ? false : 'skipped: no pip') },
  async () => {
    const { environments } = setting();
    const env = await environments.scratch(join(scratch, "it's own", 'venv'));
    for (const [index, pip] of ['pip', 'python3 -m pip'].entries()) {
      const outputFile = join(scratch, `scratch-${index}`);
      const script = `${pip} install --quiet tool-a kfp-extension && python3 -c 'import tool_a; print(tool_a.__file__)'`;
      const { exitCode } = await runProgram({
        argv: ['sh', '-c', script],
        env: { ...FOLDER_INDEX, ...env },
        cwd: scratch,
        outputFile,
        timeoutMs: 60_000,
      });
      const output = readFileSync(outputFile, 'utf8');
      assert.equal(exitCode, 0, output);
      assert.match(output, /it's own\/venv\/lib/);
    }
    assert.match(await importable(interpreter!.path, 'tool_a'), /ModuleNotFoundError/);
  },
);

test('commands that call pip are told from those that do not', () => {
  const calls = [
    ['sh', '-c', 'set -e; pip install x'],
    ['python3', '-m', 'pip', 'install', 'x'],
    ['/usr/bin/pip3', '--quiet', 'install', 'x'],
  ];
  const others = [
    ['echo', 'pip'],
    ['sh', '-c', 'apt-get install x'],
    ['pip', 'list'],
    ['pipx', 'install', 'x'],
  ];
  assert.deepEqual([...calls, ...others].map(callsPip), [true, true, true, false, false, false, false]);
});
