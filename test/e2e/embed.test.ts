import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { cliWorld } from '../support/run-cli.ts';

const PIPELINE = `import { int, pipeline, python, string } from 'pipewright';

const fromFolder = python({
  embed: './lib',
  source: \`
    def from_folder(n: int, files: dsl.EmbeddedInput[dsl.Artifact]) -> str:
        import os
        import doubling
        return open(os.path.join(files.path, 'words.txt')).read() + str(doubling.double(n))\`,
  inputs: { n: int },
  outputs: { Output: string },
});

const fromFile = python({
  embed: './lib/words.txt',
  source: \`
    def from_file(before: str, file: dsl.EmbeddedInput[dsl.Artifact]) -> str:
        return before + open(file.path).read()\`,
  inputs: { before: string },
  outputs: { Output: string },
});

export default pipeline({ name: 'embedded', inputs: { n: int.default(21) } }, ({ n }) => fromFile({ before: fromFolder({ n }).output }).output);
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

test(
  'files embedded in a Python step are importable there and given as its embedded input',
  { skip: hasPython ? false : 'there is no python3' },
  async () => {
    await using world = await cliWorld();
    await mkdir(join(world.folder, 'lib'));
    await writeFile(join(world.folder, 'lib', 'doubling.py'), 'def double(n):\n    return 2 * n\n');
    await writeFile(join(world.folder, 'lib', 'words.txt'), 'words ');
    const file = await world.write('embedded.ts', PIPELINE);
    const result = await world.run(['local', file, '--json']);
    assert.equal(result.exitCode, 0, result.stderr + result.stdout);
    const run = JSON.parse(result.stdout) as { outputs: { parameters: Record<string, unknown> } };
    assert.deepEqual(Object.values(run.outputs.parameters), ['words 42words ']);
    const once = await world.run(['compile', file, '-o', join(world.folder, 'a.yaml')]);
    const twice = await world.run(['compile', file, '-o', join(world.folder, 'b.yaml')]);
    assert.deepEqual([once.exitCode, twice.exitCode], [0, 0]);
    assert.equal(
      spawnSync('cmp', [join(world.folder, 'a.yaml'), join(world.folder, 'b.yaml')]).status,
      0,
      'compiling again gives the same',
    );
    await writeFile(file, PIPELINE.replace("'./lib'", "'./nowhere'"));
    const missing = await world.run(['compile', file, '-o', 'c.yaml']);
    assert.equal(missing.exitCode, 2);
    assert.match(missing.stderr, /there is no file or folder .*nowhere to embed/);
  },
);
