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

/** Differences in meaning between one of our pipelines and the Python SDK's file; empty when there are none. */
export async function compareWithPython(
  row: { readonly file: string; readonly corpus: string },
  folder: string,
): Promise<string[]> {
  const python = readPipelineDocument(readFileSync(join(folder, row.corpus))).document;
  if (python === undefined) return [`${row.corpus} cannot be read`];
  try {
    const module = (await import(pathToFileURL(join(repositoryRoot, 'test', 'golden', 'sdk', row.file)).href)) as {
      readonly default: unknown;
    };
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
