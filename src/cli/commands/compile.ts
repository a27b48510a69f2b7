import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import type { PipelineDocument } from '../../ir/spec.ts';
import { writeDocument, writePipelineYaml } from '../../ir/write.ts';
import { loadPipeline } from '../load-pipeline.ts';
import { EXIT } from '../command-error.ts';

export interface CompileOptions {
  readonly output: string;
  readonly pipeline?: string;
}

/** Writes the compiled form of a pipeline file; YAML, or JSON by the output's ending. */
export async function compile(file: string, { output, pipeline }: CompileOptions): Promise<number> {
  const document = await loadPipeline(file, () => {}, pipeline === undefined ? {} : { pipelineName: pipeline });
  const text = textFor(document, output);
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, text);
  return EXIT.ok;
}

function textFor(document: PipelineDocument, output: string): string {
  const extension = extname(output).toLowerCase();
  if (extension === '.yaml' || extension === '.yml') return writePipelineYaml(document);
  if (extension !== '.json') throw new ProductError('INVALID_USAGE', `${output}: the output is a .yaml or .json file`);
  const { executors, pipelineConfig } = document.platform;
  if (Object.keys(executors).length + Object.keys(pipelineConfig).length > 0)
    throw new ProductError('UNSUPPORTED', `${output}: settings of the Kubernetes platform have no place in JSON`, {
      hint: 'write a .yaml file',
    });
  return `${JSON.stringify(JSON.parse(writeDocument(document)), null, 2)}\n`;
}
