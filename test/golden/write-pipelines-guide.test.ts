// The code of docs/guide/write-pipelines.md has the types it should, compiles and runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compileFile } from '../../src/compiler/compile-file.ts';
import { loadUserModule } from '../../src/compiler/load-user-module.ts';
import { runInMemory } from '../../src/testing/run-in-memory.ts';
import { repositoryRoot } from '../support/source-files.ts';

const guide = readFileSync(join(repositoryRoot, 'docs', 'guide', 'write-pipelines.md'), 'utf8');
const blocks = [...guide.matchAll(/^```ts file=(\S+)\n([\s\S]*?)^```$/gm)].map(([, file, text]) => ({ file: file!, text: text! }));
const folder = mkdtempSync(join(tmpdir(), 'pipewright-guide-'));
after(() => rmSync(folder, { recursive: true }));
for (const { file, text } of blocks) writeFileSync(join(folder, file), text);

test('the guide has code', () => {
  assert.ok(blocks.length >= 6);
});

for (const { file } of blocks.filter(({ text }) => text.includes('export default'))) {
  test(`${file} compiles`, async () => {
    assert.ok((await compileFile(join(folder, file))).spec.pipelineInfo.name);
  });
}

test('the first pipeline says hello', async () => {
  const { default: hello } = (await loadUserModule(join(folder, 'pipeline.ts'))) as { default: Parameters<typeof runInMemory>[0] };
  await using run = await runInMemory(hello, { arguments: { name: 'Ada' } });
  assert.deepEqual(run.outputs.parameters, { Output: 'Hello, Ada! Hello, Ada!'.length });
});

test('its test passes', async () => {
  await loadUserModule(join(folder, 'pipeline.test.ts'));
});

test('an editor finds nothing to underline', () => {
  const paths = { pipewright: [join(repositoryRoot, 'src', 'sdk', 'pipewright.ts')], 'pipewright/testing': [join(repositoryRoot, 'src', 'testing', 'run-in-memory.ts')] };
  const options = { extends: join(repositoryRoot, 'tsconfig.json'), compilerOptions: { paths }, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
  const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const told = (() => {
    try {
      return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  })();
  assert.equal(told, '');
});
