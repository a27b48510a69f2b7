import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentKey, importedModules, planEnvironment, withoutKfp } from './environment-plan.ts';
import type { Interpreter } from './interpreter.ts';
import { NO_PIP, type PipPlan } from './python-step.ts';

const INTERPRETER: Interpreter = {
  path: '/usr/bin/python3',
  version: '3.11.7',
  platform: 'cpython-311-linux-x86_64',
  pip: [23, 2],
  kfp: undefined,
  standardModules: new Set(['os', 'json', 'typing']),
  uv: undefined,
};
const HEAD = 'import kfp\nfrom kfp import dsl\nfrom typing import *\n';

const ROWS: readonly { title: string; pip: Partial<PipPlan>; source?: string; program?: boolean; installs: readonly string[] }[] =
  [
    {
      title: 'kfp 2.5 and newer is installed as written',
      pip: { kfpRequirement: 'kfp==2.12.0', kfpNoDeps: true },
      installs: ['kfp: kfp==2.12.0 --no-deps'],
    },
    {
      title: 'user packages come first',
      pip: { requirements: ['yapf'], kfpRequirement: 'kfp==2.12.0', kfpNoDeps: true, kfpCompanions: ['typing-extensions'] },
      installs: ['user: yapf', 'kfp: kfp==2.12.0 typing-extensions --no-deps'],
    },
    { title: 'kfp before 2.5 is not installed', pip: { kfpRequirement: 'kfp==2.3.0', kfpNoDeps: true }, installs: [] },
    {
      title: 'kfp 2.0 is not installed for a source of the standard library',
      pip: { kfpRequirement: 'kfp==2.0.1' },
      source: `${HEAD}def f():\n    import os, json\n`,
      installs: [],
    },
    {
      title: 'kfp 2.0 is installed with what comes with it when the source imports something else',
      pip: { kfpRequirement: 'kfp==2.0.1' },
      source: `${HEAD}def f():\n    import yaml\n`,
      installs: ['kfp: kfp==2.0.1'],
    },
    {
      title: 'a module named like a user package is not kfp’s',
      pip: { requirements: ['my-pkg>=1'], kfpRequirement: 'kfp==2.0.1' },
      source: `${HEAD}import my_pkg.part\n`,
      installs: ['user: my-pkg>=1'],
    },
    {
      title: 'kfp 1.x is never installed for a component',
      pip: { kfpRequirement: 'kfp==1.8.22' },
      source: 'import yaml\n',
      installs: [],
    },
    { title: 'a program gets its kfp', pip: { kfpRequirement: 'kfp==1.8.22' }, program: true, installs: ['user: kfp==1.8.22'] },
    {
      title: 'a generated program of kfp 1.x that does not import kfp gets none',
      pip: { kfpRequirement: 'kfp==1.8.0' },
      source: 'sh\nimport json\nfrom typing import *\n',
      program: true,
      installs: [],
    },
    {
      title: 'a component that uses what came after its pinned kfp gets none',
      pip: { kfpRequirement: 'kfp==2.14.6', kfpNoDeps: true },
      source: `${HEAD}def f(out):\n    out.set_path("/tmp/x")\n`,
      installs: [],
    },
    { title: 'kfp without a version is installed', pip: { kfpRequirement: 'kfp' }, installs: ['kfp: kfp'] },
  ];

for (const { title, pip, source, program, installs } of ROWS) {
  test(title, () => {
    const module = program ? { source } : { module: 'kfp.dsl.executor_main', source: source ?? HEAD };
    const plan = planEnvironment({ pip: { ...NO_PIP, ...pip }, ...module }, INTERPRETER);
    const shown = plan.installs.map(
      ({ purpose, requirements, noDeps }) => `${purpose}: ${requirements.join(' ')}${noDeps ? ' --no-deps' : ''}`,
    );
    assert.deepEqual(shown, installs);
    assert.equal(plan.kind, 'own');
  });
}

test('without a pip part the host’s interpreter is used', () => {
  assert.equal(planEnvironment({ pip: NO_PIP, module: 'kfp.dsl.executor_main' }, INTERPRETER).kind, 'host');
});

test('imports are found at every indentation and in every form', () => {
  const source = 'import a, b.c as d\nfrom e.f import g\n    import h  # x\nfrom . import own\nx = "import no"\nimportant = 1\n';
  assert.deepEqual(importedModules(source), ['a', 'b', 'e', 'h']);
});

test('a key depends on packages, their order, indexes and interpreter, and on nothing else', () => {
  const plan = (pip: Partial<PipPlan>) =>
    planEnvironment({ pip: { ...NO_PIP, kfpRequirement: 'kfp==2.12.0', ...pip }, module: 'm', source: HEAD }, INTERPRETER);
  const key = environmentKey(plan({ requirements: ['a', 'b'] }), INTERPRETER);
  assert.equal(environmentKey(plan({ requirements: ['a', 'b'] }), { ...INTERPRETER, uv: '/bin/uv' }), key);
  const others = [
    environmentKey(plan({ requirements: ['b', 'a'] }), INTERPRETER),
    environmentKey(plan({ requirements: ['a', 'b'], indexUrls: ['https://x'] }), INTERPRETER),
    environmentKey(plan({ requirements: ['a', 'b'] }), { ...INTERPRETER, version: '3.12.1' }),
    environmentKey(withoutKfp(plan({ requirements: ['a', 'b'] })), INTERPRETER),
  ];
  assert.equal(new Set([key, ...others]).size, 5);
});
