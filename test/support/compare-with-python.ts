import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatProblem, ProductError } from '../../src/base/errors.ts';
import { compilePipeline } from '../../src/compiler/compile-pipeline.ts';
import { readPipelineDocument } from '../../src/ir/read.ts';
import { writePipelineYaml } from '../../src/ir/write.ts';
import { isPipeline } from '../../src/sdk/pipeline.ts';
import { repositoryRoot } from './source-files.ts';
import { shapeDifferences, specShape } from './spec-shape.ts';

/** Differences in meaning between a pipeline of test/golden/sdk and the Python SDK's file; empty when there are none. */
export function compareWithPython(row: { readonly file: string; readonly corpus: string }, folder: string): Promise<string[]> {
  return compareFiles(join(repositoryRoot, 'test', 'golden', 'sdk', row.file), join(folder, row.corpus));
}

/** Both are absolute paths: a TypeScript file that exports a pipeline, and a compiled pipeline. */
export async function compareFiles(typescript: string, compiled: string): Promise<string[]> {
  const python = readPipelineDocument(readFileSync(compiled)).document;
  if (python === undefined) return [`${compiled} cannot be read`];
  try {
    const module = (await import(pathToFileURL(typescript).href)) as { readonly default: unknown };
    if (!isPipeline(module.default)) return ['the file does not export a pipeline'];
    const { document, problems } = compilePipeline(module.default.pipeline);
    if (document === undefined) return problems.map((problem) => `problem: ${formatProblem(problem)}`);
    // Through the text that is written, so that the writer is compared as well.
    const read = readPipelineDocument(writePipelineYaml(document));
    if (read.document === undefined) return read.problems.map((problem) => `written: ${formatProblem(problem)}`);
    return shapeDifferences(specShape(read.document), specShape(python));
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return [error.message, ...error.problems.map(formatProblem)];
  }
}
