import { basename, extname } from 'node:path';
import { ProductError } from '../base/errors.ts';
import { readPipelineDocument } from '../ir/read.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { compilePython } from './compile-python.ts';
import { readBytes, TYPESCRIPT } from './source-file.ts';

export interface LoadOptions {
  /** Which pipeline of a TypeScript file. Default: its default export, or the only one. */
  readonly pipelineName?: string;
}

/**
 * The pipeline in a file of any kind the command line takes. Throws INVALID_PIPELINE with every problem found, or UNSUPPORTED
 * for kinds that are planned and not there yet.
 */
export async function loadPipeline(
  file: string,
  report: (message: string) => void,
  options: LoadOptions = {},
): Promise<PipelineDocument> {
  const extension = extname(file).toLowerCase();
  if (TYPESCRIPT.has(extension)) {
    const { compileFile } = await import('../compiler/compile-file.ts');
    return compileFile(file, options);
  }
  const isPython = extension === '.py';
  if (isPython) report(`compiling ${basename(file)} with kfp`);
  const bytes = isPython ? await compilePython(file) : await readBytes(file);
  return readDocument(bytes, isPython ? 'pipeline.yaml' : file);
}

/** The document, or INVALID_PIPELINE with every problem. A problem of the file as a whole has the file's name as its place. */
export function readDocument(bytes: Uint8Array, file: string): PipelineDocument {
  const { document, problems, kind } = readPipelineDocument(bytes, { fileName: basename(file) });
  if (kind === 'argo') {
    throw new ProductError('UNSUPPORTED', `${file} is an Argo Workflow, which cannot be run yet`, {
      hint: 'Compile the pipeline with kfp 2.x, which writes the KFP format.',
    });
  }
  const placed = problems.map((problem) => (problem.path === '' ? { ...problem, path: basename(file) } : problem));
  if (document && placed.every(({ severity }) => severity === 'warning')) return document;
  throw new ProductError('INVALID_PIPELINE', `${file} is not a pipeline that can be run`, { problems: placed });
}
