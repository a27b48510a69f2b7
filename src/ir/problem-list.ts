import type { Problem } from '../base/errors.ts';

export type Path = readonly (string | number)[];

export interface ProblemDetails {
  readonly hint?: string | undefined;
  /** Default: error. */
  readonly severity?: 'error' | 'warning';
}

/** Collects everything that is wrong with a document; the line of each place is asked for only when there is something to say. */
export class ProblemList {
  readonly problems: Problem[] = [];
  readonly #lineOf: (path: Path) => number | undefined;
  /** A broken document may have a problem at every line; nobody reads more than these. */
  static readonly #max = 200;

  constructor(lineOf: (path: Path) => number | undefined = () => undefined) {
    this.#lineOf = lineOf;
  }

  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity !== 'warning');
  }

  add(path: Path, message: string, details: ProblemDetails = {}): void {
    if (this.problems.length >= ProblemList.#max) return;
    const line = this.#lineOf(path);
    this.problems.push({
      path: formatPath(path),
      message,
      ...(details.hint === undefined ? {} : { hint: details.hint }),
      ...(line === undefined ? {} : { line }),
      ...(details.severity === 'warning' ? { severity: 'warning' as const } : {}),
    });
  }
}

/** `root.dag.tasks.train.dependentTasks[0]` */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
