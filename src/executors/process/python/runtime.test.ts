import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PythonEnvironments, RUNTIME_FOLDER } from './environments.ts';
import { NO_PIP } from './python-step.ts';
import { RUNTIME_CASES, type RuntimeCase } from './runtime-cases.ts';

const FORK_STEPS = fileURLToPath(new URL('./fork_steps.py', import.meta.url));
const REAL_KFP = 'kfp==2.17.3';
const HEAD = 'import kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n';
const scratch = mkdtempSync(join(tmpdir(), 'pipewright-runtime-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const skip = spawnSync('python3', ['--version']).status === 0 ? false : 'skipped: no python3 on this machine';

function makeRequest({ source, parameters, inputs, outputs, outputParameters }: RuntimeCase, root: string): object {
  const out = join(root, 'out');
  const planned = Object.entries(outputs ?? {}).map(([name, schemaTitle]) => [
    name,
    { artifacts: [{ name, uri: join(out, name), type: { schemaTitle, schemaVersion: '0.0.1' }, metadata: {} }] },
  ]);
  const given = Object.entries(inputs ?? {}).map(([name, artifacts]) => [name, { artifacts }]);
  const executorInput = {
    inputs: { parameterValues: parameters ?? {}, artifacts: Object.fromEntries(given) as object },
    outputs: {
      outputFile: join(out, 'output.json'),
      parameters: Object.fromEntries((outputParameters ?? []).map((name) => [name, { outputFile: join(out, name) }])),
      artifacts: Object.fromEntries(planned) as object,
    },
  };
  return { source: HEAD + source, function: 'f', executorInput: JSON.stringify(executorInput), module: 'kfp.dsl.executor_main' };
}

/** The executor output of each case, or the log of a case that wrote none. */
function runCases(
  cases: readonly RuntimeCase[],
  python: string,
  env: Readonly<Record<string, string>>,
  name: string,
): readonly (object | string)[] {
  const roots = cases.map((_, index) => join(scratch, name, String(index)));
  for (const root of roots) mkdirSync(join(root, 'work'), { recursive: true });
  const jobs = cases.map((one, index) => ({
    request: makeRequest(one, roots[index]!),
    cwd: join(roots[index]!, 'work'),
    log: join(roots[index]!, 'log'),
  }));
  const input = jobs.map((job) => JSON.stringify(job)).join('\n');
  const { stderr } = spawnSync(python, [FORK_STEPS], { input, env: { ...process.env, ...env }, encoding: 'utf8' });
  assert.equal(stderr, '');
  return roots.map((root) => {
    const file = join(root, 'out', 'output.json');
    if (!existsSync(file)) return readFileSync(join(root, 'log'), 'utf8');
    return JSON.parse(readFileSync(file, 'utf8').replaceAll(root, '<root>')) as object;
  });
}

function check(cases: readonly RuntimeCase[], results: readonly (object | string)[]): void {
  cases.forEach(({ title, expected }, index) => {
    const result = results[index]!;
    if (expected === undefined) assert.equal(typeof result, 'string', title);
    else assert.deepEqual(result, expected, `${title}: ${typeof result === 'string' ? result : JSON.stringify(result)}`);
  });
}

test('the bundled runtime makes of each case what is expected', { skip }, () => {
  check(RUNTIME_CASES, runCases(RUNTIME_CASES, 'python3', { PYTHONPATH: RUNTIME_FOLDER }, 'bundled'));
});

test('a real kfp makes the same of them', { skip }, async (t) => {
  const environments = new PythonEnvironments({ dataDir: join(scratch, 'data') });
  const pip = { ...NO_PIP, kfpRequirement: REAL_KFP, kfpNoDeps: true };
  const { python, env } = await environments.ensure({ pip, module: 'kfp.dsl.executor_main', source: '' }, () => {});
  if (env['PYTHONPATH'] === RUNTIME_FOLDER) return t.skip(`skipped: ${REAL_KFP} cannot be installed here`);
  const same = RUNTIME_CASES.filter(({ realDiffers }) => realDiffers === undefined);
  check(same, runCases(same, python, env, 'real'));
});
