import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { ProductError } from '../base/errors.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { isPipeline } from '../sdk/pipeline.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';
import { compilePipeline } from './compile-pipeline.ts';
import { loadUserModule } from './load-user-module.ts';

export interface CompileFileOptions {
  /** Which pipeline of the file: its name or the name it is exported under. Default: the default export, or the only one. */
  readonly pipelineName?: string;
}

/**
 * The IR of a pipeline in a TypeScript or JavaScript file. Runs the file: it is the user's own code on their own machine; a server
 * never does this. Throws INVALID_PIPELINE with all problems, INVALID_USAGE when the file or pipeline is not there.
 */
export async function compileFile(file: string, options: CompileFileOptions = {}): Promise<PipelineDocument> {
  if (!existsSync(file)) throw new ProductError('INVALID_USAGE', `${file}: there is no such file`);
  if (!statSync(file).isFile()) throw new ProductError('INVALID_USAGE', `${file}: it is not a file`);
  const definition = choosePipeline(await loadUserModule(file), file, options.pipelineName);
  const { document, problems } = compilePipeline(definition);
  if (document !== undefined) return document;
  throw new ProductError(
    'INVALID_PIPELINE',
    `the pipeline "${definition.name}" in ${relative(process.cwd(), file) || file} cannot be compiled`,
    {
      problems,
    },
  );
}

function choosePipeline(
  exported: Readonly<Record<string, unknown>>,
  file: string,
  wanted: string | undefined,
): PipelineDefinition {
  const found = Object.entries(exported).flatMap(([key, value]) =>
    isPipeline(value) ? [{ key, definition: value.pipeline }] : [],
  );
  const names = [...new Set(found.map(({ definition }) => definition.name))].join(', ');
  if (found.length === 0)
    throw new ProductError('INVALID_PIPELINE', `${file} exports no pipeline`, {
      hint: "write: export default pipeline({ name: 'my-pipeline' }, () => { … })",
    });
  if (wanted !== undefined) {
    const chosen = found.find(({ key, definition }) => key === wanted || definition.name === wanted);
    if (chosen !== undefined) return chosen.definition;
    throw new ProductError('INVALID_USAGE', `${file} has no pipeline "${wanted}"`, { hint: `it has ${names}` });
  }
  const chosen =
    found.find(({ key }) => key === 'default') ??
    (new Set(found.map(({ definition }) => definition)).size === 1 ? found[0] : undefined);
  if (chosen !== undefined) return chosen.definition;
  throw new ProductError('INVALID_USAGE', `${file} exports several pipelines: ${names}`, {
    hint: 'export one as default, or name one: --pipeline NAME',
  });
}
