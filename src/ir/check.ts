/**
 * What is wrong with a pipeline beyond its form. Errors are about what can never run; warnings about what runs elsewhere only,
 * or looks like a mistake. Messages are KFP's where it has one (backend/src/v2/compiler/argocompiler/dag.go, driver/resolve.go).
 */
import type { Problem } from '../base/errors.ts';
import type { PipelineDocument } from './spec.ts';
import { formatPath, type Path, type ProblemDetails } from './problem-list.ts';

export interface FoundProblem extends ProblemDetails {
  readonly where: 'pipeline' | 'platform';
  readonly path: Path;
  readonly message: string;
}

/** All problems, with the places as paths from the document's top. */
export function findProblems(_document: PipelineDocument): FoundProblem[] {
  return [];
}

export function checkDocument(document: PipelineDocument): Problem[] {
  return findProblems(document).map(({ path, message, hint, severity }) => ({
    path: formatPath(path),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(severity === 'warning' ? { severity: 'warning' as const } : {}),
  }));
}
