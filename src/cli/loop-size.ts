import type { PipelineSpec } from '../ir/spec.ts';
import type { ProgressTask } from './run-progress.ts';
import { specAt } from './spec-path.ts';

/**
 * How many iterations a loop has in the end. Rows of iterations appear as they start, so that a loop with a parallelism limit
 * does not show its size by itself; its items do. Undefined when they are not known (yet).
 */
export function loopSize(spec: PipelineSpec, row: Pick<ProgressTask, 'path' | 'inputs'>): number | undefined {
  const iterator = specAt(spec, row.path).task?.iterator;
  if (iterator === undefined) return undefined;
  if (iterator.kind === 'artifact') return row.inputs?.artifacts[iterator.inputArtifact]?.length;
  if (iterator.items.kind === 'raw') return iterator.items.items.length;
  const items = row.inputs?.parameters[iterator.items.inputParameter];
  return Array.isArray(items) ? items.length : undefined;
}
