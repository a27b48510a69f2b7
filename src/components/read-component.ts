import type { Problem } from '../base/errors.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { readDefinition } from './read-definition.ts';
import { FieldReader } from './read-fields.ts';
import { readYamlNodes } from './yaml-nodes.ts';

export interface ReadOptions {
  /** File name or URL, put in front of the path of each problem. Default: none. */
  readonly source?: string;
  /** Forgive what the 1.8 SDK refuses but a reader can understand: unknown keys, numbers in a command line. Default: false. */
  readonly lenient?: boolean;
}

export interface ReadResult {
  /** Absent when there is a problem that is not just a warning. */
  readonly component?: ComponentDefinition;
  readonly problems: readonly Problem[];
}

/**
 * Reads a version 1 `component.yaml`. What the 1.8 SDK accepts is accepted and what it refuses is refused, but with the place
 * and the reason of each mistake. A component without a command gets a warning, as there.
 */
export function readComponentText(text: string, options: ReadOptions = {}): ReadResult {
  const { documents, problems } = readYamlNodes(text);
  const located = (list: readonly Problem[]) => list.map((problem) => withSource(problem, options.source));
  if (problems.length > 0) return { problems: located(problems) };
  const [document] = documents;
  if (document === undefined || documents.length > 1) {
    const message = `a component file holds exactly one document, this one holds ${documents.length}`;
    return { problems: located([{ path: 'document', message, ...(documents[1] ? { line: documents[1].line } : {}) }]) };
  }
  const reader = new FieldReader({ lenient: options.lenient ?? false });
  const component = readDefinition(reader, document, '');
  if (component?.implementation?.kind === 'container' && component.implementation.container.command === undefined) {
    const hint = 'the argo executor cannot run it without one; docker uses the entry point of the image';
    reader.warning(document, 'implementation.container', 'the container has no command', hint);
  }
  const broken = reader.problems.some((problem) => problem.severity !== 'warning');
  return { ...(broken || component === undefined ? {} : { component }), problems: located(reader.problems) };
}

function withSource(problem: Problem, source: string | undefined): Problem {
  const path = problem.path === '' ? 'document' : problem.path;
  return { ...problem, path: source === undefined ? path : `${source}: ${path}` };
}
