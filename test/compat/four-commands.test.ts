// The commands people type, as programs of their own: what kfp installs, and its console scripts.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { compatServer, type CompatServer } from './support/compat-server.ts';
import { kfpEnvironment, type KfpEnvironment } from './support/kfp-environment.ts';

const run = promisify(execFile);

const NEW_PIPELINE = `
from kfp import dsl

@dsl.container_component
def say(text: str):
    return dsl.ContainerSpec(image='busybox', command=['echo'], args=[text])

@dsl.pipeline(name='typed')
def typed(text: str = 'hello'):
    say(text=text)
`;

const OLD_PIPELINE = `
from kfp import dsl

@dsl.pipeline(name='typed')
def typed(text: str = 'hello'):
    dsl.ContainerOp(name='say', image='busybox', command=['echo'], arguments=[text])
`;

/** Runs one of the environment's programs in the server's folder; ends with its exit code and everything it printed. */
function programs(environment: KfpEnvironment & { kind: 'ready' }, server: CompatServer) {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return async (program: string, ...args: readonly string[]): Promise<{ code: number; text: string }> => {
    const options = { cwd: server.folder, env: { ...env, HOME: server.folder, PYTHONWARNINGS: 'ignore' } };
    try {
      const { stdout, stderr } = await run(join(environment.bin, program), [...args], options);
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: stdout + stderr };
    }
  };
}

const kfp2 = await kfpEnvironment('kfp2');

test(
  'kfp 2.x: dsl-compile, pipeline upload and create, run submit and create',
  { skip: kfp2.kind === 'missing' && kfp2.reason },
  async () => {
    if (kfp2.kind === 'missing') return;
    await using server = await compatServer();
    const program = programs(kfp2, server);
    await writeFile(join(server.folder, 'pipeline.py'), NEW_PIPELINE);
    const compiled = await program('dsl-compile', '--py', 'pipeline.py', '--output', 'pipeline.yaml');
    assert.equal(compiled.code, 0, compiled.text);
    const kfp = (...args: readonly string[]) => program('kfp', '--endpoint', server.url, ...args);
    const steps = [
      ['pipeline', 'upload', '-p', 'uploaded', 'pipeline.yaml'],
      ['pipeline', 'create', '-p', 'created', 'pipeline.yaml'],
      ['run', 'submit', '-e', 'typed', '-r', 'submitted', '-f', 'pipeline.yaml', '-w', 'text=one'],
      ['run', 'create', '-e', 'typed', '-r', 'created', '-f', 'pipeline.yaml', '-t', '60', 'text=two'],
    ];
    for (const step of steps) {
      const { code, text } = await kfp(...step);
      assert.equal(code, 0, `kfp ${step.join(' ')}\n${text}`);
      if (step[0] === 'run') assert.match(text, /SUCCEEDED/, step.join(' '));
    }
    const { text } = await kfp('pipeline', 'list');
    assert.match(text, /uploaded/);
    assert.match(text, /created/);
  },
);

const kfp1 = await kfpEnvironment('kfp1');

test(
  'kfp 1.8: dsl-compile writes an Argo Workflow, which is uploaded and listed; its run is refused with the reason',
  { skip: kfp1.kind === 'missing' && kfp1.reason },
  async () => {
    if (kfp1.kind === 'missing') return;
    await using server = await compatServer();
    const program = programs(kfp1, server);
    await writeFile(join(server.folder, 'pipeline.py'), OLD_PIPELINE);
    const compiled = await program('dsl-compile', '--py', 'pipeline.py', '--output', 'pipeline.yaml');
    assert.equal(compiled.code, 0, compiled.text);
    assert.match(await readFile(join(server.folder, 'pipeline.yaml'), 'utf8'), /kind: Workflow/);
    const kfp = (...args: readonly string[]) => program('kfp', '--endpoint', server.url, ...args);
    const uploaded = await kfp('pipeline', 'upload', '-p', 'typed', 'pipeline.yaml');
    assert.equal(uploaded.code, 0, uploaded.text);
    assert.match((await kfp('pipeline', 'list')).text, /typed/);
    const refused = await kfp('run', 'submit', '-e', 'typed', '-r', 'refused', '-f', 'pipeline.yaml');
    assert.equal(refused.code, 1, refused.text);
    assert.match(refused.text, /Argo Workflow/);
  },
);
