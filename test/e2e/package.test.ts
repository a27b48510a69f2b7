/** What is published is not what runs in a clone: compiled modules in dist/. Built, packed, laid out as installed, and used. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../support/source-files.ts';

const PIPELINE = `import { component, int, pipeline } from 'pipewright';
const double = component({ name: 'double', inputs: { n: int }, outputs: { twice: int } }, ({ n }) => ({ twice: 2 * n }));
export default pipeline({ name: 'packed', inputs: { n: int.default(21) } }, ({ n }) => double({ n }).output);
`;

test('the packed package compiles and runs a pipeline', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-package-'));
  try {
    const installed = install(folder);
    writeFileSync(join(folder, 'packed.ts'), PIPELINE);
    const cli = (...args: string[]) =>
      spawnSync(process.execPath, [join(installed, 'bin', 'pipewright.js'), ...args], { cwd: folder, encoding: 'utf8' });
    const run = cli('local', 'packed.ts', '--json');
    assert.equal(run.status, 0, run.stderr);
    const { outputs } = JSON.parse(run.stdout) as { outputs: { parameters: Record<string, unknown> } };
    assert.deepEqual(Object.values(outputs.parameters), [42]);
    // As a library: the package's own entry, by its exports.
    const names = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        "console.log(typeof (await import('pipewright')).pipeline, typeof (await import('pipewright/testing')).runInMemory)",
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.equal(names.stdout.trim(), 'function function', names.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Lays the packed files and the dependencies out as npm would, without asking a registry. */
function install(folder: string): string {
  execFileSync(process.execPath, [join(repositoryRoot, 'scripts', 'build.ts')], { cwd: repositoryRoot });
  const npm = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  assert.equal(npm.status, 0, npm.stderr);
  execFileSync('tar', ['-xzf', join(folder, npm.stdout.trim().split('\n').at(-1)!), '-C', folder]);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(join(folder, 'package'), join(modules, 'pipewright'));
  const { dependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  mkdirSync(join(folder, 'package', 'node_modules'));
  for (const name of Object.keys(dependencies)) {
    if (name.includes('/')) mkdirSync(join(folder, 'package', 'node_modules', name.split('/')[0]!), { recursive: true });
    symlinkSync(join(repositoryRoot, 'node_modules', name), join(folder, 'package', 'node_modules', name));
  }
  return join(folder, 'package');
}
