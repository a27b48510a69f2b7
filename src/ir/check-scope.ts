/** What the checks of a pipeline share: where they are, and how they report. */
import { nearestName } from '../base/nearest-name.ts';
import type { Path, ProblemDetails } from './problem-list.ts';
import type { ComponentSpec, PipelineSpec } from './spec.ts';

export interface FoundProblem extends ProblemDetails {
  /** Which of the two documents `path` is in. */
  readonly where: 'pipeline' | 'platform';
  readonly path: Path;
  readonly message: string;
}

/** Reports a problem of the pipeline document. */
export type Report = (path: Path, message: string, details?: ProblemDetails) => void;

/** A component and where it is; `name` is undefined for the root. */
export interface ComponentScope {
  readonly spec: PipelineSpec;
  readonly name: string | undefined;
  readonly component: ComponentSpec;
  readonly path: Path;
}

export function didYouMean(name: string, known: object): string | undefined {
  const near = nearestName(name, Object.keys(known));
  return near === undefined ? undefined : `Did you mean ${near}?`;
}

/** Whether some task that calls the component gives it an input of this name, declared or not. */
export function isHandedIn({ spec, name: called }: ComponentScope, group: 'parameters' | 'artifacts', name: string): boolean {
  if (called === undefined) return false;
  return [spec.root, ...Object.values(spec.components)].some(({ dag }) =>
    Object.values(dag?.tasks ?? {}).some(
      (task) => task.componentName === called && (Object.hasOwn(task.inputs[group], name) || task.iterator?.itemInput === name),
    ),
  );
}
