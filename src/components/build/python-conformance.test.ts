// The interface read from a function's source is the one the 2.x compiler wrote for it.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import type { ComponentSpec, ContainerSpec, PipelineSpec } from '../../ir/spec.ts';
import { readPipelineDocument } from '../../ir/read.ts';
import { pythonFragment } from './python-fragment.ts';
import { readPythonModule } from './python-functions.ts';
import { pythonInterface } from './python-interface.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/conformance/pipelines/head');
const missing = existsSync(FOLDER) ? false : 'the conformance data is not beside the repository';

interface Step {
  readonly name: string;
  readonly source: string;
  readonly component: ComponentSpec;
}

/** Compiled lightweight steps carry the source of their function. */
function steps({ components, executors }: PipelineSpec): readonly Step[] {
  return Object.values(components).flatMap((component) => {
    const executor = executors[component.executorLabel ?? ''];
    if (executor?.kind !== 'container') return [];
    const { command, args }: ContainerSpec = executor.container;
    const source = command.find((part) => /^\s*import kfp/.test(part));
    const name = args[args.indexOf('--function_to_execute') + 1];
    return source === undefined || name === undefined ? [] : [{ name, source, component }];
  });
}

/** Without what the source does not say: inputs the compiler added, and the allowed values of a literal type. */
function comparable({ inputDefinitions: inputs, outputDefinitions: outputs }: ComponentSpec) {
  const declared = Object.entries(inputs.parameters).filter(([name]) => !name.startsWith('pipelinechannel--'));
  return withoutTexts({ inputs: { ...inputs, parameters: Object.fromEntries(declared) }, outputs });
}

const UNSAID = ['description', 'literals', 'metadata'];

function withoutTexts(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (UNSAID.includes(key) ? undefined : member)));
}

it('interfaces of all compiled lightweight steps', { skip: missing }, (context) => {
  let count = 0;
  for (const file of globSync('**/*.yaml', { cwd: FOLDER })) {
    // Its artifacts are classes of another package.
    if (file.endsWith('pipeline_with_google_artifact_type.yaml')) continue;
    const { document } = readPipelineDocument(readFileSync(join(FOLDER, file), 'utf8'));
    for (const { name, source, component } of document ? steps(document.spec) : []) {
      const { functions, records } = readPythonModule(source);
      const fn = functions.find((candidate) => candidate.name === name);
      assert.ok(fn, `${file}: ${name}`);
      const found = pythonInterface(fn, records);
      assert.deepEqual(found.problems, [], `${file}: ${name}`);
      assert.deepEqual(comparable(pythonFragment(name, 'image', found).component), comparable(component), `${file}: ${name}`);
      count += 1;
    }
  }
  context.diagnostic(`${count} functions`);
  assert.ok(count > 100);
});
