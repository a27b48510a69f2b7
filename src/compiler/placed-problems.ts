import { relative } from 'node:path';
import type { Problem } from '../base/errors.ts';
import type { Place } from '../sdk/call-site.ts';
import type { TracedProblem } from '../sdk/trace.ts';

/** Problems with the file and line of the user's code that caused them. */
export class PlacedProblems {
  readonly #problems: Problem[] = [];

  get all(): readonly Problem[] {
    return this.#problems;
  }

  add(place: Place, message: string, hint?: string): void {
    const site = place.callSite;
    const problem: Problem = {
      path: site === undefined ? 'pipeline' : relative(process.cwd(), site.file) || site.file,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(site === undefined ? {} : { line: site.line }),
    };
    // A nested pipeline that is used twice is compiled twice; its problems are told once.
    const isKnown = this.#problems.some(
      (known) => known.message === message && known.line === problem.line && known.path === problem.path,
    );
    if (!isKnown) this.#problems.push(problem);
  }

  addTraced(problems: readonly TracedProblem[]): void {
    for (const { place, message, hint } of problems) this.add(place, message, hint);
  }
}
