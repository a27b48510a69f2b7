import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formatProblem, ProductError } from '../base/errors.ts';
import { compileFile } from './compile-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipewright-compile-file-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

function written(text: string): string {
  const file = join(folder, `pipeline-${files++}.ts`);
  writeFileSync(file, text);
  return file;
}

const HELLO = `import { component, pipeline } from 'pipewright';
const hello = component({ name: 'hello', image: 'alpine', command: ['echo', 'hello'] });
`;

test('a lone file needs nothing around it', async () => {
  writeFileSync(join(folder, 'words.ts'), 'export const word: string = "one";\n');
  const document = await compileFile(
    written(`${HELLO}import { word } from './words.ts';\nexport default pipeline({ name: word }, () => { hello(); });\n`),
  );
  assert.equal(document.spec.pipelineInfo.name, 'one');
});

test('TypeScript is an ES module even where package.json says CommonJS', async () => {
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  const document = await compileFile(written(`${HELLO}export const only = pipeline({ name: 'only' }, () => { hello(); });\n`));
  assert.equal(document.spec.pipelineInfo.name, 'only');
});

test('of several pipelines one is named, by its name or the name it is exported under', async () => {
  const file = written(
    `${HELLO}export const a = pipeline({ name: 'first' }, () => { hello(); });\nexport const b = pipeline({ name: 'second' }, () => { hello(); });\n`,
  );
  assert.equal((await compileFile(file, { pipelineName: 'first' })).spec.pipelineInfo.name, 'first');
  assert.equal((await compileFile(file, { pipelineName: 'b' })).spec.pipelineInfo.name, 'second');
  await assert.rejects(compileFile(file), /exports several pipelines: first, second/);
  await assert.rejects(compileFile(file, { pipelineName: 'c' }), /has no pipeline "c"/);
});

test('a function component runs on Node with the executor input as its argument', async () => {
  const document = await compileFile(
    written(`import { component, int, Model, pipeline } from 'pipewright';
      const look = component({ name: 'look', inputs: { n: int, all: Model.list() } }, ({ n, all }) => console.log(\`{{$ \${n}\`, all.length));
      export default pipeline({ name: 'looking', inputs: { all: Model.list() } }, ({ all }) => { look({ n: 1, all }); });`),
  );
  const executor = document.spec.executors['exec-look'];
  assert.ok(executor?.kind === 'container');
  const { image, command, args } = executor.container;
  assert.equal(image, 'node:24');
  assert.deepEqual([...command.slice(0, 3), ...command.slice(4)], ['node', '--input-type=module', '--eval', '--']);
  assert.deepEqual(args, ['--executor_input', '{{$}}']);
  // The one placeholder is the argument: the program's own text must have none.
  assert.equal(command[3]!.includes('{{$'), false);
  assert.match(command[3]!, /"lists":\["all"\]/);
});

const wrong: readonly (readonly [title: string, text: string, message: RegExp])[] = [
  ['no pipeline', 'export const x = 1;\n', /exports no pipeline/],
  ['a missing module', "import { x } from './missing.ts';\nexport default x;\n", /Cannot find module .*missing\.ts/],
  [
    'a missing package',
    "import x from 'left-pad-of-nobody';\nexport default x(1);\n",
    /left-pad-of-nobody is used while the pipeline is compiled/,
  ],
  ['TypeScript that Node cannot run', 'enum A { B }\nexport default A.B;\n', /enum/i],
  ['code that throws', '\n\nthrow new Error("no such bucket");\n', /line 3, .*no such bucket/],
  [
    'an async pipeline',
    `${HELLO}export default pipeline({ name: 'x' }, async () => { hello(); });\n`,
    /line 3, .*may not be async/,
  ],
  [
    'a wrong argument',
    `${HELLO}export default pipeline({ name: 'x' }, () => {\n  hello({ name: 'you' });\n});\n`,
    /line 4, .*hello has no input "name"/,
  ],
];

for (const [title, text, message] of wrong) {
  test(`${title} is an error with its place and without a stack`, async () => {
    await assert.rejects(compileFile(written(text)), (error) => {
      assert.ok(error instanceof ProductError);
      const told = [error.message, ...error.problems.map(formatProblem)].join('\n');
      assert.match(told, message);
      assert.doesNotMatch(told, /\n\s+at /);
      return true;
    });
  });
}

test('a file that is not there is named', async () => {
  await assert.rejects(compileFile(join(folder, 'nowhere.ts')), /nowhere\.ts: there is no such file/);
});
