import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { component } from './pipewright.ts';
import { stepProgram } from './step-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipewright-step-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a component of a user's file the way a step does, and returns what it wrote. */
function runStep(
  name: string,
  source: string,
  inputs: object,
  options: { readonly lists?: readonly string[]; readonly outputs?: object } = {},
) {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, source);
  const program = stepProgram({ name, file, packages: {}, lists: options.lists ?? [] });
  const outputFile = join(folder, 'out', name, 'output_metadata.json');
  const executorInput = { inputs, outputs: { ...options.outputs, outputFile } };
  const argv = ['--input-type=module', '--eval', program, '--', '--executor_input', JSON.stringify(executorInput)];
  const printed = execFileSync(process.execPath, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { printed, output: JSON.parse(readFileSync(outputFile, 'utf8')) as { parameterValues: object; artifacts: object } };
}

test('a function gets its inputs, and what it returns is written', () => {
  const source = `import { component, int } from 'pipewright';
    const double = (n: number): number => 2 * n;
    export const twice = component({ name: 'twice', inputs: { n: int }, outputs: { m: int } }, ({ n }) => ({ m: double(n) }));`;
  const { output } = runStep(
    'twice',
    source,
    { parameterValues: { n: 21 } },
    { outputs: { parameters: { m: { outputFile: '/x' } } } },
  );
  assert.deepEqual(output.parameterValues, { m: 42 });
});

test("modules a function's module imports travel with it", () => {
  writeFileSync(
    join(folder, 'words.ts'),
    "import data from './data.json' with { type: 'json' };\nexport const word = (): string => data.word;\n",
  );
  writeFileSync(join(folder, 'data.json'), '{"word":"travelled"}');
  const source = `import { component, string } from 'pipewright';
    import { word } from './words.ts';
    component({ name: 'modules', outputs: { word: string } }, async () => ({ word: word() }));`;
  const { output } = runStep('modules', source, {}, { outputs: { parameters: { word: { outputFile: '/x' } } } });
  assert.deepEqual(output.parameterValues, { word: 'travelled' });
});

test('artifacts are files with metadata, lists of them are lists', () => {
  const source = `import { component, pipeline, Dataset, Model, forEach } from 'pipewright';
    import { writeFileSync } from 'node:fs';
    export const join = component({ name: 'join', inputs: { all: Dataset.list(), one: Model }, outputs: { copy: Dataset } }, ({ all, one }, { copy }) => {
      writeFileSync(copy.path, all.map(({ path }) => path).join() + one.type);
      copy.metadata['count'] = all.length;
    });
    export default pipeline({ name: 'p' }, () => { for (const x of [1]) forEach([x], () => join({})); });`;
  const dataset = (name: string) => ({ name, uri: `/data/${name}`, type: { schemaTitle: 'system.Dataset' }, metadata: {} });
  const uri = join(folder, 'copied', 'copy');
  const { output } = runStep(
    'join',
    source,
    {
      artifacts: {
        all: { artifacts: [dataset('a'), dataset('b')] },
        one: { artifacts: [{ ...dataset('m'), type: { schemaTitle: 'system.Model' } }] },
      },
    },
    { lists: ['all'], outputs: { artifacts: { copy: { artifacts: [{ ...dataset('copy'), uri }] } } } },
  );
  assert.equal(readFileSync(uri, 'utf8'), '/data/a,/data/bsystem.Model');
  assert.deepEqual(output.artifacts, { copy: { artifacts: [{ name: 'copy', uri, metadata: { count: 2 } }] } });
});

test('an output that was not returned fails the step and is named', () => {
  const source = `import { component, int } from 'pipewright';
    component({ name: 'forgetful', outputs: { m: int } }, () => ({} as { m: number }));`;
  assert.throws(
    () => runStep('forgetful', source, {}, { outputs: { parameters: { m: { outputFile: '/x' } } } }),
    /did not return the output "m"/,
  );
});

test('a package that the module imports has to be named', () => {
  const file = join(folder, 'imports.ts');
  writeFileSync(
    file,
    "import pad from 'left-pad';\nimport { join } from 'node:path';\nimport { component } from 'pipewright';\nvoid [pad, join, component];\n",
  );
  const facts = { name: 'imports', file, lists: [] };
  assert.throws(() => stepProgram({ ...facts, packages: {} }), /imports left-pad$/);
  assert.match(stepProgram({ ...facts, packages: { 'left-pad': '1.3.0' } }), /"left-pad":"1\.3\.0"/);
});

test('packages have exact versions', () => {
  assert.throws(
    () => component({ name: 'loose', packages: { zod: '^3.0.0' } }, () => {}),
    /the package zod has the version "\^3\.0\.0"/,
  );
});
