/** The files `pipewright init` writes, by path. A small project that runs, is tested, and shows the kinds of components. */
export const PROJECT_TEMPLATE: Readonly<Record<string, string>> = {
  'pipeline.ts': `import { component, Dataset, int, oneOf, pipeline, string, text, useComponent, when } from 'pipewright';
import { writeFileSync } from 'node:fs';
import { countLines } from './steps/count-lines.ts';

/** A TypeScript function: it runs as a step of its own, with the modules it imports. */
const generate = component(
  { name: 'generate', inputs: { rows: int }, outputs: { table: Dataset } },
  ({ rows }, { table }) => {
    writeFileSync(table.path, Array.from({ length: rows }, (_, row) => \`\${row},\${row * row}\\n\`).join(''));
    table.metadata['rows'] = rows;
  },
);

/** A function of another module. */
const count = component(
  { name: 'count', inputs: { table: Dataset }, outputs: { lines: int } },
  ({ table }) => ({ lines: countLines(table.path) }),
);

/** A component of a file: a program of an image, which Python pipelines can use as well. */
const shout = useComponent('components/shout/component.yaml', {
  inputs: { words: string },
  outputs: { loud: string },
});

export default pipeline({ name: 'my-pipeline', inputs: { rows: int.default(20), enough: int.default(10) } }, ({ rows, enough }) => {
  const { lines } = count({ table: generate({ rows }).output }).outputs;
  const verdict = oneOf(
    when(lines.atLeast(enough), () => shout({ words: text\`\${lines} lines are enough\` }).output).otherwise(
      () => shout({ words: text\`\${lines} lines are too few\` }).output,
    ),
  );
  return { lines, verdict };
});
`,
  'steps/count-lines.ts': `import { readFileSync } from 'node:fs';

export function countLines(path: string): number {
  return readFileSync(path, 'utf8').split('\\n').filter((line) => line !== '').length;
}
`,
  'components/shout/component.yaml': `name: shout
description: Writes words in capital letters.
inputs:
- {name: words, type: String}
outputs:
- {name: loud, type: String}
implementation:
  container:
    image: alpine:3.22
    command:
    - sh
    - -ec
    - mkdir -p "$(dirname "$1")" && printf '%s!' "$0" | tr '[:lower:]' '[:upper:]' > "$1"
    - {inputValue: words}
    - {outputPath: loud}
`,
  'pipeline.test.ts': `import { runInMemory } from 'pipewright/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pipeline from './pipeline.ts';

/** The program of an image does not run in a test: this stands in for it. */
const replace = { shout: ({ words }: { readonly [name: string]: unknown }) => ({ loud: String(words) }) };

test('enough lines are enough', async () => {
  await using run = await runInMemory(pipeline, { arguments: { rows: 10 }, replace });
  assert.deepEqual(run.outputs.parameters, { lines: 10, verdict: '10 lines are enough' });
});

test('too few lines are said to be too few', async () => {
  await using run = await runInMemory(pipeline, { arguments: { rows: 3 }, replace });
  assert.equal(run.outputs.parameters['verdict'], '3 lines are too few');
});
`,
  'README.md': `# my-pipeline

    pipewright local pipeline.ts -p rows=30          run it on this machine
    pipewright plan pipeline.ts                      what a run would do
    pipewright test                                  its tests
    pipewright compile pipeline.ts -o pipeline.yaml  the file any Kubeflow Pipelines accepts

- \`pipeline.ts\`: the steps and what each is given
- \`steps/\`: modules that steps import
- \`components/\`: components as files, one folder each
- \`pipeline.test.ts\`: the pipeline in memory, with the program of an image replaced

Nothing needs to be installed to run it. \`npm install\` brings the types of Node for the editor; \`tsconfig.json\` says where
pipewright's are.
`,
  '.gitignore': `.pipewright/
node_modules/
`,
  'package.json': `{
  "name": "my-pipeline",
  "private": true,
  "type": "module",
  "devDependencies": {
    "@types/node": "^24.0.0"
  }
}
`,
};

/** For the editor: `pipewright` is this installation's copy, at these paths. */
export function projectTsconfig(entries: Readonly<Record<string, string>>): string {
  const compilerOptions = {
    target: 'esnext',
    module: 'nodenext',
    strict: true,
    // As in pipewright's own sources, which the editor reads.
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    paths: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, [path]])),
  };
  return `${JSON.stringify({ compilerOptions, include: ['**/*.ts'] }, null, 2)}\n`;
}
